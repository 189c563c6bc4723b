import type { DuplexEngine } from '../engine/duplex-engine.js';
import type { PlaybackStats } from './messages.js';

type MutableStats = { -readonly [Key in keyof PlaybackStats]: PlaybackStats[Key] };

/** Reads the engine's playback state; does not allocate. */
export function readStats(stats: MutableStats, engine: DuplexEngine, rateHz: number): void {
  const frameMs = 1_000 / rateHz;
  stats.depthMs = engine.depthFrames * frameMs;
  stats.targetMs = engine.targetFrames * frameMs;
  stats.underruns = engine.underruns;
  stats.concealedMs = engine.concealedFrames * frameMs;
  stats.droppedSilenceMs = engine.droppedSilenceFrames * frameMs;
  stats.insertedSilenceMs = engine.insertedSilenceFrames * frameMs;
  stats.ducks = engine.ducks;
  stats.falseDucks = engine.falseDucks;
  stats.onsetToDuckMs = engine.ducks > 0 ? engine.onsetToDuckMs : undefined;
  stats.echoLeakDb = engine.echoLeakDb;
  stats.echoAboveNoiseDb = engine.echoAboveNoiseDb;
  stats.playedSeconds = engine.playedSeconds;
}
