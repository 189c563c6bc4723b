import { OUTPUT_ADDRESS, STAGING_FRAMES, type EngineExports } from './engine-exports.js';
import type { ResamplerSlots } from './resampler-slots.js';

/** The two rates of a resampler. */
export interface ResamplerOptions {
  /** Sample rate of the input: a whole number of Hz, 8000…192000. */
  readonly inputRate: number;
  /** Sample rate of the output: a whole number of Hz, 8000…192000. */
  readonly outputRate: number;
}

/**
 * A band-limited streaming resampler for one channel. Output sample `j` is at the input time `j · inputRate /
 * outputRate − delayFrames`: the output begins where the filter begins, so it is delayed by `delayFrames`.
 */
export interface Resampler {
  /** Hz. */
  readonly inputRate: number;
  /** Hz. */
  readonly outputRate: number;
  /** Group delay in input frames, the same at every frequency; 0 if both rates are equal. */
  readonly delayFrames: number;
  /**
   * Takes the next block of the stream, of any length, and returns all output samples that it completes, in a new
   * array (possibly empty). Block boundaries do not affect the samples.
   */
  process(input: Float32Array): Float32Array;
  /**
   * Ends the stream: returns what is left in the filter, so that process() and flush() together have returned
   * `round((inputFrames + delayFrames) · outputRate / inputRate)` samples, and resets.
   */
  flush(): Float32Array;
  /** Discards the stream so far. */
  reset(): void;
}

const MAX_CHUNK_FRAMES = 1024;

export class SlotResampler implements Resampler {
  readonly inputRate: number;
  readonly outputRate: number;
  readonly delayFrames: number;

  /** Address of the state while it is in the engine's memory; managed by the slots. */
  slot = -1;
  /** The state while swapped out. */
  savedState: Uint8Array | undefined;

  readonly #slots: ResamplerSlots;
  readonly #exports: EngineExports;
  readonly #floats: Float32Array;
  readonly #chunkFrames: number;
  #inputFrames = 0;
  #outputFrames = 0;

  constructor(slots: ResamplerSlots, options: ResamplerOptions) {
    this.inputRate = options.inputRate;
    this.outputRate = options.outputRate;
    this.#slots = slots;
    this.#exports = slots.exports;
    this.#floats = new Float32Array(slots.exports.memory.buffer);
    const fitting = Math.floor(((STAGING_FRAMES - 1) * this.inputRate) / this.outputRate);
    this.#chunkFrames = Math.min(MAX_CHUNK_FRAMES, fitting);
    this.delayFrames = slots.exports.resamplerDelayFrames(slots.acquire(this));
  }

  process(input: Float32Array): Float32Array {
    const frames = input.length;
    this.#inputFrames += frames;
    if (frames <= this.#chunkFrames) {
      const count = this.#run(input);
      const first = OUTPUT_ADDRESS >>> 2;
      return this.#floats.slice(first, first + count);
    }
    const result = new Float32Array(Math.ceil((frames * this.outputRate) / this.inputRate) + 1);
    return result.slice(0, this.#runAll(input, result));
  }

  flush(): Float32Array {
    const total = Math.round(((this.#inputFrames + this.delayFrames) * this.outputRate) / this.inputRate);
    const tail = new Float32Array(Math.max(0, total - this.#outputFrames));
    const silence = new Float32Array(this.#chunkFrames);
    let filled = 0;
    while (filled < tail.length) {
      const count = Math.min(this.#run(silence), tail.length - filled);
      this.#copyOutput(count, tail, filled);
      filled += count;
    }
    this.reset();
    return tail;
  }

  reset(): void {
    this.#exports.resetResampler(this.#slots.acquire(this));
    this.#inputFrames = 0;
    this.#outputFrames = 0;
  }

  #runAll(input: Float32Array, result: Float32Array): number {
    let filled = 0;
    for (let done = 0; done < input.length; done += this.#chunkFrames) {
      const count = this.#run(input.subarray(done, done + this.#chunkFrames));
      this.#copyOutput(count, result, filled);
      filled += count;
    }
    return filled;
  }

  #run(input: Float32Array): number {
    const place = this.#slots.acquire(this);
    const frames = input.length;
    const address = this.#exports.resamplerInput(place, frames);
    this.#floats.set(input, address >>> 2);
    const count = this.#exports.runResampler(place, frames, OUTPUT_ADDRESS, STAGING_FRAMES);
    this.#outputFrames += count;
    return count;
  }

  #copyOutput(count: number, to: Float32Array, offset: number): void {
    const first = OUTPUT_ADDRESS >>> 2;
    to.set(this.#floats.subarray(first, first + count), offset);
  }
}
