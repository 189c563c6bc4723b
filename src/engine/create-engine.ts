/** The headless engine: resampling and coding for Node and browsers. */
import { AUDIO_ENCODINGS, isAudioEncoding, type AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import { compileEngine } from './compile-engine.js';
import { engineBytesOf } from './engine-text.js';
import {
  INPUT_ADDRESS,
  OUTPUT_ADDRESS,
  STAGING_FRAMES,
  MIN_RATE_HZ,
  instantiateEngine,
  type EngineExports,
} from './engine-exports.js';
import { wholeEngineText } from '../generated/whole-engine.js';
import { ResamplerSlots } from './resampler-slots.js';
import { SlotResampler, type Resampler, type ResamplerOptions } from './resampler.js';

export type { Resampler, ResamplerOptions } from './resampler.js';
export type { AudioEncoding } from '../audio-encoding.js';

const MAX_RATE_HZ = 192_000;

/** Decodes a byte stream with arbitrary message boundaries. */
export interface StreamDecoder {
  /** Decodes the next bytes. Half a sample is kept for the next call. Floats, int16 / 32768. */
  decode(bytes: Uint8Array): Float32Array;
  /** Discards a kept half. */
  reset(): void;
}

/** Resampling and coding without a call. All audio is mono. */
export interface Engine {
  /**
   * A streaming resampler between any two whole rates from 8 to 192 kHz.
   * @throws VoiceAgentError `invalid_option`
   */
  createResampler(options: ResamplerOptions): Resampler;
  /**
   * Encodes mono samples of full scale ±1 (int16 / 32768): rounded to nearest, clamped, NaN as 0. G.711 equals the
   * reference of ITU-T G.191. Does not resample: `audio/pcm` is 24 kHz, the other two 8 kHz.
   * @throws VoiceAgentError `invalid_option` for an unknown encoding
   */
  encode(encoding: AudioEncoding, samples: Float32Array): Uint8Array;
  /**
   * Decodes whole samples to floats (int16 / 32768).
   * @throws VoiceAgentError `invalid_option` for an unknown encoding or, with `audio/pcm`, an odd number of bytes
   */
  decode(encoding: AudioEncoding, bytes: Uint8Array): Float32Array;
  /**
   * A decoder for messages that may end in the middle of a sample.
   * @throws VoiceAgentError `invalid_option` for an unknown encoding
   */
  createDecoder(encoding: AudioEncoding): StreamDecoder;
}

/**
 * Creates an engine. Its memory is fixed at 3.25 MiB and shared by everything created from it.
 * @param source The compiled `engine.wasm` or its bytes. Default: the embedded copy.
 * @throws VoiceAgentError `engine_failed`
 */
export async function createEngine(source?: BufferSource | WebAssembly.Module): Promise<Engine> {
  const module = await compileEngine(source ?? engineBytesOf(wholeEngineText));
  try {
    return new HeadlessEngine(instantiateEngine(module) as EngineExports);
  } catch (error) {
    throw VoiceAgentError.fatal('engine_failed/start', { cause: error });
  }
}

class HeadlessEngine implements Engine {
  readonly #exports: EngineExports;
  readonly #slots: ResamplerSlots;
  readonly #bytes: Uint8Array;
  readonly #floats: Float32Array;

  constructor(exports: EngineExports) {
    this.#exports = exports;
    this.#slots = new ResamplerSlots(exports);
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#floats = new Float32Array(exports.memory.buffer);
  }

  createResampler(options: ResamplerOptions): Resampler {
    checkRate('inputRate', options.inputRate);
    checkRate('outputRate', options.outputRate);
    return new SlotResampler(this.#slots, options);
  }

  encode(encoding: AudioEncoding, samples: Float32Array): Uint8Array {
    const number = encodingNumber(encoding);
    const { bytesPerSample } = AUDIO_ENCODINGS[encoding];
    const result = new Uint8Array(samples.length * bytesPerSample);
    const input = INPUT_ADDRESS >>> 2;
    const output = OUTPUT_ADDRESS;
    const step = STAGING_FRAMES;
    for (let done = 0; done < samples.length; done += step) {
      const count = Math.min(step, samples.length - done);
      this.#floats.set(samples.subarray(done, done + count), input);
      this.#exports.encode(number, count);
      result.set(this.#bytes.subarray(output, output + count * bytesPerSample), done * bytesPerSample);
    }
    return result;
  }

  decode(encoding: AudioEncoding, bytes: Uint8Array): Float32Array {
    const number = encodingNumber(encoding);
    const { bytesPerSample } = AUDIO_ENCODINGS[encoding];
    if (bytes.length % bytesPerSample !== 0) {
      throw VoiceAgentError.fatal('invalid_option/bytes', { values: { bytes: bytes.length } });
    }
    const result = new Float32Array(bytes.length / bytesPerSample);
    const input = INPUT_ADDRESS;
    const output = OUTPUT_ADDRESS >>> 2;
    const step = STAGING_FRAMES;
    for (let done = 0; done < result.length; done += step) {
      const count = Math.min(step, result.length - done);
      this.#bytes.set(bytes.subarray(done * bytesPerSample, (done + count) * bytesPerSample), input);
      this.#exports.decode(number, count);
      result.set(this.#floats.subarray(output, output + count), done);
    }
    return result;
  }

  createDecoder(encoding: AudioEncoding): StreamDecoder {
    encodingNumber(encoding);
    const { bytesPerSample } = AUDIO_ENCODINGS[encoding];
    let carried: Uint8Array = new Uint8Array(0);
    return {
      decode: (bytes) => {
        const joined = new Uint8Array(carried.length + bytes.length);
        joined.set(carried);
        joined.set(bytes, carried.length);
        const whole = joined.length - (joined.length % bytesPerSample);
        carried = joined.slice(whole);
        return this.decode(encoding, joined.subarray(0, whole));
      },
      reset: () => {
        carried = new Uint8Array(0);
      },
    };
  }
}

function encodingNumber(encoding: AudioEncoding): number {
  if (isAudioEncoding(encoding)) return AUDIO_ENCODINGS[encoding].engineNumber;
  const wanted = `one of ${Object.keys(AUDIO_ENCODINGS).join(', ')}`;
  throw VoiceAgentError.fatal('invalid_option/value', { values: { name: String(encoding), wanted } });
}

/** Throws `invalid_option` unless `value` is a whole number of Hz that the engine can convert. */
function checkRate(name: string, value: number): void {
  if (Number.isInteger(value) && value >= MIN_RATE_HZ && value <= MAX_RATE_HZ) return;
  const wanted = `a whole number of Hz from ${MIN_RATE_HZ} to ${MAX_RATE_HZ}`;
  throw VoiceAgentError.fatal('invalid_option/value', { values: { name, wanted } });
}
