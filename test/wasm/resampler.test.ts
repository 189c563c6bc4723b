import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../src/engine/create-engine.js';
import { ratePairs } from '../bench/resampler-timing.js';
import { fitTone } from '../support/tone-fit.js';

const AMPLITUDE = 0.5;

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

function tone(rateHz: number, frequencyHz: number, seconds: number): Float32Array {
  const omega = (2 * Math.PI * frequencyHz) / rateHz;
  return Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, i) => AMPLITUDE * Math.sin(omega * i),
  );
}

interface ToneResult {
  readonly gainDb: number;
  readonly snrDb: number;
  /** Total output, relative to the input tone. */
  readonly levelDb: number;
  /** Output other than the tone, relative to the input tone. */
  readonly residueDb: number;
  readonly delayInputFrames: number;
}

/** Resamples a tone and analyses the settled part of the output. */
function send(inputRate: number, outputRate: number, frequencyHz: number, seconds = 0.3): ToneResult {
  const resampler = engine.createResampler({ inputRate, outputRate });
  const all = resampler.process(tone(inputRate, frequencyHz, seconds));
  const from = Math.floor(all.length * 0.2);
  const samples = all.subarray(from, Math.floor(all.length * 0.95));
  const fit = fitTone({ rateHz: outputRate, samples }, frequencyHz);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const turns = ((from / outputRate) * frequencyHz - fit.phase / (2 * Math.PI)) % 1;
  const expectedTurns = (resampler.delayFrames / inputRate) * frequencyHz;
  const difference = turns - expectedTurns - Math.round(turns - expectedTurns);
  const gainDb = 20 * Math.log10(fit.amplitude / AMPLITUDE);
  return {
    gainDb,
    snrDb: fit.snrDb,
    levelDb: 10 * Math.log10((2 * power) / AMPLITUDE ** 2 + 1e-30),
    residueDb: gainDb - fit.snrDb,
    delayInputFrames: resampler.delayFrames + (difference / frequencyHz) * inputRate,
  };
}

/** Seeded, so the same on every machine. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

describe.each(ratePairs())('resampling from %i to %i Hz', (inputRate, outputRate) => {
  const nyquistHz = Math.min(inputRate, outputRate) / 2;
  const passEdge = nyquistHz === 4000 ? 0.85 : 0.9;

  it('keeps a tone of 997 Hz clean by 100 dB', () => {
    expect(send(inputRate, outputRate, 997).snrDb).toBeGreaterThan(100);
  });

  it('is flat within 0.05 dB over the pass band', () => {
    for (const part of [0.05, 0.2, 0.4, 0.6, 0.75, 0.82, passEdge]) {
      expect(Math.abs(send(inputRate, outputRate, part * nyquistHz).gainDb), `at ${part}`).toBeLessThan(0.05);
    }
  });

  it('stops aliases and images from 1.03 of the narrower Nyquist frequency on', () => {
    if (inputRate > outputRate) {
      for (let hz = 1.03 * nyquistHz; hz < inputRate / 2; hz *= 1.031) {
        expect(send(inputRate, outputRate, hz, 0.1).levelDb, `${hz} Hz`).toBeLessThan(-95);
      }
    } else {
      // the image of 0.97 falls on 1.03
      for (const part of [0.97, 0.93, 0.8, 0.6, 0.31]) {
        expect(send(inputRate, outputRate, part * nyquistHz).residueDb, `at ${part}`).toBeLessThan(-95);
      }
    }
  });

  it('has the delay of delayFrames, within the limit', () => {
    const limitMs = nyquistHz === 4000 ? 3.1 : nyquistHz === 8000 ? 2.1 : 1.51;
    const { delayFrames } = engine.createResampler({ inputRate, outputRate });
    expect((delayFrames / inputRate) * 1000).toBeLessThan(limitMs);
    expect(send(inputRate, outputRate, 441).delayInputFrames).toBeCloseTo(delayFrames, 3);
  });

  it('gives the same samples for any block sizes', () => {
    const input = noise(Math.round(inputRate / 10) + 13, inputRate + outputRate);
    const whole = engine.createResampler({ inputRate, outputRate });
    const expected = concatenate([whole.process(input), whole.flush()]);
    const cuts = noise(10_000, 5);
    const pieces: Float32Array[] = [];
    const cut = engine.createResampler({ inputRate, outputRate });
    for (let at = 0, i = 0; at < input.length; i++) {
      const length = Math.floor(Math.abs(cuts[i]!) ** 3 * 1500);
      pieces.push(cut.process(input.subarray(at, at + length)));
      at += length;
    }
    const actual = concatenate([...pieces, cut.flush()]);
    expect(actual).toEqual(expected);
    expect(actual.length).toBe(Math.round(((input.length + cut.delayFrames) * outputRate) / inputRate));
  });
});

describe('a resampler', () => {
  it('is as good with an interpolated filter, for rates without a short ratio', () => {
    for (const [inputRate, outputRate] of [
      [44_099, 24_000],
      [24_000, 44_099],
      [191_999, 8_000],
      [8_000, 191_999],
      [47_999, 48_001],
    ] as const) {
      const nyquistHz = Math.min(inputRate, outputRate) / 2;
      expect(send(inputRate, outputRate, 997).snrDb).toBeGreaterThan(100);
      expect(Math.abs(send(inputRate, outputRate, 0.85 * nyquistHz).gainDb)).toBeLessThan(0.05);
      if (inputRate > 1.1 * outputRate)
        expect(send(inputRate, outputRate, 1.03 * nyquistHz).levelDb).toBeLessThan(-95);
    }
  });

  it('does not drift: an hour at odd rates has the exact length', () => {
    const resampler = engine.createResampler({ inputRate: 11_025, outputRate: 8_000 });
    const minute = new Float32Array(60 * 11_025);
    let frames = 0;
    for (let i = 0; i < 60; i++) frames += resampler.process(minute).length;
    expect(Math.abs(frames - 3600 * 8_000)).toBeLessThanOrEqual(1);
  });

  it('passes through equal rates unchanged', () => {
    const resampler = engine.createResampler({ inputRate: 24_000, outputRate: 24_000 });
    const input = noise(3000, 1);
    expect(resampler.delayFrames).toBe(0);
    expect(resampler.process(input)).toEqual(input);
    expect(resampler.flush()).toHaveLength(0);
  });

  it('returns no output for no input', () => {
    const resampler = engine.createResampler({ inputRate: 48_000, outputRate: 24_000 });
    expect(resampler.process(new Float32Array(0))).toHaveLength(0);
  });

  it('starts again after flush and reset', () => {
    const resampler = engine.createResampler({ inputRate: 44_100, outputRate: 24_000 });
    const input = noise(500, 3);
    const first = resampler.process(input);
    resampler.flush();
    expect(resampler.process(input)).toEqual(first);
    resampler.reset();
    expect(resampler.process(input)).toEqual(first);
  });

  it('shares one memory with 300 others without disturbing them', () => {
    const rates = [16_000, 22_050, 44_100, 48_000, 88_200, 96_000, 43_210];
    const input = noise(2048, 9);
    const many = Array.from({ length: 300 }, (_, i) =>
      engine.createResampler({
        inputRate: rates[i % rates.length]!,
        outputRate: i % 2 === 0 ? 8_000 : 24_000,
      }),
    );
    const outputs = many.map((): Float32Array[] => []);
    for (let at = 0; at < input.length; at += 512) {
      many.forEach((resampler, i) => outputs[i]!.push(resampler.process(input.subarray(at, at + 512))));
    }
    many.forEach(({ inputRate, outputRate }, i) => {
      const alone = engine.createResampler({ inputRate, outputRate });
      expect(concatenate(outputs[i]!)).toEqual(alone.process(input));
    });
  });

  it.each([7_999, 192_001, 44_100.5, NaN, Infinity, 0, -48_000])('refuses the rate %d', (rate) => {
    for (const options of [
      { inputRate: rate, outputRate: 24_000 },
      { inputRate: 24_000, outputRate: rate },
    ]) {
      expect(() => engine.createResampler(options)).toThrow(
        expect.objectContaining({ code: 'invalid_option' }),
      );
    }
  });
});
