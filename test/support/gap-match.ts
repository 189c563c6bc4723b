import { AUDIBLE, findGaps, type Gap } from './sound-level.js';
import type { Sound } from './wav.js';

/** A silence shorter than this inside a word is not noticed. */
const HEARD_GAP_MS = 15;
/** Two positions are the same if they differ by less than this share of the energy: the effect of resampling and rounding. */
const PLACE_ENERGY = 0.001;
const PLACE_MS = 10;

/**
 * Finds gaps in the heard audio that are not in the sent audio. The pauses of the speech may have been shortened or
 * lengthened, so a position is identified by the share of the energy before it, not by time.
 *
 * @param heard one complete speech, with any silence around it
 * @param sent the same speech, at any rate
 */
export function unmatchedGaps(heard: Sound, sent: Sound): Gap[] {
  const heardEnergy = cumulativeEnergy(heard.samples);
  const sentEnergy = cumulativeEnergy(sent.samples);
  // A lower threshold on this side, because rounding may lift a faint sample over the threshold on one side only.
  const sentGaps = findGaps(sent, { minGapMs: HEARD_GAP_MS / 3, threshold: AUDIBLE * 2 });
  const toMs = (frame: number): number => (frame / sent.rateHz) * 1000;
  return findGaps(heard, { minGapMs: HEARD_GAP_MS }).filter((gap) => {
    const place = heardEnergy[Math.round((gap.startMs / 1000) * heard.rateHz)]!;
    const fromMs = toMs(firstAtLeast(sentEnergy, place - PLACE_ENERGY)) - PLACE_MS;
    const toEndMs = toMs(firstAtLeast(sentEnergy, place + PLACE_ENERGY)) + PLACE_MS;
    return !sentGaps.some(({ startMs, durationMs }) => startMs < toEndMs && startMs + durationMs > fromMs);
  });
}

/** The share of the energy up to each sample, 0…1. */
function cumulativeEnergy(samples: Float32Array): Float64Array {
  const shares = new Float64Array(samples.length);
  let sum = 0;
  for (const [index, sample] of samples.entries()) {
    sum += sample * sample;
    shares[index] = sum;
  }
  return shares.map((share) => share / sum);
}

/** Binary search in rising values. */
function firstAtLeast(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
