/**
 * The three encodings of the Voice Agent API. Audio is always mono. `assembly/codec.ts` has the same facts for the
 * engine; tests in test/wasm/ check that the two agree.
 */
export type AudioEncoding = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

/** What the library knows about an encoding. */
export interface EncodingFacts {
  /** Samples per second. */
  readonly rateHz: 24_000 | 8_000;
  /** Bytes of one sample on the wire. */
  readonly bytesPerSample: 1 | 2;
  /** The byte that represents silence. */
  readonly silence: number;
  /** Its number in the engine. */
  readonly engineNumber: number;
}

/** The encodings by their names in the API. */
export const AUDIO_ENCODINGS: Readonly<Record<AudioEncoding, EncodingFacts>> = {
  'audio/pcm': { rateHz: 24_000, bytesPerSample: 2, silence: 0, engineNumber: 0 },
  'audio/pcmu': { rateHz: 8_000, bytesPerSample: 1, silence: 0xff, engineNumber: 1 },
  'audio/pcma': { rateHz: 8_000, bytesPerSample: 1, silence: 0xd5, engineNumber: 2 },
};

export const DEFAULT_ENCODING: AudioEncoding = 'audio/pcm';

export function isAudioEncoding(value: unknown): value is AudioEncoding {
  return typeof value === 'string' && Object.hasOwn(AUDIO_ENCODINGS, value);
}
