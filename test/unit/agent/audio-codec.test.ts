import { describe, expect, test } from 'vitest';
import { AudioDecoder, BYTES_PER_SAMPLE, encodeAudio, type Encoding } from '../../../agent/audio-codec.js';
import { seededRandom } from '../../../agent/random.js';

const ENCODINGS: readonly Encoding[] = ['audio/pcm', 'audio/pcmu', 'audio/pcma'];

function noise(length: number): Float32Array {
  const random = seededRandom(7);
  return Float32Array.from({ length }, () => random() * 1.6 - 0.8);
}

describe.each(ENCODINGS)('%s', (encoding) => {
  test('decodes the same whatever messages the bytes come in, half samples included', () => {
    const bytes = encodeAudio(encoding, noise(4000));
    const whole = new AudioDecoder(encoding).decode(bytes);
    const random = seededRandom(3);
    const decoder = new AudioDecoder(encoding);
    const pieces: number[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = start + 1 + Math.floor(random() * 120);
      pieces.push(...decoder.decode(bytes.subarray(start, end)));
      start = end;
    }
    expect(pieces).toEqual([...whole]);
    expect(whole.length).toBe(bytes.length / BYTES_PER_SAMPLE[encoding]);
  });

  test('keeps the signal', () => {
    const signal = noise(4000);
    const decoded = new AudioDecoder(encoding).decode(encodeAudio(encoding, signal));
    const error = signal.reduce((sum, sample, index) => sum + (sample - decoded[index]!) ** 2, 0);
    const power = signal.reduce((sum, sample) => sum + sample ** 2, 0);
    expect(10 * Math.log10(power / error)).toBeGreaterThan(encoding === 'audio/pcm' ? 85 : 36);
  });

  test('clamps what is too loud instead of wrapping it', () => {
    const decoded = new AudioDecoder(encoding).decode(encodeAudio(encoding, Float32Array.of(3, -3)));
    expect(decoded[0]).toBeGreaterThan(0.97);
    expect(decoded[1]).toBeLessThan(-0.97);
  });
});
