/**
 * Prevents our own sound from being taken for the user, according to `echo-policy.ts`, within the page's own
 * settings.
 */
import type { SessionConfig, TurnDetection } from '../protocol/messages.js';
import type { AudioSink } from './audio-sink.js';
import { echoLevel, echoMeasures, usualTurns, type EchoLevel, type EchoReport } from './echo-policy.js';

/** A canceller that has not settled by then will not. */
const ADVICE_SECONDS = 8;

export class EchoGuard {
  readonly #sink: AudioSink;
  readonly #usualDelayMs: number;
  readonly #advise: () => void;
  level: EchoLevel = 'unknown';
  #gainDb = 0;
  /** What this guard has told the service. */
  #told: TurnDetection;
  #advised = false;

  /** @param advise tells the visitor once that headphones help */
  constructor(sink: AudioSink, asked: SessionConfig, advise: () => void) {
    this.#sink = sink;
    this.#advise = advise;
    this.#usualDelayMs = asked.input?.transcription_mode === 'min_latency' ? 0 : 500;
    this.#told = usualTurns(this.#usualDelayMs);
  }

  /**
   * @param own the turn detection settings of the page or the stored agent
   * @returns what to tell the service
   */
  hear(report: EchoReport, own: TurnDetection): TurnDetection | undefined {
    this.level = echoLevel(this.level, report);
    const { gainDb, turnDetection } = echoMeasures(this.level, this.#usualDelayMs);
    if (gainDb !== this.#gainDb) this.#sink.turnDown(gainDb);
    this.#gainDb = gainDb;
    if (this.level === 'high' && !this.#advised && report.playedSeconds >= ADVICE_SECONDS) {
      this.#advised = true;
      this.#advise();
    }
    const news = Object.entries(turnDetection).filter(
      ([name, value]) => (own[name] ?? undefined) === undefined && this.#told[name] !== value,
    );
    if (news.length === 0) return undefined;
    const changes = Object.fromEntries(news);
    this.#told = { ...this.#told, ...changes };
    return changes;
  }
}
