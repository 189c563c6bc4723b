import { describe, expect, test } from 'vitest';
import { resampleWhole, sharedEngine } from '../../../agent/encodings.js';
import { makeTone } from '../../support/tones.js';
import { measureTone } from '../../support/tone-fit.js';

const engine = await sharedEngine();

describe.each([
  [16_000, 24_000],
  [16_000, 8_000],
  [44_100, 24_000],
])('a recording from %i to %i Hz', (inputRateHz, outputRateHz) => {
  const tone = makeTone({
    frequencyHz: 997,
    durationMs: 400,
    amplitude: 0.5,
    rampMs: 20,
    rateHz: inputRateHz,
  });
  const samples = resampleWhole(engine, tone.samples, inputRateHz, outputRateHz);

  test('keeps its length and pitch', () => {
    expect(samples.length).toBe(Math.round((tone.samples.length * outputRateHz) / inputRateHz));
    const middle = { rateHz: outputRateHz, samples: samples.slice(0.1 * outputRateHz, 0.3 * outputRateHz) };
    expect(measureTone(middle, 997).snrDb).toBeGreaterThan(60);
  });

  test('is aligned: the delay of the filter is removed', () => {
    const ideal = makeTone({
      frequencyHz: 997,
      durationMs: 400,
      amplitude: 0.5,
      rampMs: 20,
      rateHz: outputRateHz,
    });
    const error = samples.map((sample, index) => Math.abs(sample - ideal.samples[index]!));
    // An offset of one output sample would give 0.5 · 2π · 997 / rate: at least 0.13.
    expect(Math.max(...error)).toBeLessThan(0.12);
  });
});

test('is unchanged at the same rate', () => {
  const samples = Float32Array.of(0.1, -0.2);
  expect(resampleWhole(engine, samples, 8000, 8000)).toBe(samples);
});
