/** Detects that the machine has slept for longer than a call can be restored. */
import type { Clock } from './clock.js';
import { GIVE_UP_MS } from './reconnect.js';

/** How often it checks if nothing else happens; in a hidden page, up to a minute late. */
const PULSE_MS = 10_000;
/** After this long, waking the machine must not bring back a forgotten open microphone. */
export const SUSPENDED_MS = GIVE_UP_MS + PULSE_MS;

export class SleepWatch {
  readonly #clock: Clock;
  /** It ends the watch. */
  readonly #onSuspended: () => void;
  #awakeAtMs = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onSuspended: () => void) {
    this.#clock = clock;
    this.#onSuspended = onSuspended;
  }

  start(): void {
    this.#awakeAtMs = this.#clock.now();
    this.#pulse();
  }

  /** Call this before anything else on waking. @returns true if the call is over because of it */
  look(): boolean {
    if (!this.#cancel) return false;
    const nowMs = this.#clock.now();
    const awayMs = nowMs - this.#awakeAtMs;
    this.#awakeAtMs = nowMs;
    if (awayMs < SUSPENDED_MS) return false;
    this.#onSuspended();
    return true;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #pulse(): void {
    this.#cancel = this.#clock.after(PULSE_MS, () => {
      if (!this.look()) this.#pulse();
    });
  }
}
