/** The three encodings of the Voice Agent API (audio format page; protocol §5). Audio is always mono. */
export type AudioEncoding = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

export interface EncodingFacts {
  /** Samples per second. */
  readonly rateHz: 24_000 | 8_000;
  readonly bytesPerSample: 1 | 2;
}

export const AUDIO_ENCODINGS: Readonly<Record<AudioEncoding, EncodingFacts>> = {
  'audio/pcm': { rateHz: 24_000, bytesPerSample: 2 },
  'audio/pcmu': { rateHz: 8_000, bytesPerSample: 1 },
  'audio/pcma': { rateHz: 8_000, bytesPerSample: 1 },
};

export const DEFAULT_ENCODING: AudioEncoding = 'audio/pcm';

export function isAudioEncoding(value: unknown): value is AudioEncoding {
  return typeof value === 'string' && Object.hasOwn(AUDIO_ENCODINGS, value);
}
