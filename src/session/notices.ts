/** What goes wrong while a call goes on, told to the page: once, where it comes in swarms. */
import { hintOf, VoiceAgentError } from '../errors.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

/** Broken messages are told once in this time. */
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

  /** Told once; `stats` counts on. */
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
