import { VOICE, VOICE_PERIODS, VOICE_TERMS, WIDE, WIDE_PERIODS, WIDE_TERMS } from './prototype-coefficients';

/** Below this rate of the narrower side, the voice design is used; its pass band of 0.85 is wide enough for G.711. */
const VOICE_BELOW_HZ: i32 = 10_000;
const PI: f64 = 3.141592653589793;

export function prototypePeriods(narrowerRateHz: i32): f64 {
  return narrowerRateHz < VOICE_BELOW_HZ ? VOICE_PERIODS : WIDE_PERIODS;
}

/**
 * cos(πu) for |u| ≤ 1, of two values, by the Taylor series of sin(π(½ − |u|)), whose argument stays within ±π/2; error
 * below 1e-13. The standard library's cosine would add its argument reduction and tables.
 */
function cosPi2(u: v128): v128 {
  const r = f64x2.mul(f64x2.sub(f64x2.splat(0.5), f64x2.abs(u)), f64x2.splat(PI));
  const q = f64x2.mul(r, r);
  const one = f64x2.splat(1);
  let sum = one;
  for (let k = 21; k >= 3; k -= 2)
    sum = f64x2.sub(one, f64x2.div(f64x2.mul(sum, q), f64x2.splat(<f64>(k * (k - 1)))));
  return f64x2.mul(r, sum);
}

export function cosPi(u: f64): f64 {
  return f64x2.extract_lane(cosPi2(f64x2.splat(u)), 0);
}

/**
 * Writes `count` (a multiple of 4) values of the prototype's impulse response h(u) = scale · (c₀ + 2 Σ cₖ cos kπu)
 * for u = uFirst, uFirst + uStep, …; it is 0 for |u| > 1. Uses Clenshaw's recurrence, which is a long chain of
 * dependent additions, so four values are computed in parallel.
 */
export function writePrototype(
  to: usize,
  count: i32,
  uFirst: f64,
  uStep: f64,
  scale: f64,
  narrowerRateHz: i32,
): void {
  // f32 is precise enough: the coefficients are frequency samples, and those of the stop band are small
  const isVoice = narrowerRateHz < VOICE_BELOW_HZ;
  const coefficients = isVoice ? VOICE : WIDE;
  const last = coefficients + ((<usize>(isVoice ? VOICE_TERMS : WIDE_TERMS) - 1) << 2);
  const zero = f64x2.splat(0);
  let u = f64x2.replace_lane(f64x2.splat(uFirst), 1, uFirst + uStep);
  const step = f64x2.splat(2 * uStep);
  for (; count > 0; count -= 4) {
    const next = f64x2.add(u, step);
    const x = cosPi2(u);
    const y = cosPi2(next);
    const x2 = f64x2.add(x, x);
    const y2 = f64x2.add(y, y);
    let a1 = zero;
    let a2 = zero;
    let b1 = zero;
    let b2 = zero;
    for (let at = last; at > coefficients; at -= 4) {
      const c = f64x2.splat(<f64>load<f32>(at));
      const a = f64x2.sub(f64x2.add(c, f64x2.mul(x2, a1)), a2);
      a2 = a1;
      a1 = a;
      const b = f64x2.sub(f64x2.add(c, f64x2.mul(y2, b1)), b2);
      b2 = b1;
      b1 = b;
    }
    const c0 = f64x2.splat(<f64>load<f32>(coefficients) * 0.5);
    writePair(to, u, f64x2.sub(f64x2.add(c0, f64x2.mul(x, a1)), a2), scale);
    writePair(to + 8, next, f64x2.sub(f64x2.add(c0, f64x2.mul(y, b1)), b2), scale);
    u = f64x2.add(next, step);
    to += 16;
  }
}

function writePair(to: usize, u: v128, sums: v128, scale: f64): void {
  const inside = f64x2.le(f64x2.abs(u), f64x2.splat(1));
  const values = v128.and(f64x2.mul(sums, f64x2.splat(2 * scale)), inside);
  v128.store64_lane(to, f32x4.demote_f64x2_zero(values), 0);
}
