/** The events of an agent, in the order in which things happened. */
import type { VoiceAgentEventMap } from './events.js';

export class EventQueue {
  readonly #target: EventTarget;
  readonly #waiting: Event[] = [];
  #isTelling = false;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /**
   * Events reach every listener in the order in which things happened. One that is caused inside a handler waits for
   * those that were to come before it.
   */
  dispatch<Name extends keyof VoiceAgentEventMap>(
    name: Name,
    detail: VoiceAgentEventMap[Name]['detail'],
  ): void {
    this.#waiting.push(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    if (!this.#isTelling) this.hold(() => undefined);
  }

  /** Tells of all that happens in `act` together, after it. */
  hold<Result>(act: () => Result): Result {
    const isNested = this.#isTelling;
    this.#isTelling = true;
    const result = act();
    if (isNested) return result;
    for (let event = this.#waiting.shift(); event; event = this.#waiting.shift())
      this.#target.dispatchEvent(event);
    this.#isTelling = false;
    return result;
  }
}
