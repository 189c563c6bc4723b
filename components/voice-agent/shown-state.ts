import type { VoiceAgentState } from '../../src/index.js';

/** Written by the element only from its first call on: hydration must find the markup it expects. */
export const STATE_ATTRIBUTES: readonly string[] = ['state', 'user-speaking'];

interface Shown {
  readonly state: VoiceAgentState;
  readonly userSpeaking: boolean;
  readonly muted: boolean;
  readonly open: boolean;
}

/**
 * The state of a conversation for style sheets: as custom states (`:state(muted)`), which no markup can remove, and
 * the call's state also as attributes, for browsers without custom states.
 */
export class ShownState {
  readonly #host: HTMLElement;
  readonly #states: CustomStateSet | undefined;
  readonly #attributes = new Map<string, string>();
  #shown: VoiceAgentState | undefined;
  #hasBegun = false;

  constructor(host: HTMLElement) {
    this.#host = host;
    // Neither exists everywhere: Safari 16.4 has no states, and test environments have no internals.
    const internals = (host as Partial<HTMLElement>).attachInternals?.() as
      Partial<ElementInternals> | undefined;
    this.#states = internals?.states;
  }

  /** Sets custom states, and the attributes once the state has changed. */
  show({ state, userSpeaking, muted, open }: Shown): void {
    this.#set('muted', muted);
    this.#set('open', open);
    this.#set('user-speaking', userSpeaking);
    if (this.#shown && this.#shown !== state) this.#set(this.#shown, false);
    this.#set(state, true);
    this.#shown = state;
    this.#hasBegun ||= state !== 'idle';
    if (!this.#hasBegun) return;
    this.#attributes.set('state', state);
    if (userSpeaking) this.#attributes.set('user-speaking', '');
    else this.#attributes.delete('user-speaking');
    for (const attribute of STATE_ATTRIBUTES) this.restore(attribute);
  }

  /** Restores an attribute that was changed from outside. */
  restore(attribute: string): void {
    const value = this.#attributes.get(attribute) ?? null;
    if (!this.#hasBegun || this.#host.getAttribute(attribute) === value) return;
    if (value === null) this.#host.removeAttribute(attribute);
    else this.#host.setAttribute(attribute, value);
  }

  #set(name: string, isOn: boolean): void {
    const states = this.#states;
    if (!isOn) {
      states?.delete(name);
      states?.delete(`--${name}`);
      return;
    }
    try {
      states?.add(name);
    } catch {
      // Before Chromium 125 the name needs dashes: `:--muted`.
      states?.add(`--${name}`);
    }
  }
}
