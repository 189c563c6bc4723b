/** Keeps our own sound from being taken for the user, as `echo-policy.ts` says, within what the page has left open. */
import type { SessionConfig, TurnDetection } from '../protocol/messages.js';
import type { AudioSink } from './audio-sink.js';
import { echoLevel, echoMeasures, usualTurns, type EchoLevel, type EchoReport } from './echo-policy.js';

/** A canceller that has not settled by then is not going to. */
const ADVICE_SECONDS = 8;

export class EchoGuard {
  readonly #sink: AudioSink;
  readonly #usualDelayMs: number;
  readonly #advise: () => void;
  level: EchoLevel = 'unknown';
  #gainDb = 0;
  /** What the service was told by this guard. */
  #told: TurnDetection;
  #advised = false;

  /** @param advise the visitor, once: headphones help */
  constructor(sink: AudioSink, asked: SessionConfig, advise: () => void) {
    this.#sink = sink;
    this.#advise = advise;
    this.#usualDelayMs = asked.input?.transcription_mode === 'min_latency' ? 0 : 500;
    this.#told = usualTurns(this.#usualDelayMs);
  }

  /**
   * @param own what the page, or the stored agent, says of turn detection
   * @returns what the service is to be told
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
