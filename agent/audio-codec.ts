/** The service's three encodings, read and written. Scale: int16 / 32768. */
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from './g711.js';

export type Encoding = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

export const RATE_HZ: Readonly<Record<Encoding, 24_000 | 8_000>> = {
  'audio/pcm': 24_000,
  'audio/pcmu': 8_000,
  'audio/pcma': 8_000,
};

export const BYTES_PER_SAMPLE: Readonly<Record<Encoding, 1 | 2>> = {
  'audio/pcm': 2,
  'audio/pcmu': 1,
  'audio/pcma': 1,
};

/** What the service puts into one message: 10 ms of PCM, 37.5 ms of G.711. */
export const FRAME_BYTES: Readonly<Record<Encoding, number>> = {
  'audio/pcm': 480,
  'audio/pcmu': 300,
  'audio/pcma': 300,
};

function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}

export function encodeAudio(encoding: Encoding, samples: Float32Array): Uint8Array {
  if (encoding === 'audio/pcm') {
    const bytes = new Uint8Array(samples.length * 2);
    const view = new DataView(bytes.buffer);
    samples.forEach((sample, index) => view.setInt16(2 * index, toInt16(sample), true));
    return bytes;
  }
  const encode = encoding === 'audio/pcmu' ? encodeMuLaw : encodeALaw;
  return Uint8Array.from(samples, (sample) => encode(toInt16(sample)));
}

/** Decodes a stream whose messages may cut a sample in two. */
export class AudioDecoder {
  readonly encoding: Encoding;
  #carriedByte: number | undefined;

  constructor(encoding: Encoding) {
    this.encoding = encoding;
  }

  get rateHz(): number {
    return RATE_HZ[this.encoding];
  }

  decode(bytes: Uint8Array): Float32Array {
    if (this.encoding === 'audio/pcm') return this.#decodePcm(bytes);
    const decode = this.encoding === 'audio/pcmu' ? decodeMuLaw : decodeALaw;
    return Float32Array.from(bytes, (byte) => decode(byte) / 32_768);
  }

  #decodePcm(bytes: Uint8Array): Float32Array {
    const whole = this.#carriedByte === undefined ? bytes : new Uint8Array(bytes.length + 1);
    if (this.#carriedByte !== undefined) {
      whole[0] = this.#carriedByte;
      whole.set(bytes, 1);
    }
    this.#carriedByte = whole.length % 2 === 1 ? whole.at(-1) : undefined;
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    return Float32Array.from(
      { length: whole.length >> 1 },
      (_, index) => view.getInt16(2 * index, true) / 32_768,
    );
  }
}
