import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VoiceAgentState } from '../../src/index.js';
import { isActive } from './conversation-view.js';

type AwakeHost = ReactiveControllerHost & { readonly state: VoiceAgentState };

/** Keeps the screen on during a call: nobody touches it while talking, and a phone that locks goes silent. */
export class ScreenAwake implements ReactiveController {
  readonly #host: AwakeHost;
  #lock: WakeLockSentinel | undefined;
  #asking = false;
  /** By a frame's policy, say: asking again with every update would fill the console. */
  #refused = false;

  constructor(host: AwakeHost) {
    this.#host = host;
    host.addController(this);
  }

  get held(): boolean {
    return this.#lock?.released === false;
  }

  hostConnected(): void {
    // The browser takes the lock away from a page that is hidden.
    document.addEventListener('visibilitychange', this.#settle);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#settle);
    void this.#lock?.release();
  }

  hostUpdated(): void {
    this.#settle();
  }

  readonly #settle = (): void => {
    const wanted = isActive(this.#host.state);
    if (!wanted) {
      this.#refused = false;
      void this.#lock?.release();
    } else if (!this.#refused && !this.held && !this.#asking && document.visibilityState === 'visible') {
      void this.#ask();
    }
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      // Not every browser has it, and one that saves its battery refuses: the call does without.
      this.#lock = await (navigator as Partial<Navigator>).wakeLock?.request('screen');
    } catch {
      this.#lock = undefined;
      this.#refused = true;
    }
    this.#asking = false;
    if (!isActive(this.#host.state)) void this.#lock?.release();
  }
}
