/** Reports problems during a call to the page, without repeating those that occur in bursts. */
import type { ErrorKey, ErrorValues } from '../error-catalogue.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

/** Reported once within this time. */
const QUIET_MS: Partial<Record<ErrorKey, number>> = {
  'protocol_error/malformed': 10_000,
  // `stats` keeps counting.
  microphone_audio_dropped: Infinity,
};

export class Notices {
  readonly #clock: Clock;
  readonly #emit: EmitSessionEvent;
  readonly #toldAtMs: Partial<Record<ErrorKey, number>> = {};

  constructor(clock: Clock, emit: EmitSessionEvent) {
    this.#clock = clock;
    this.#emit = emit;
  }

  tell(key: ErrorKey, values?: ErrorValues): void {
    const nowMs = this.#clock.now();
    if (nowMs - (this.#toldAtMs[key] ?? -Infinity) < (QUIET_MS[key] ?? 0)) return;
    this.#toldAtMs[key] = nowMs;
    this.#emit('agent-error', { key, values });
  }
}
