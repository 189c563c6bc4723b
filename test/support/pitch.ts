import { rms } from './sound-level.js';
import { median } from './statistics.js';
import type { Sound } from './wav.js';

export interface PitchRange {
  readonly minHz: number;
  readonly maxHz: number;
}

const SPEECH: PitchRange = { minHz: 60, maxHz: 400 };

/** Frames less periodic than this are consonants, noise or transitions. */
const MIN_CORRELATION = 0.75;
const FRAME_MS = 50;
const HOP_MS = 20;

/**
 * Pitch of one frame by normalised autocorrelation, refined by a parabola. It takes the first peak within 5 % of the
 * best one, because later peaks are multiples of the period.
 *
 * @param samples At least two periods of `minHz`.
 * @returns Hz, or `undefined` for an unvoiced frame.
 */
export function framePitchHz(samples: Float32Array, rateHz: number, range = SPEECH): number | undefined {
  const shortest = Math.max(2, Math.floor(rateHz / range.maxHz));
  const longest = Math.min(Math.ceil(rateHz / range.minHz), Math.floor(samples.length / 2));
  const correlations = new Float64Array(longest + 2);
  for (let lag = shortest - 1; lag <= longest + 1; lag += 1) correlations[lag] = correlate(samples, lag);
  let best = 0;
  for (let lag = shortest; lag <= longest; lag += 1) best = Math.max(best, correlations[lag]!);
  if (best < MIN_CORRELATION) return undefined;
  for (let lag = shortest; lag <= longest; lag += 1) {
    const [before, here, after] = [correlations[lag - 1]!, correlations[lag]!, correlations[lag + 1]!];
    if (here >= 0.95 * best && here >= before && here >= after) {
      const curvature = before - 2 * here + after;
      const shift = curvature === 0 ? 0 : (0.5 * (before - after)) / curvature;
      return rateHz / (lag + shift);
    }
  }
  return undefined;
}

function correlate(samples: Float32Array, lag: number): number {
  let product = 0;
  let early = 0;
  let late = 0;
  for (let index = lag; index < samples.length; index += 1) {
    const a = samples[index - lag]!;
    const b = samples[index]!;
    product += a * b;
    early += a * a;
    late += b * b;
  }
  const power = Math.sqrt(early * late);
  return power === 0 ? 0 : product / power;
}

/**
 * Median pitch of the voiced frames of a sound.
 *
 * @returns Hz, or `undefined` if no frame is voiced
 */
export function medianPitchHz({ rateHz, samples }: Sound, range = SPEECH): number | undefined {
  const frameLength = Math.round((FRAME_MS / 1000) * rateHz);
  const hop = Math.round((HOP_MS / 1000) * rateHz);
  const loud = rms(samples) * 0.5;
  const pitches: number[] = [];
  for (let start = 0; start + frameLength <= samples.length; start += hop) {
    const frame = samples.subarray(start, start + frameLength);
    if (rms(frame) < loud) continue;
    const pitch = framePitchHz(frame, rateHz, range);
    if (pitch !== undefined) pitches.push(pitch);
  }
  return pitches.length > 0 ? median(pitches) : undefined;
}
