import { slice } from './tones.js';
import type { Sound } from './wav.js';

export interface ToneFit {
  readonly frequencyHz: number;
  /** Peak of the fitted sine, 0…1. */
  readonly amplitude: number;
  /** Phase at the first sample, radians, of `amplitude · sin(2π f t + phase)`. */
  readonly phase: number;
  /** Power of the sine over the power of everything else (noise, distortion, other tones), dB. */
  readonly snrDb: number;
}

/**
 * Least-squares fit of `a·sin + b·cos + c` at one frequency (IEEE 1057 three-parameter fit). The constant is fitted
 * and left out of the residue, because a direct current is inaudible.
 */
export function fitTone({ rateHz, samples }: Sound, frequencyHz: number): ToneFit {
  const omega = (2 * Math.PI * frequencyHz) / rateHz;
  // Normal equations, as sums over the basis (sin, cos, 1) and the signal.
  let ss = 0, sc = 0, s1 = 0, cc = 0, c1 = 0, ys = 0, yc = 0, y1 = 0, yy = 0; // prettier-ignore
  for (const [index, y] of samples.entries()) {
    const s = Math.sin(omega * index);
    const c = Math.cos(omega * index);
    ss += s * s;
    sc += s * c;
    s1 += s;
    cc += c * c;
    c1 += c;
    ys += y * s;
    yc += y * c;
    y1 += y;
    yy += y * y;
  }
  const [a, b, offset] = solveSymmetric([ss, sc, s1, cc, c1, samples.length], [ys, yc, y1]);
  const residue = yy - (a * ys + b * yc + offset * y1);
  const tonePower = (a * a + b * b) / 2;
  const residuePower = Math.max(residue / samples.length, Number.MIN_VALUE);
  return {
    frequencyHz,
    amplitude: Math.hypot(a, b),
    phase: Math.atan2(b, a),
    snrDb: 10 * Math.log10(tonePower / residuePower),
  };
}

/**
 * Fits a sine whose frequency is known approximately, by golden-section search on the residue.
 *
 * @param toleranceHz Half width of the search. The fit has one minimum within ±1/duration of the true frequency, so the
 *   range is first walked in steps of a third of that.
 */
export function measureTone(sound: Sound, nominalHz: number, toleranceHz = nominalHz * 0.03): ToneFit {
  const durationSeconds = sound.samples.length / sound.rateHz;
  const stepHz = Math.min(toleranceHz, 1 / durationSeconds / 3);
  const quality = (frequencyHz: number) => fitTone(sound, frequencyHz).snrDb;
  let best = nominalHz;
  let bestDb = quality(nominalHz);
  for (let offset = stepHz; offset <= toleranceHz; offset += stepHz) {
    for (const candidate of [nominalHz - offset, nominalHz + offset]) {
      const db = quality(candidate);
      if (db > bestDb) [best, bestDb] = [candidate, db];
    }
  }
  return fitTone(sound, maximize(quality, best - stepHz, best + stepHz, best * 1e-9));
}

/**
 * Fits the purest stretch of a tone. On a busy machine, the jitter buffer splices the audio in some places. A fault of a
 * codec or a resampler affects all of them.
 *
 * @param windowMs length of the stretch
 */
export function measurePurest(sound: Sound, nominalHz: number, windowMs = 200): ToneFit {
  const durationMs = (sound.samples.length / sound.rateHz) * 1000;
  let best = { sound: slice(sound, 0, windowMs), snrDb: -Infinity };
  for (let fromMs = 0; fromMs + windowMs <= durationMs; fromMs += windowMs / 4) {
    const window = slice(sound, fromMs, fromMs + windowMs);
    const { snrDb } = fitTone(window, nominalHz);
    if (snrDb > best.snrDb) best = { sound: window, snrDb };
  }
  return measureTone(best.sound, nominalHz, 10);
}

function maximize(f: (x: number) => number, from: number, to: number, tolerance: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [x1, x2] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [f1, f2] = [f(x1), f(x2)];
  while (high - low > tolerance) {
    if (f1 > f2) {
      [high, x2, f2] = [x2, x1, f1];
      x1 = high - ratio * (high - low);
      f1 = f(x1);
    } else {
      [low, x1, f1] = [x1, x2, f2];
      x2 = low + ratio * (high - low);
      f2 = f(x2);
    }
  }
  return (low + high) / 2;
}

type Triple = readonly [number, number, number];

/** Solves a symmetric 3×3 system by Cramer's rule; the matrix is given as its upper triangle, row by row. */
function solveSymmetric(upper: readonly [...Triple, ...Triple], right: Triple): Triple {
  const [m00, m01, m02, m11, m12, m22] = upper;
  const columns: readonly [Triple, Triple, Triple] = [
    [m00, m01, m02],
    [m01, m11, m12],
    [m02, m12, m22],
  ];
  const whole = determinant(...columns);
  return [
    determinant(right, columns[1], columns[2]) / whole,
    determinant(columns[0], right, columns[2]) / whole,
    determinant(columns[0], columns[1], right) / whole,
  ];
}

function determinant(a: Triple, b: Triple, c: Triple): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    b[0] * (a[1] * c[2] - a[2] * c[1]) +
    c[0] * (a[1] * b[2] - a[2] * b[1])
  );
}
