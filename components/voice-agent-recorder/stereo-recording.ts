import type { SoundTap } from '../../src/index.js';
import { RateChange } from './rate-change.js';

const HEADER_BYTES = 44;
const FRAME_BYTES = 4;
/** About ten seconds. A Blob may be on disk, whereas arrays would fill the page's memory. */
const PIECE_BYTES = 2 ** 21;

/** A growing 16-bit WAV file: the user on the left, the agent on the right. Its rate is that of the first block. */
export class StereoRecording {
  #rateHz: number | undefined;
  #changes: { readonly fromHz: number; readonly left: RateChange; readonly right: RateChange } | undefined;
  readonly #pieces: Blob[] = [];
  #recent: Int16Array<ArrayBuffer>[] = [];
  #recentBytes = 0;
  #frames = 0;

  get seconds(): number {
    return this.#rateHz === undefined ? 0 : this.#frames / this.#rateHz;
  }

  add({ rateHz, microphone, speaker }: SoundTap): void {
    this.#rateHz ??= rateHz;
    const [left, right] = this.#atOneRate(rateHz, microphone, speaker);
    const samples = new Int16Array(left.length * 2);
    for (let frame = 0; frame < left.length; frame++) {
      samples[frame * 2] = toInt16(left[frame]!);
      samples[frame * 2 + 1] = toInt16(right[frame]!);
    }
    this.#frames += left.length;
    this.#recent.push(samples);
    this.#recentBytes += samples.byteLength;
    if (this.#recentBytes >= PIECE_BYTES) this.#pack();
  }

  toFile(): Blob {
    this.#pack();
    return new Blob([header(this.#frames, this.#rateHz ?? 48_000), ...this.#pieces], { type: 'audio/wav' });
  }

  #pack(): void {
    this.#pieces.push(new Blob(this.#recent));
    this.#recent = [];
    this.#recentBytes = 0;
  }

  #atOneRate(fromHz: number, left: Float32Array, right: Float32Array): [Float32Array, Float32Array] {
    const toHz = this.#rateHz ?? fromHz;
    if (fromHz === toHz) this.#changes = undefined;
    else if (this.#changes?.fromHz !== fromHz)
      this.#changes = { fromHz, left: new RateChange(fromHz, toHz), right: new RateChange(fromHz, toHz) };
    return this.#changes
      ? [this.#changes.left.process(left), this.#changes.right.process(right)]
      : [left, right];
  }
}

/** WAV is little-endian, and so is every machine with a browser. */
function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}

function header(frames: number, rateHz: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at: number, letters: string): void => {
    for (let index = 0; index < letters.length; index++) view.setUint8(at + index, letters.charCodeAt(index));
  };
  const dataBytes = frames * FRAME_BYTES;
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * FRAME_BYTES, true);
  view.setUint16(32, FRAME_BYTES, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  return view.buffer;
}
