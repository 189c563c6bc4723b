/** Statistics of a call, whose worklet may be replaced. */
import { MeanDelay } from '../worklet/mean-delay.js';
import type { AudioStats, PlaybackStats } from '../worklet/messages.js';

/** What a worklet counts from 0. */
const COUNTERS = [
  'underruns',
  'concealedMs',
  'droppedSilenceMs',
  'insertedSilenceMs',
  'overflowMs',
  'ducks',
  'falseDucks',
] as const;

export class CallStats {
  readonly captureDelay = new MeanDelay();
  #latest: PlaybackStats | undefined;
  /** Of earlier worklets. */
  #before: PlaybackStats | undefined;

  /** The next ones count from 0. */
  workletReplaced(): void {
    this.#before = this.#latest;
  }

  ofCall(stats: PlaybackStats): AudioStats {
    const total: { -readonly [Name in keyof PlaybackStats]: PlaybackStats[Name] } = { ...stats };
    for (const name of COUNTERS) total[name] += this.#before?.[name] ?? 0;
    this.#latest = total;
    return { ...total, captureDelayMs: this.captureDelay.read() };
  }
}
