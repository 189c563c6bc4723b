/** Band-limited rate conversion for the agent's own use: plain, streamed, and independent of the page's engine. */

const ZERO_CROSSINGS = 24;
/** Share of the narrower Nyquist band that passes. */
const PASS_BAND = 0.92;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function blackman(position: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * position) + 0.08 * Math.cos(2 * Math.PI * position);
}

/** One row of taps for each of the `phases` places an output sample can have between two input samples. */
function designRows(phases: number, halfWidth: number, cutoff: number): Float64Array[] {
  return Array.from({ length: phases }, (_, phase) => {
    const row = Float64Array.from({ length: 2 * halfWidth }, (_unused, tap) => {
      const distance = tap - halfWidth + 1 - phase / phases;
      const angle = Math.PI * cutoff * distance;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      return Math.abs(distance) >= halfWidth ? 0 : sinc * blackman(distance / halfWidth);
    });
    const sum = row.reduce((total, tap) => total + tap, 0);
    return row.map((tap) => tap / sum);
  });
}

export class SincResampler {
  readonly #phases: number;
  readonly #step: number;
  readonly #halfWidth: number;
  readonly #rows: Float64Array[];
  #history: Float32Array;
  /** Place of the next output sample, in units of 1/phases input samples from the start of the history. */
  #cursor: number;

  /** @param inputRateHz, outputRateHz whole numbers of samples per second */
  constructor(inputRateHz: number, outputRateHz: number) {
    const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
    this.#phases = outputRateHz / divisor;
    this.#step = inputRateHz / divisor;
    const cutoff = PASS_BAND * Math.min(1, outputRateHz / inputRateHz);
    this.#halfWidth = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#rows = designRows(this.#phases, this.#halfWidth, cutoff);
    this.#history = new Float32Array(this.#halfWidth - 1);
    this.#cursor = 0;
  }

  /** Takes any number of samples; answers with those whose surroundings are known by now. */
  process(input: Float32Array): Float32Array {
    const samples = new Float32Array(this.#history.length + input.length);
    samples.set(this.#history);
    samples.set(input, this.#history.length);
    const width = 2 * this.#halfWidth;
    const lastStart = samples.length - width;
    const available =
      lastStart < 0 ? 0 : Math.floor(((lastStart + 1) * this.#phases - 1 - this.#cursor) / this.#step) + 1;
    const output = new Float32Array(Math.max(0, available));
    for (let index = 0; index < output.length; index++) {
      const start = Math.floor(this.#cursor / this.#phases);
      const row = this.#rows[this.#cursor % this.#phases]!;
      let sum = 0;
      for (let tap = 0; tap < width; tap++) sum += row[tap]! * samples[start + tap]!;
      output[index] = sum;
      this.#cursor += this.#step;
    }
    const consumed = Math.min(Math.floor(this.#cursor / this.#phases), samples.length);
    this.#history = samples.slice(consumed);
    this.#cursor -= consumed * this.#phases;
    return output;
  }

  /** The rest, as if silence followed. */
  flush(): Float32Array {
    return this.process(new Float32Array(this.#halfWidth));
  }
}

/** A whole recording at another rate; starts and ends where the original does. */
export function resampleWhole(input: Float32Array, inputRateHz: number, outputRateHz: number): Float32Array {
  if (inputRateHz === outputRateHz) return input;
  const resampler = new SincResampler(inputRateHz, outputRateHz);
  const body = resampler.process(input);
  const rest = resampler.flush();
  const length = Math.round((input.length * outputRateHz) / inputRateHz);
  const output = new Float32Array(length);
  output.set(body.subarray(0, length));
  output.set(rest.subarray(0, Math.max(0, length - body.length)), Math.min(body.length, length));
  return output;
}
