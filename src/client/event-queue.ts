/** Dispatches the events of an agent in the order in which things happened. */
import type { VoiceAgentEventMap } from './events.js';

export class EventQueue {
  readonly #target: EventTarget;
  readonly #waiting: Event[] = [];
  #isTelling = false;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /**
   * Every listener receives events in order. An event that is caused inside a handler waits for those that precede
   * it.
   */
  dispatch<Name extends keyof VoiceAgentEventMap>(
    name: Name,
    detail: VoiceAgentEventMap[Name]['detail'],
  ): void {
    const event = new CustomEvent(name, { detail, bubbles: true, composed: true });
    this.hold(() => this.#waiting.push(event));
  }

  /** Dispatches all events caused by `act` after it. */
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
