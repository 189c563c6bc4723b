import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../agent/random.js';
import { SincResampler, resampleWhole } from '../../../agent/sinc-resampler.js';

function tone(frequencyHz: number, rateHz: number, frames: number): Float32Array {
  return Float32Array.from(
    { length: frames },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * index) / rateHz),
  );
}

function levelDb(samples: Float32Array, reference: number): number {
  const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
  return 20 * Math.log10(rms / reference);
}

const TONE_RMS = 0.5 / Math.SQRT2;

describe.each([
  [16_000, 24_000],
  [16_000, 8_000],
  [24_000, 8_000],
  [44_100, 24_000],
])('from %i to %i Hz', (inputRateHz, outputRateHz) => {
  test('a tone keeps its place, level and purity', () => {
    const output = resampleWhole(tone(997, inputRateHz, inputRateHz), inputRateHz, outputRateHz);
    const ideal = tone(997, outputRateHz, output.length);
    const middle = (samples: Float32Array): Float32Array => samples.slice(1000, -1000);
    const error = middle(output).map((sample, index) => sample - middle(ideal)[index]!);
    expect(levelDb(error, TONE_RMS)).toBeLessThan(-70);
  });

  test('streams in blocks of any size to the same samples', () => {
    const input = tone(440, inputRateHz, 6000);
    const whole = new SincResampler(inputRateHz, outputRateHz).process(input);
    const random = seededRandom(11);
    const resampler = new SincResampler(inputRateHz, outputRateHz);
    const streamed: number[] = [];
    for (let start = 0; start < input.length;) {
      const end = start + 1 + Math.floor(random() * 700);
      streamed.push(...resampler.process(input.subarray(start, end)));
      start = end;
    }
    expect(streamed).toEqual([...whole]);
  });
});

test('what the narrower band cannot hold does not come back as something else', () => {
  const output = resampleWhole(tone(7000, 24_000, 24_000), 24_000, 8_000);
  expect(levelDb(output.slice(500, -500), TONE_RMS)).toBeLessThan(-60);
});
