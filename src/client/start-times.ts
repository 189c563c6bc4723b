/** The duration of each stage of starting a call, for `stats` and the browser's performance tools. */
import type { SessionEvent } from '../session/events.js';

/**
 * - `token`: received.
 * - `microphone`: open. With `input-mode="text"`, none is needed.
 * - `context`: audio runs in both directions.
 * - `socket`: open, and `session.update` is sent.
 * - `ready`: `session.ready` received.
 * - `first-sound`: the first audible sample of the agent is rendered.
 */
export type StartStage = 'token' | 'microphone' | 'context' | 'socket' | 'ready' | 'first-sound';

const STAGES: Partial<Record<SessionEvent['type'], StartStage>> = {
  'socket-open': 'socket',
  'session-ready': 'ready',
  'reply-audible': 'first-sound',
};

export class StartTimes {
  readonly #startMs = performance.now();
  /** From the click. */
  readonly sinceClickMs: Partial<Record<StartStage, number>> = {};

  note(event: SessionEvent['type']): void {
    const stage = STAGES[event];
    if (stage) this.mark(stage);
  }

  /** Only the first time counts: connections and microphones may be replaced. */
  mark(stage: StartStage): void {
    this.sinceClickMs[stage] ??= performance.measure(`voice-agent:${stage}`, {
      start: this.#startMs,
    }).duration;
  }
}
