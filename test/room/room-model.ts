/** Sound in a room, 10 ms at a time: from a loudspeaker and a near voice to a microphone. Deterministic. */
import { noise } from '../support/synthetic-voice.js';
import { Fourier } from './fourier.js';
import type { Room } from './rooms.js';

export const ROOM_RATE_HZ = 48_000;
export const BLOCK_FRAMES = 480;

/** 60 dB in powers of e. */
const DECAY = 6.9;
/** Level of the tail’s samples, relative to the direct sound. */
const TAIL_LEVEL = 0.15;

const linear = (db: number) => 10 ** (db / 20);
const frames = (ms: number) => Math.round((ROOM_RATE_HZ * ms) / 1_000);

/** A direct sound and a tail of noise that falls by 60 dB in `rt60Ms`; its energy is `gainDb`. */
export function impulseResponse(room: Room, random: () => number): Float64Array {
  const first = frames(room.delayMs);
  const tail = frames(room.rt60Ms);
  const response = new Float64Array(first + tail + 1);
  response[first] = 1;
  for (let i = 1; i <= tail; i++) response[first + i] = random() * TAIL_LEVEL * Math.exp((-DECAY * i) / tail);
  const energy = response.reduce((sum, x) => sum + x * x, 0);
  return response.map((x) => (x * linear(room.gainDb)) / Math.sqrt(energy));
}

/** Convolution with a long response in uniform partitions (overlap-save; Gardner, JAES 43, 1995). */
export class Convolver {
  readonly #fourier = new Fourier(2 ** Math.ceil(Math.log2(2 * BLOCK_FRAMES)));
  #partitions: { readonly re: Float64Array; readonly im: Float64Array }[] = [];
  /** Spectra of the newest inputs, newest first. */
  #inputs: { readonly re: Float64Array; readonly im: Float64Array }[] = [];
  #before = new Float64Array(BLOCK_FRAMES);

  /** Changes the response from the next block on. Earlier input continues to echo, in the new response. */
  set response(response: Float64Array) {
    const count = Math.ceil(response.length / BLOCK_FRAMES);
    this.#partitions = Array.from({ length: count }, (_, k) =>
      this.#spectrum(response.subarray(k * BLOCK_FRAMES, (k + 1) * BLOCK_FRAMES), 0),
    );
  }

  process(block: Float64Array): Float64Array {
    const window = new Float64Array(2 * BLOCK_FRAMES);
    window.set(this.#before);
    window.set(block, BLOCK_FRAMES);
    this.#before = block.slice();
    this.#inputs = [this.#spectrum(window, 0), ...this.#inputs.slice(0, this.#partitions.length - 1)];
    const re = new Float64Array(this.#fourier.size);
    const im = new Float64Array(this.#fourier.size);
    for (const [k, input] of this.#inputs.entries()) addProduct(re, im, input, this.#partitions[k]!);
    this.#fourier.inverse(re, im);
    return re.slice(BLOCK_FRAMES, 2 * BLOCK_FRAMES);
  }

  #spectrum(samples: Float64Array, at: number) {
    const re = new Float64Array(this.#fourier.size);
    re.set(samples, at);
    const im = new Float64Array(this.#fourier.size);
    this.#fourier.forward(re, im);
    return { re, im };
  }
}

interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function addProduct(re: Float64Array, im: Float64Array, a: Spectrum, b: Spectrum): void {
  for (let i = 0; i < re.length; i++) {
    re[i]! += a.re[i]! * b.re[i]! - a.im[i]! * b.im[i]!;
    im[i]! += a.re[i]! * b.im[i]! + a.im[i]! * b.re[i]!;
  }
}

export class RoomModel {
  readonly #room: Room;
  readonly #responses: () => number;
  readonly #noise: () => number;
  readonly #convolver = new Convolver();
  readonly #background: Float32Array;
  #changes: number[];
  #blocks = 0;
  #fan = 0;

  /** @param background −20 dBFS, repeated as needed; empty for none */
  constructor(room: Room, background: Float32Array, seed: number) {
    this.#room = room;
    this.#background = background;
    this.#responses = noise(seed);
    this.#noise = noise(seed + 1);
    this.#changes = [...(room.changesAtSeconds ?? [])];
    this.#convolver.response = impulseResponse(room, this.#responses);
  }

  /** @returns the microphone's signal while the loudspeaker plays and the near voice says `near` */
  process(speaker: Float32Array, near: Float32Array): Float32Array {
    const atSeconds = (this.#blocks * BLOCK_FRAMES) / ROOM_RATE_HZ;
    if (this.#changes[0] !== undefined && atSeconds >= this.#changes[0]) {
      this.#changes = this.#changes.slice(1);
      this.#convolver.response = impulseResponse(this.#room, this.#responses);
    }
    const { nonlinear, noiseDb, backgroundDb = 0 } = this.#room;
    const driven = Float64Array.from(
      speaker,
      (x) => (1 - nonlinear) * x + (nonlinear * Math.tanh(3 * x)) / 3,
    );
    const echo = this.#convolver.process(driven);
    const first = this.#blocks * BLOCK_FRAMES;
    this.#blocks++;
    return Float32Array.from(echo, (x, i) => {
      const other = this.#background[(first + i) % this.#background.length] ?? 0;
      const sum =
        x +
        near[i]! +
        other * linear(backgroundDb + 20) +
        this.#noise() * linear(noiseDb) +
        this.#nextOfFan();
      return Math.max(-1, Math.min(1, sum));
    });
  }

  /** One pole at 200 Hz, scaled to the requested level. */
  #nextOfFan(): number {
    const { fanDb } = this.#room;
    if (fanDb === undefined) return 0;
    const pole = Math.exp((-2 * Math.PI * 200) / ROOM_RATE_HZ);
    this.#fan = pole * this.#fan + Math.sqrt(1 - pole * pole) * this.#noise();
    return this.#fan * linear(fanDb);
  }
}
