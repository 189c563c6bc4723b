/** Decides whether speech may duck a reply before the server has decided. */
import type { SessionConfig, TurnDetection } from '../protocol/messages.js';
import type { AudioSink } from './audio-sink.js';
import { EchoGuard } from './echo-guard.js';
import type { EchoLevel, EchoReport } from './echo-policy.js';

/**
 * `instant`: a reply gets quieter, then pauses, as soon as the microphone detects speech; `server`: when the server
 * says so.
 */
export type BargeIn = 'instant' | 'server';

/**
 * A reply that cannot be interrupted must not duck either: it would only get quieter and continue.
 * @param turns what was set for turn detection, the latest last; each omits unchanged fields
 */
export function mayGiveWay(turns: readonly (TurnDetection | undefined)[], greetingOver: boolean): boolean {
  const { interrupt_response, uninterruptible_turns = [] } = Object.assign({}, ...turns) as TurnDetection;
  if (interrupt_response === false) return false;
  return greetingOver || !uninterruptible_turns.includes('greeting');
}

/** Keeps the sink within what page and server allow. */
export class BargeInGate {
  readonly #sink: AudioSink;
  readonly #bargeIn: BargeIn;
  readonly #asked: TurnDetection | undefined;
  readonly #isStored: boolean;
  readonly #echo: EchoGuard;
  #resolved: TurnDetection | undefined;
  #changes: TurnDetection = {};
  /** The first reply was heard to its end, or was cut off. */
  #greetingOver = false;

  /** @param advise tells the visitor that headphones help */
  constructor(sink: AudioSink, bargeIn: BargeIn, asked: SessionConfig, advise: () => void) {
    this.#sink = sink;
    this.#bargeIn = bargeIn;
    this.#asked = asked.input?.turn_detection;
    this.#isStored = asked.agent_id !== undefined;
    this.#echo = new EchoGuard(sink, asked, advise);
    this.#apply();
  }

  get instant(): boolean {
    return this.#bargeIn === 'instant';
  }

  get echoLevel(): EchoLevel {
    return this.#echo.level;
  }

  /**
   * How much of our own sound reaches the microphone. With `server` nothing changes.
   * @returns what to tell the session
   */
  echo(report: EchoReport): SessionConfig | undefined {
    if (!this.instant) return undefined;
    const own = { ...this.#asked, ...this.#changes };
    // For an agent that the page defines, the server resolves its own defaults, which are no choice of the author.
    const chosen = this.#isStored ? { ...this.#resolved, ...own } : own;
    const news = this.#echo.hear(report, chosen);
    return news && { input: { turn_detection: { ...own, ...news } } };
  }

  /** The server's resolved session. */
  resolved(config: SessionConfig): void {
    this.#resolved = config.input?.turn_detection;
    this.#apply();
  }

  /** The page changes something during a call. */
  changed(config: SessionConfig): void {
    this.#changes = { ...this.#changes, ...config.input?.turn_detection };
    this.#apply();
  }

  replyOver(): void {
    if (this.#greetingOver) return;
    this.#greetingOver = true;
    this.#apply();
  }

  #apply(): void {
    const turns = [this.#asked, this.#resolved, this.#changes];
    this.#sink.allowGivingWay(this.instant && mayGiveWay(turns, this.#greetingOver));
  }
}
