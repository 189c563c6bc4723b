/** Decides whether speech may duck a reply before the server has decided, and what to do about our own sound. */
import type { SessionConfig, TurnDetection } from '../protocol/messages.js';
import type { SoundCommand } from '../worklet/messages.js';
import { echoLevel, echoMeasures, type EchoLevel, type EchoReport } from './echo-policy.js';

/**
 * `instant`: a reply gets quieter, then pauses, as soon as the microphone detects speech; `server`: when the server
 * says so.
 */
export type BargeIn = 'instant' | 'server';

/** If the canceller has not settled by then, it will not. */
const ADVICE_SECONDS = 8;

/** What a session on the next page must know. */
export interface KeptBargeIn {
  /** Changed by the page during the call. */
  readonly changes: TurnDetection;
  /** What the service was told because of our own sound. */
  readonly told: TurnDetection;
  /** The first reply was heard to its end, or was cut off. */
  readonly greetingOver: boolean;
}

/**
 * A reply that cannot be interrupted must not duck either: it would only get quieter and continue.
 * @param turns what was set for turn detection, the latest last; each omits unchanged fields
 */
export function mayGiveWay(turns: readonly (TurnDetection | undefined)[], greetingOver: boolean): boolean {
  const { interrupt_response, uninterruptible_turns } = Object.assign({}, ...turns) as TurnDetection;
  if (interrupt_response === false) return false;
  // Not every server reports a list.
  return greetingOver || ![uninterruptible_turns].flat().includes('greeting');
}

/** Keeps the worklet within what page and server allow. */
export class BargeInGate {
  readonly #post: (command: SoundCommand) => void;
  readonly #advise: () => void;
  readonly instant: boolean;
  readonly #asked: TurnDetection | undefined;
  readonly #isStored: boolean;
  readonly #usualDelayMs: number;
  #resolved: TurnDetection | undefined;
  #kept: KeptBargeIn = { changes: {}, told: {}, greetingOver: false };
  echoLevel: EchoLevel = 'unknown';
  #advised = false;

  /** @param advise tells the visitor once that headphones help */
  constructor(
    post: (command: SoundCommand) => void,
    bargeIn: BargeIn,
    asked: SessionConfig,
    advise: () => void,
  ) {
    this.#post = post;
    this.#advise = advise;
    this.instant = bargeIn === 'instant';
    this.#asked = asked.input?.turn_detection;
    this.#isStored = asked.agent_id !== undefined;
    this.#usualDelayMs = asked.input?.transcription_mode === 'min_latency' ? 0 : 500;
  }

  get kept(): KeptBargeIn {
    return this.#kept;
  }

  /** @param news those of an earlier page, or some that have changed */
  keep(news: Partial<KeptBargeIn>): void {
    this.#kept = { ...this.#kept, ...news };
    this.apply();
  }

  /**
   * How much of our own sound reaches the microphone. With `server` nothing changes.
   * @returns what to tell the session
   */
  echo(report: EchoReport): SessionConfig | undefined {
    if (!this.instant) return undefined;
    const before = this.echoLevel;
    this.echoLevel = echoLevel(before, report);
    // The service may still be set for the page before.
    if (this.echoLevel === 'unknown') return undefined;
    if (this.echoLevel !== before) this.apply();
    const { turnDetection } = echoMeasures(this.echoLevel, this.#usualDelayMs);
    if (this.echoLevel === 'high' && !this.#advised && report.playedSeconds >= ADVICE_SECONDS) {
      this.#advised = true;
      this.#advise();
    }
    const { changes, told } = this.#kept;
    const own: TurnDetection = { ...this.#asked, ...changes };
    const usual = echoMeasures('unknown', this.#usualDelayMs).turnDetection;
    const news = Object.entries(turnDetection).filter(([name, value]) => {
      // A resolved value is the author's choice only for a stored agent, and only if it was not sent from here. For an
      // agent that the page defines, the server reports its own defaults.
      const chosen = own[name] ?? (this.#isStored && !(name in told) ? this.#resolved?.[name] : undefined);
      return (chosen ?? undefined) === undefined && (told[name] ?? usual[name]) !== value;
    });
    if (news.length === 0) return undefined;
    const measures = Object.fromEntries(news);
    this.keep({ told: { ...told, ...measures } });
    return { input: { turn_detection: { ...own, ...measures } } };
  }

  /** The server's resolved session. */
  resolved(config: SessionConfig): void {
    this.#resolved = config.input?.turn_detection;
    this.apply();
  }

  /** The page changes something during a call. */
  changed(config: SessionConfig): void {
    this.keep({ changes: { ...this.#kept.changes, ...config.input?.turn_detection } });
  }

  replyOver(): void {
    if (!this.#kept.greetingOver) this.keep({ greetingOver: true });
  }

  /** Tells the worklet. */
  apply(): void {
    const { changes, greetingOver } = this.#kept;
    const allowed = this.instant && mayGiveWay([this.#asked, this.#resolved, changes], greetingOver);
    const { gainDb, guarded } = echoMeasures(this.echoLevel, this.#usualDelayMs);
    this.#post({ type: 'give-way', allowed, gain: 10 ** (gainDb / 20), guarded: allowed && guarded });
  }
}
