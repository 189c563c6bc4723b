/** A complex Fourier transform, radix 2, in place, in double precision. */
export class Fourier {
  readonly size: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param size a power of two */
  constructor(size: number) {
    this.size = size;
    const turn = (i: number) => (2 * Math.PI * i) / size;
    this.#cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(turn(i)));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin(turn(i)));
  }

  forward(re: Float64Array, im: Float64Array): void {
    this.#reorder(re, im);
    for (let half = 1; half < this.size; half *= 2) {
      const step = this.size / 2 / half;
      for (let first = 0; first < this.size; first += 2 * half) {
        for (let j = 0; j < half; j++) this.#butterfly(re, im, first + j, first + j + half, j * step);
      }
    }
  }

  /** Inverse of `forward`, including its scale. */
  inverse(re: Float64Array, im: Float64Array): void {
    this.forward(im, re);
    for (let i = 0; i < this.size; i++) {
      re[i]! /= this.size;
      im[i]! /= this.size;
    }
  }

  #butterfly(re: Float64Array, im: Float64Array, a: number, b: number, turn: number): void {
    const cos = this.#cos[turn]!;
    const sin = this.#sin[turn]!;
    const x = re[b]! * cos + im[b]! * sin;
    const y = im[b]! * cos - re[b]! * sin;
    re[b] = re[a]! - x;
    im[b] = im[a]! - y;
    re[a]! += x;
    im[a]! += y;
  }

  #reorder(re: Float64Array, im: Float64Array): void {
    for (let i = 1, j = 0; i < this.size; i++) {
      let bit = this.size >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i >= j) continue;
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
}

/** Power of the pattern that is added to the signal's, or the faintest noise would resemble it. */
const FLOOR = 1e-3;

/**
 * Finds `pattern` in `signal`: the offset of the largest normalized cross-correlation. So a faint sound is found next to a loud one.
 * @returns its offset in samples and its height, −1 … 1
 */
export function locate(signal: Float32Array, pattern: Float32Array): { at: number; height: number } {
  const fourier = new Fourier(2 ** Math.ceil(Math.log2(signal.length + pattern.length)));
  const spectrum = (samples: Float32Array) => {
    const re = new Float64Array(fourier.size);
    re.set(samples);
    const im = new Float64Array(fourier.size);
    fourier.forward(re, im);
    return { re, im };
  };
  const a = spectrum(signal);
  const b = spectrum(pattern);
  const re = a.re.map((x, i) => x * b.re[i]! + a.im[i]! * b.im[i]!);
  const im = a.re.map((x, i) => a.im[i]! * b.re[i]! - x * b.im[i]!);
  fourier.inverse(re, im);
  const energy = pattern.reduce((sum, x) => sum + x * x, 0);
  let here = signal.subarray(0, pattern.length).reduce((sum, x) => sum + x * x, 0);
  const best = { at: 0, height: -1 };
  for (let i = 0; i <= signal.length - pattern.length; i++) {
    const height = re[i]! / Math.sqrt(energy * (Math.max(0, here) + FLOOR * energy));
    if (height > best.height) Object.assign(best, { at: i, height });
    here += (signal[i + pattern.length] ?? 0) ** 2 - signal[i]! ** 2;
  }
  return energy === 0 ? { at: 0, height: 0 } : best;
}
