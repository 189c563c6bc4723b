import { AUDIBLE, findGaps, type Gap } from './sound-level.js';
import type { Sound } from './wav.js';

/** A silence shorter than this inside a word is not noticed. */
const HEARD_GAP_MS = 15;
/** Share of the whole energy within which two places are the same: what resampling and rounding change. */
const PLACE_ENERGY = 0.001;
const PLACE_MS = 10;

/**
 * Gaps in what was heard that were not in what was sent: words torn apart. Pauses of the speech itself may have been
 * shortened or lengthened, so that a place is told by the share of the energy before it, not by time.
 *
 * @param heard One whole speech, with any silence around it.
 * @param sent The same speech, at any rate.
 */
export function unmatchedGaps(heard: Sound, sent: Sound): Gap[] {
  const heardEnergy = cumulativeEnergy(heard.samples);
  const sentEnergy = cumulativeEnergy(sent.samples);
  // A softer threshold on this side: rounding may lift a faint sample over the border on one side only.
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
