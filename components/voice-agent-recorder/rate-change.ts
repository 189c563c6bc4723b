const TAPS = 32;
const PHASES = 256;
/** Relative to the lower rate: leaves room for the filter's slope. */
const PASSBAND = 0.9;

/**
 * Resamples audio block by block: when a headset changes during a call, the browser may continue at another rate. A
 * windowed sinc, wide enough for a voice.
 */
export class RateChange {
  readonly #step: number;
  readonly #kernel: Float32Array;
  #pending = new Float32Array(TAPS);
  /** Position of the next sample, in frames of the pending input. */
  #position = TAPS / 2;

  constructor(fromHz: number, toHz: number) {
    this.#step = fromHz / toHz;
    this.#kernel = makeKernel(PASSBAND * Math.min(1, toHz / fromHz));
  }

  /** @returns all complete samples */
  process(block: Float32Array): Float32Array {
    const input = new Float32Array(this.#pending.length + block.length);
    input.set(this.#pending);
    input.set(block, this.#pending.length);
    const half = TAPS / 2;
    const count = Math.max(0, Math.ceil((input.length - half - this.#position) / this.#step));
    const output = new Float32Array(count);
    for (let index = 0; index < count; index++) {
      const at = this.#position + index * this.#step;
      const whole = Math.floor(at);
      const row = Math.floor((at - whole) * PHASES) * TAPS;
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap++) sum += input[whole - half + 1 + tap]! * this.#kernel[row + tap]!;
      output[index] = sum;
    }
    const next = this.#position + count * this.#step;
    const keepFrom = Math.max(0, Math.floor(next) - half);
    this.#pending = input.slice(keepFrom);
    this.#position = next - keepFrom;
    return output;
  }
}

/** One row of taps per phase between two samples. @param cutoff Relative to the input's Nyquist frequency. */
function makeKernel(cutoff: number): Float32Array {
  const kernel = new Float32Array(PHASES * TAPS);
  for (let phase = 0; phase < PHASES; phase++) {
    const row = kernel.subarray(phase * TAPS, (phase + 1) * TAPS);
    for (let tap = 0; tap < TAPS; tap++) {
      const x = tap - TAPS / 2 + 1 - phase / PHASES;
      const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * x) / TAPS);
      row[tap] = window * (x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x));
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let tap = 0; tap < TAPS; tap++) row[tap]! /= sum;
  }
  return kernel;
}
