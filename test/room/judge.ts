/** The results of a run, from the audio of the loudspeaker and the near voice, on one clock. */
import { locate } from './fourier.js';
import { ROOM_RATE_HZ } from './room-model.js';
import { levelsDb } from './sound-files.js';

const MS = ROOM_RATE_HZ / 1_000;
/** Attenuation at which the agent's voice counts as ducked. */
const DOWN_DB = 12;
const WINDOW_MS = 5;
/** The agent counts as audible in windows within this distance of its speech. */
const SOUNDING_DB = -45;
const MISSED_MS = 1_000;
/** Length of the agent's recent audio that is located in the reply, to find the position. */
const RECENT_MS = 800;
/** The correlation of unchanged audio is near 1; that of ducked or held audio is lower. */
const LEAST_HEIGHT = 0.5;

export interface NearSpeech {
  /** The first 10 ms within 20 dB of the maximum, on the room's clock. */
  readonly onsetMs: number;
  readonly endMs: number;
}

/** @param near one utterance as received by the microphone, @param atMs its start */
export function nearSpeech(near: Float32Array, atMs: number): NearSpeech {
  const levels = levelsDb(near);
  const most = Math.max(...levels);
  return {
    onsetMs: atMs + levels.findIndex((level) => level > most - 20) * 10,
    endMs: atMs + near.length / MS,
  };
}

/**
 * From the onset to the last moment at which the agent's voice at the loudspeaker was louder than 12 dB below the
 * original reply.
 * @param reply undisturbed, at the rate of the room
 * @returns ms; `undefined` if it took longer than a second; `'not sounding'` if the agent was not audible
 */
export function downAfterMs(
  loudspeaker: Float32Array,
  reply: Float32Array,
  onsetMs: number,
): number | undefined | 'not sounding' {
  const onset = Math.round(onsetMs * MS);
  const recent = loudspeaker.subarray(onset - RECENT_MS * MS, onset);
  const { at, height } = locate(reply, recent);
  if (height < LEAST_HEIGHT) return 'not sounding';
  const from = at + recent.length;
  let lastLoudMs = 0;
  let confirmedMs = 0;
  let sounding = false;
  for (let ms = 0; ms < MISSED_MS + 50; ms++) {
    const first = from + ms * MS;
    const sent = reply.subarray(first, first + WINDOW_MS * MS);
    const played = loudspeaker.subarray(onset + ms * MS, onset + (ms + WINDOW_MS) * MS);
    const energy = sent.reduce((sum, x) => sum + x * x, 0);
    if (10 * Math.log10(energy / sent.length + 1e-12) < SOUNDING_DB) continue;
    sounding = true;
    const gain = sent.reduce((sum, x, i) => sum + x * (played[i] ?? 0), 0) / energy;
    if (gain > 10 ** (-DOWN_DB / 20)) {
      lastLoudMs = ms + WINDOW_MS;
      confirmedMs = 0;
    } else if (++confirmedMs > 30) {
      return lastLoudMs;
    }
  }
  return sounding ? undefined : 'not sounding';
}

export interface DuckVerdict {
  /** Ducks without near speech. */
  readonly falseDucks: number;
  /** Minutes in which only the agent was audible. */
  readonly aloneMinutes: number;
}

/** A duck belongs to an utterance from 50 ms before its onset to this long after its end. */
const AFTER_MS = 600;

/** @param ducksMs times of ducks, @param spanMs period in which the agent spoke; all on the room's clock */
export function judgeDucks(
  ducksMs: readonly number[],
  near: readonly NearSpeech[],
  spanMs: readonly [from: number, to: number],
): DuckVerdict {
  const isAlone = (ms: number) =>
    near.every(({ onsetMs, endMs }) => ms < onsetMs - 50 || ms > endMs + AFTER_MS);
  const [from, to] = spanMs;
  const disturbedMs = near.reduce((sum, { onsetMs, endMs }) => sum + endMs - onsetMs + AFTER_MS + 50, 0);
  return {
    falseDucks: ducksMs.filter((ms) => ms >= from && ms <= to && isAlone(ms)).length,
    aloneMinutes: Math.max(0, to - from - disturbedMs) / 60_000,
  };
}
