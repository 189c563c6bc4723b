/**
 * Levels of 16 bands, in dB, of two signals at once. They are the real and the imaginary part of one complex transform,
 * separated by its symmetry (Sorensen et al., IEEE Trans. ASSP 35, 1987).
 */
import { SPECTRUM } from './layout';
import { cosPi } from './prototype';

/** 8 kHz is enough for speech, and is the rate of G.711. */
export const ANALYSIS_RATE_HZ: i32 = 8_000;
export const BANDS: i32 = 16;
export const BAND_BYTES: usize = 64;
/** A window of 20 ms. A shorter one would show less of an onset's pitch, a longer one would delay the onset. */
export const WINDOW_FRAMES: i32 = 160;
const SIZE: i32 = 256;
const LOG_SIZE: i32 = 8;
const HALF: usize = (<usize>SIZE) << 2;

const COSINES: usize = SPECTRUM;
const WINDOW: usize = COSINES + HALF;
const REAL: usize = WINDOW + <usize>WINDOW_FRAMES * 4;
const IMAGINARY: usize = REAL + HALF;

/** First bin (of 31.25 Hz) of each band: 156 Hz … 3.7 kHz, each about a critical band wide. */
const EDGES = memory.data<u8>([5, 8, 11, 14, 18, 22, 27, 32, 38, 45, 53, 62, 72, 83, 95, 107, 118]);

/** Below the noise of any microphone: −110 dBFS per band. */
const LEAST_POWER: f32 = 1e-11;

function at(from: usize, index: i32): usize {
  return from + ((<usize>index) << 2);
}

export function prepareSpectrum(): void {
  for (let i = 0; i < SIZE; i++) {
    const turn = <f64>i / <f64>(SIZE / 2);
    store<f32>(at(COSINES, i), <f32>cosPi(turn > 1 ? turn - 2 : turn));
  }
  for (let i = 0; i < WINDOW_FRAMES; i++) {
    // Hann, scaled so that a full-scale sine is 0 dB in its band
    const shape = 1 - cosPi(<f64>(2 * i + 1) / <f64>WINDOW_FRAMES - 1);
    const mirrored = 2 - shape;
    store<f32>(at(WINDOW, i), <f32>(mirrored * (1.0 / <f64>WINDOW_FRAMES)));
  }
}

/** Transforms `WINDOW_FRAMES` samples at `first` and `second` and writes the dB of their bands. */
export function bandLevels(first: usize, second: usize, firstLevels: usize, secondLevels: usize): void {
  memory.fill(REAL, 0, 2 * HALF);
  for (let i = 0; i < WINDOW_FRAMES; i++) {
    const to = (<usize>reversed(i)) << 2;
    const shape = load<f32>(at(WINDOW, i));
    store<f32>(REAL + to, load<f32>(at(first, i)) * shape);
    store<f32>(IMAGINARY + to, load<f32>(at(second, i)) * shape);
  }
  transform();
  for (let band = 0; band < BANDS; band++) {
    let p = LEAST_POWER;
    let q = LEAST_POWER;
    const end = <i32>load<u8>(EDGES + <usize>band, 1);
    for (let k = <i32>load<u8>(EDGES + <usize>band); k < end; k++) {
      const a = load<f32>(at(REAL, k));
      const b = load<f32>(at(IMAGINARY, k));
      const c = load<f32>(at(REAL, SIZE - k));
      const d = load<f32>(at(IMAGINARY, SIZE - k));
      p += (a + c) * (a + c) + (b - d) * (b - d);
      q += (b + d) * (b + d) + (c - a) * (c - a);
    }
    store<f32>(at(firstLevels, band), decibels(p));
    store<f32>(at(secondLevels, band), decibels(q));
  }
}

function reversed(index: i32): i32 {
  let result = 0;
  for (let bit = 0; bit < LOG_SIZE; bit++) result |= ((index >> bit) & 1) << (LOG_SIZE - 1 - bit);
  return result;
}

/** Radix 2, decimation in time, in place. */
function transform(): void {
  for (let half = 1; half < SIZE; half <<= 1) {
    const step = SIZE / 2 / half;
    for (let j = 0; j < half; j++) {
      const cos = load<f32>(at(COSINES, j * step));
      // −sin x is cos (x + 90°)
      const sin = load<f32>(at(COSINES, j * step + SIZE / 4));
      for (let k = j; k < SIZE; k += 2 * half) {
        const r = at(REAL, k);
        const i = at(IMAGINARY, k);
        const other = (<usize>half) << 2;
        const x = load<f32>(r + other);
        const y = load<f32>(i + other);
        const a = x * cos - y * sin;
        const b = x * sin + y * cos;
        const u = load<f32>(r);
        const v = load<f32>(i);
        store<f32>(r + other, u - a);
        store<f32>(i + other, v - b);
        store<f32>(r, u + a);
        store<f32>(i, v + b);
      }
    }
  }
}

/** 10 log₁₀, within 0.03 dB: the exponent of the float, and a parabola for its mantissa. */
function decibels(power: f32): f32 {
  const bits = reinterpret<i32>(power);
  const exponent = <f32>((bits >> 23) - 128);
  const m = reinterpret<f32>((bits & 0x7f_ffff) | 0x3f80_0000);
  return <f32>3.0103 * (exponent + (<f32>-0.33582878 * m + 2) * m - <f32>0.65871759);
}
