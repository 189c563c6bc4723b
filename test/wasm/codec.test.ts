import { beforeAll, describe, expect, it } from 'vitest';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { createEngine, type Engine } from '../../src/engine/create-engine.js';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from '../support/g711-reference.js';

const ALL_INT16 = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
const ALL_CODES = Uint8Array.from({ length: 256 }, (_, i) => i);

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

function toFloats(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}

describe.each([
  ['audio/pcmu', encodeUlaw, decodeUlaw],
  ['audio/pcma', encodeAlaw, decodeAlaw],
] as const)('%s', (encoding, encodeReference, decodeReference) => {
  it('encodes all 65 536 samples like ITU-T G.191', () => {
    expect(engine.encode(encoding, toFloats(ALL_INT16))).toEqual(Uint8Array.from(ALL_INT16, encodeReference));
  });

  it('decodes all 256 codes like ITU-T G.191', () => {
    const expected = Float32Array.from(ALL_CODES, (code) => decodeReference(code) / 32_768);
    expect(engine.decode(encoding, ALL_CODES)).toEqual(expected);
  });
});

describe.each(Object.entries(AUDIO_ENCODINGS))(
  'what src knows of %s',
  (name, { bytesPerSample, silence }) => {
    it('matches the engine: bytes per sample, and silence', () => {
      const bytes = engine.encode(name as AudioEncoding, new Float32Array(3));
      expect(bytes).toEqual(new Uint8Array(3 * bytesPerSample).fill(silence));
    });
  },
);

it('the encodings match the audio format page of the API', () => {
  expect(AUDIO_ENCODINGS).toMatchObject({
    'audio/pcm': { rateHz: 24_000, bytesPerSample: 2, silence: 0 },
    'audio/pcmu': { rateHz: 8_000, bytesPerSample: 1, silence: 0xff },
    'audio/pcma': { rateHz: 8_000, bytesPerSample: 1, silence: 0xd5 },
  });
});

describe('audio/pcm', () => {
  it('returns every int16 unchanged', () => {
    const bytes = new Uint8Array(ALL_INT16.buffer);
    expect(engine.decode('audio/pcm', bytes)).toEqual(toFloats(ALL_INT16));
    expect(engine.encode('audio/pcm', toFloats(ALL_INT16))).toEqual(bytes);
  });

  it('rounds to the nearest, clamps overload, and turns NaN into silence', () => {
    const steps = [0.4, 0.6, -0.4, -0.6, 1000.51, -1000.49];
    const input = Float32Array.of(
      ...steps.map((step) => step / 32_768),
      1,
      1.5,
      -1,
      -7,
      Infinity,
      -Infinity,
      NaN,
    );
    const output = new Int16Array(engine.encode('audio/pcm', input).buffer);
    expect([...output]).toEqual(
      [0, 1, 0, -1, 1001, -1000].concat([32_767, 32_767, -32_768, -32_768, 32_767, -32_768, 0]),
    );
  });

  it('refuses half a sample', () => {
    expect(() => engine.decode('audio/pcm', new Uint8Array(3))).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});

describe('coding', () => {
  it.each(['audio/pcm', 'audio/pcmu', 'audio/pcma'] as const)('accepts any length of %s', (encoding) => {
    for (const length of [0, 1, 7, 8, 9, 4095, 4096, 4097, 10_001]) {
      const samples = toFloats(ALL_INT16.subarray(0, length));
      const bytes = engine.encode(encoding, samples);
      expect(engine.decode(encoding, bytes)).toHaveLength(length);
      expect(engine.encode(encoding, engine.decode(encoding, bytes))).toEqual(bytes);
    }
  });

  it('continues after any split of a stream, including odd bytes', () => {
    const bytes = new Uint8Array(ALL_INT16.buffer, 0, 20_000);
    const decoder = engine.createDecoder('audio/pcm');
    const decoded: number[] = [];
    for (let at = 0, length = 0; at < bytes.length; at += length) {
      length = (at * 7919) % 83;
      if (length === 0) length = 1;
      decoded.push(...decoder.decode(bytes.subarray(at, at + length)));
    }
    expect(Float32Array.from(decoded)).toEqual(engine.decode('audio/pcm', bytes));
  });

  it('refuses an unknown encoding', () => {
    expect(() => engine.encode('audio/opus' as AudioEncoding, new Float32Array(1))).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});
