/**
 * How periodic the newest audio is at the pitch of a voice: its largest normalized cross-correlation with the audio 2.5 …
 * 14.25 ms earlier (70 … 400 Hz); Talkin, "A robust algorithm for pitch tracking (RAPT)", 1995.
 */
import { sumLanes } from './resampler';

const WINDOW: i32 = 128;
const SHORTEST_LAG: i32 = 20;
const LONGEST_LAG: i32 = 114;
export const PERIODICITY_FRAMES: i32 = WINDOW + LONGEST_LAG;
/** Added to the energy, so that digital silence does not correlate. */
const LEAST_ENERGY: f32 = 1e-8;
/** Of the newest energy: after a click, less than this in the earlier window would be an error of rounding. */
const LEAST_SHARE: f32 = 1e-5;

function product(a: usize, b: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < WINDOW; i += 4) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  return f32x4.extract_lane(sumLanes(sum, sum, sum, sum), 0);
}

/** @param end address after the newest of at least `PERIODICITY_FRAMES` samples. @returns 0 … 1 */
export function periodicity(end: usize): f32 {
  const newest = end - ((<usize>WINDOW) << 2);
  const energy = product(newest, newest);
  let best: f32 = 0;
  // energy of the earlier window, updated sample by sample
  let from = newest - ((<usize>SHORTEST_LAG) << 2);
  let earlier = product(from, from);
  for (let lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
    const c = product(newest, from);
    const denominator = energy * max(earlier, energy * LEAST_SHARE) + LEAST_ENERGY * LEAST_ENERGY;
    // squared, which avoids a square root in the loop
    if (c > 0) best = max(best, (c * c) / denominator);
    from -= 4;
    const into = load<f32>(from);
    const out = load<f32>(from, WINDOW * 4);
    earlier += into * into - out * out;
  }
  return sqrt(min<f32>(best, 1));
}
