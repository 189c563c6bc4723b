import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from './g711-reference.js';
import type { Sound } from './wav.js';

/**
 * Decodes bytes in one of the three encodings by the reference tables.
 *
 * @throws Error if PCM ends in half a sample
 */
export function decodeWireAudio(encoding: AudioEncoding, bytes: Uint8Array): Sound {
  const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[encoding];
  if (bytes.length % bytesPerSample !== 0) throw new Error(`${bytes.length} bytes end in half a sample.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.length / bytesPerSample);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = decodeSample(encoding, view, index) / 32_768;
  }
  return { rateHz, samples };
}

function decodeSample(encoding: AudioEncoding, view: DataView, index: number): number {
  switch (encoding) {
    case 'audio/pcm':
      return view.getInt16(index * 2, true);
    case 'audio/pcmu':
      return decodeUlaw(view.getUint8(index));
    case 'audio/pcma':
      return decodeAlaw(view.getUint8(index));
  }
}

/**
 * Encodes a sound as a server sends it.
 *
 * @throws Error unless the sound has the rate of the encoding
 */
export function encodeWireAudio(encoding: AudioEncoding, { rateHz, samples }: Sound): Uint8Array {
  const facts = AUDIO_ENCODINGS[encoding];
  if (rateHz !== facts.rateHz) throw new Error(`${encoding} runs at ${facts.rateHz} Hz, not ${rateHz}.`);
  const bytes = new Uint8Array(samples.length * facts.bytesPerSample);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of samples.entries()) {
    const sample = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
    if (encoding === 'audio/pcm') view.setInt16(index * 2, sample, true);
    else view.setUint8(index, encoding === 'audio/pcmu' ? encodeUlaw(sample) : encodeAlaw(sample));
  }
  return bytes;
}
