/** Reports problems during a call to the page, without repeating those that occur in bursts. */
import type { ErrorKey, ErrorValues } from '../error-catalogue.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

export class Notices {
  readonly #clock: Clock;
  readonly #emit: EmitSessionEvent;
  readonly #toldAtMs: Partial<Record<ErrorKey, number>> = {};

  constructor(clock: Clock, emit: EmitSessionEvent) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** @param quietMs it is not reported again within this time; default: in this call */
  tell(key: ErrorKey, values?: ErrorValues, quietMs = Infinity): void {
    const nowMs = this.#clock.now();
    if (nowMs - (this.#toldAtMs[key] ?? -Infinity) < quietMs) return;
    this.#toldAtMs[key] = nowMs;
    this.#emit('agent-error', { key, values });
  }
}
