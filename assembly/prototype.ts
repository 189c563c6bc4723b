import { VOICE, VOICE_PERIODS, WIDE, WIDE_PERIODS } from './prototype-coefficients';

/** Below this rate of the narrower side, the voice design is used; its pass band of 0.85 is wide enough for G.711. */
const VOICE_BELOW_HZ: i32 = 10_000;
const PI: f64 = 3.141592653589793;

export function prototypePeriods(narrowerRateHz: i32): f64 {
  return narrowerRateHz < VOICE_BELOW_HZ ? VOICE_PERIODS : WIDE_PERIODS;
}

/**
 * cos(πu) for |u| ≤ 1 by the Taylor series of sin(π(½ − |u|)), whose argument stays within ±π/2; error below 1e-13.
 * The standard library's cosine would add its argument reduction and tables.
 */
export function cosPi(u: f64): f64 {
  const r = (0.5 - abs(u)) * PI;
  const q = r * r;
  let sum = 1.0;
  for (let k = 21; k >= 3; k -= 2) sum = 1.0 - (sum * q) / <f64>(k * (k - 1));
  return r * sum;
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
  const coefficients = narrowerRateHz < VOICE_BELOW_HZ ? VOICE : WIDE;
  // f32 is precise enough: the coefficients are frequency samples, and those of the stop band are small
  const c = changetype<usize>(coefficients);
  const order = coefficients.length;
  for (let i = 0; i < count; i += 4) {
    const u0 = uFirst + uStep * <f64>i;
    const u1 = u0 + uStep;
    const u2 = u1 + uStep;
    const u3 = u2 + uStep;
    const x01 = f64x2.replace_lane(f64x2.splat(cosPi(u0)), 1, cosPi(u1));
    const x23 = f64x2.replace_lane(f64x2.splat(cosPi(u2)), 1, cosPi(u3));
    const y01 = f64x2.add(x01, x01);
    const y23 = f64x2.add(x23, x23);
    let a1 = f64x2.splat(0);
    let a2 = f64x2.splat(0);
    let b1 = f64x2.splat(0);
    let b2 = f64x2.splat(0);
    for (let k = order - 1; k > 0; k--) {
      const ck = f64x2.splat(<f64>load<f32>(c + ((<usize>k) << 2)));
      const a = f64x2.sub(f64x2.add(ck, f64x2.mul(y01, a1)), a2);
      a2 = a1;
      a1 = a;
      const b = f64x2.sub(f64x2.add(ck, f64x2.mul(y23, b1)), b2);
      b2 = b1;
      b1 = b;
    }
    const c0 = f64x2.splat(<f64>load<f32>(c) * 0.5);
    const s01 = f64x2.sub(f64x2.add(c0, f64x2.mul(x01, a1)), a2);
    const s23 = f64x2.sub(f64x2.add(c0, f64x2.mul(x23, b1)), b2);
    const g = 2.0 * scale;
    const at = to + ((<usize>i) << 2);
    store<f32>(at, abs(u0) > 1.0 ? 0 : <f32>(g * f64x2.extract_lane(s01, 0)));
    store<f32>(at, abs(u1) > 1.0 ? 0 : <f32>(g * f64x2.extract_lane(s01, 1)), 4);
    store<f32>(at, abs(u2) > 1.0 ? 0 : <f32>(g * f64x2.extract_lane(s23, 0)), 8);
    store<f32>(at, abs(u3) > 1.0 ? 0 : <f32>(g * f64x2.extract_lane(s23, 1)), 12);
  }
}
