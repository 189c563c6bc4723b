/** Reports problems during a call to the page, without repeating those that occur in bursts. */
import { hintOf, VoiceAgentError } from '../errors.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

/** Broken messages are reported once within this time. */
const MALFORMED_QUIET_MS = 10_000;

export class Notices {
  readonly #clock: Clock;
  readonly #emit: EmitSessionEvent;
  #malformedToldAtMs = -Infinity;
  #dropTold = false;

  constructor(clock: Clock, emit: EmitSessionEvent) {
    this.#clock = clock;
    this.#emit = emit;
  }

  malformed(what: string): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#malformedToldAtMs < MALFORMED_QUIET_MS) return;
    this.#malformedToldAtMs = nowMs;
    this.#tell(VoiceAgentError.notice('protocol_error/malformed', { values: { what } }));
  }

  /** Reported once; `stats` keeps counting. */
  soundDropped(): void {
    if (this.#dropTold) return;
    this.#dropTold = true;
    this.#tell(VoiceAgentError.notice('microphone_audio_dropped'));
  }

  retrying(error: VoiceAgentError): void {
    const key = 'connection_failed/retrying';
    this.#tell(new VoiceAgentError({ ...error.toData(), key, hint: hintOf(key), fatal: false }));
  }

  endedTimeout(): void {
    this.#tell(VoiceAgentError.notice('ended_timeout'));
  }

  #tell(error: VoiceAgentError): void {
    this.#emit('agent-error', error.toData());
  }
}
