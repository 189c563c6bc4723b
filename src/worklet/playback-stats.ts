import type { DuplexEngine } from '../engine/duplex-engine.js';
import type { PlaybackStats } from './messages.js';
import {
  CONCEALED_FRAMES,
  DEPTH_FRAMES,
  DROPPED_SILENCE_FRAMES,
  DUCKS,
  ECHO_ABOVE_NOISE_DB,
  FALSE_DUCKS,
  INSERTED_SILENCE_FRAMES,
  ONSET_TO_DUCK_MS,
  PLAYED_SECONDS,
  TARGET_FRAMES,
  UNDERRUNS,
} from '../engine/engine-exports.js';

type MutableStats = { -readonly [Key in keyof PlaybackStats]: PlaybackStats[Key] };

/** Reads the engine's playback state; does not allocate. */
export function readStats(stats: MutableStats, engine: DuplexEngine, rateHz: number): void {
  const frameMs = 1_000 / rateHz;
  stats.depthMs = engine.reading(DEPTH_FRAMES) * frameMs;
  stats.targetMs = engine.reading(TARGET_FRAMES) * frameMs;
  stats.underruns = engine.reading(UNDERRUNS);
  stats.concealedMs = engine.reading(CONCEALED_FRAMES) * frameMs;
  stats.droppedSilenceMs = engine.reading(DROPPED_SILENCE_FRAMES) * frameMs;
  stats.insertedSilenceMs = engine.reading(INSERTED_SILENCE_FRAMES) * frameMs;
  stats.ducks = engine.reading(DUCKS);
  stats.falseDucks = engine.reading(FALSE_DUCKS);
  stats.onsetToDuckMs = engine.reading(DUCKS) > 0 ? engine.reading(ONSET_TO_DUCK_MS) : undefined;
  stats.echoLeakDb = engine.echoLeakDb;
  stats.echoAboveNoiseDb = engine.reading(ECHO_ABOVE_NOISE_DB);
  stats.playedSeconds = engine.reading(PLAYED_SECONDS);
}
