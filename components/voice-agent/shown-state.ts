import type { VoiceAgentState } from '../../src/index.js';
import { setAttribute } from '../parts/set-attribute.js';

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
  /** By name; undefined before the first call. */
  #attributes: Readonly<Record<string, string | false>> | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
    // Neither exists everywhere: Safari 16.4 has no states, and test environments have no internals.
    const internals = (host as Partial<HTMLElement>).attachInternals?.() as
      Partial<ElementInternals> | undefined;
    this.#states = internals?.states;
  }

  /** Sets custom states, and the attributes once the state has changed. */
  show({ state, userSpeaking, muted, open }: Shown): void {
    this.#states?.clear();
    this.#add(state);
    if (userSpeaking) this.#add('user-speaking');
    if (muted) this.#add('muted');
    if (open) this.#add('open');
    // A copy of an element in a call, such as a page in Turbo's cache, has its attributes.
    if (!this.#attributes && state === 'idle' && !this.#host.hasAttribute('state')) return;
    this.#attributes = { state, 'user-speaking': userSpeaking && '' };
    for (const name of STATE_ATTRIBUTES) this.restore(name);
  }

  /** Restores an attribute that was changed from outside. */
  restore(name: string): void {
    const value = this.#attributes?.[name];
    if (value !== undefined) setAttribute(this.#host, name, value);
  }

  #add(name: string): void {
    try {
      this.#states?.add(name);
    } catch {
      // Before Chromium 125 the name needs dashes: `:--muted`.
      this.#states?.add(`--${name}`);
    }
  }
}
