import { describe, expect, it } from 'vitest';
import { framePitchHz, medianPitchHz } from '../../support/pitch.js';
import {
  findGaps,
  findStretches,
  firstAudibleFrame,
  largestStep,
  lastAudibleFrame,
  peak,
  rms,
} from '../../support/sound-level.js';
import { fitTone, measureTone } from '../../support/tone-fit.js';
import { concatenate, makeSilence, makeTone, slice } from '../../support/tones.js';
import type { Sound } from '../../support/wav.js';

const RATE_HZ = 48_000;
const tone = (frequencyHz: number, durationMs: number, amplitude = 0.5): Sound =>
  makeTone({ frequencyHz, durationMs, amplitude, rateHz: RATE_HZ });

/** Pulses of a voice: a sawtooth, rich in harmonics, whose fundamental is not its strongest part. */
function buzz(frequencyHz: number, durationMs: number): Sound {
  const { samples } = makeSilence(durationMs, RATE_HZ);
  for (const frame of samples.keys()) {
    for (let harmonic = 1; harmonic <= 12; harmonic += 1) {
      const weight = harmonic === 3 ? 0.2 : 0.05;
      samples[frame]! += weight * Math.sin((2 * Math.PI * frequencyHz * harmonic * frame) / RATE_HZ);
    }
  }
  return { rateHz: RATE_HZ, samples };
}

describe('levels', () => {
  it('measures a sine of peak A as A/√2 RMS', () => {
    const { samples } = makeTone({
      frequencyHz: 1000,
      durationMs: 100,
      amplitude: 0.5,
      rateHz: RATE_HZ,
      rampMs: 0,
    });
    expect(rms(samples)).toBeCloseTo(0.5 / Math.SQRT2, 6);
    expect(peak(samples)).toBeCloseTo(0.5, 6);
  });

  it('finds a click in a tone, and where it is', () => {
    const { samples } = tone(440, 200);
    const clean = largestStep(samples).size;
    // The steepest slope of a sine is 2πfA/rate.
    expect(clean).toBeCloseTo((2 * Math.PI * 440 * 0.5) / RATE_HZ, 4);
    samples[5000] = samples[4999]! + 0.4;
    expect(largestStep(samples).frame).toBeGreaterThanOrEqual(5000);
    expect(largestStep(samples).size).toBeGreaterThan(0.35);
  });
});

describe('gaps', () => {
  const speech = concatenate(
    makeSilence(100, RATE_HZ),
    tone(200, 300),
    makeSilence(40, RATE_HZ),
    tone(200, 200),
    makeSilence(500, RATE_HZ),
    tone(200, 100),
    makeSilence(1000, RATE_HZ),
  );

  it('finds the silences inside the sound, not those around it', () => {
    const gaps = findGaps(speech, { minGapMs: 20 });
    expect(gaps.map((gap) => Math.round(gap.durationMs / 10) * 10)).toEqual([40, 500]);
    expect(Math.abs(gaps[0]!.startMs - 400)).toBeLessThan(3);
  });

  it('leaves out silences that are shorter than asked for', () => {
    expect(findGaps(speech, { minGapMs: 100 })).toHaveLength(1);
  });

  it('divides sound into the stretches between the gaps', () => {
    const stretches = findStretches(speech, { minGapMs: 100 });
    const rounded = stretches.map(({ startMs, endMs }) =>
      [startMs, endMs].map((ms) => Math.round(ms / 10) * 10),
    );
    expect(rounded).toEqual([
      [100, 640],
      [1140, 1240],
    ]);
  });

  it('finds nothing in silence', () => {
    const { samples } = makeSilence(100, RATE_HZ);
    expect(firstAudibleFrame(samples)).toBe(-1);
    expect(lastAudibleFrame(samples)).toBe(-1);
    expect(findStretches(makeSilence(100, RATE_HZ), { minGapMs: 10 })).toEqual([]);
  });

  it('takes the first and the last sample above the threshold', () => {
    const samples = new Float32Array(100);
    samples[7] = -0.01;
    samples[81] = 0.01;
    expect([firstAudibleFrame(samples), lastAudibleFrame(samples)]).toEqual([7, 81]);
  });
});

describe('tone fit', () => {
  it('measures the frequency of a tone to a few parts per million', () => {
    const fit = measureTone(slice(tone(1001.7, 1000), 50, 950), 1000);
    expect(Math.abs(fit.frequencyHz / 1001.7 - 1)).toBeLessThan(2e-6);
    expect(fit.amplitude).toBeCloseTo(0.5, 5);
    expect(fit.snrDb).toBeGreaterThan(110);
  });

  it('measures noise of a known level', () => {
    const sound = slice(tone(997, 1000), 50, 950);
    let seed = 1;
    for (const index of sound.samples.keys()) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      sound.samples[index]! += (seed / 2 ** 32 - 0.5) * 0.01;
    }
    // Uniform noise of width w has the power w²/12.
    const expectedDb = 10 * Math.log10((0.5 * 0.5) / 2 / ((0.01 * 0.01) / 12));
    expect(Math.abs(fitTone(sound, 997).snrDb - expectedDb)).toBeLessThan(0.2);
  });

  it('sees a splice: the phase jumps, so a pure tone is no longer one', () => {
    const whole = tone(997, 1000);
    const spliced = concatenate(slice(whole, 50, 500), slice(whole, 510.4, 950));
    expect(measureTone(spliced, 997).snrDb).toBeLessThan(20);
  });
});

describe('pitch', () => {
  it.each([90, 123.4, 210, 320])(
    'finds %d Hz in a voice-like buzz, whose third harmonic is the strongest',
    (hz) => {
      expect(framePitchHz(buzz(hz, 60).samples, RATE_HZ)! / hz).toBeCloseTo(1, 2);
    },
  );

  it('takes the median over the voiced frames and passes over the pauses', () => {
    const sound = concatenate(buzz(120, 400), makeSilence(300, RATE_HZ), buzz(120, 400));
    expect(medianPitchHz(sound)! / 120).toBeCloseTo(1, 2);
  });

  it('finds no pitch in noise', () => {
    const samples = new Float32Array(4800);
    let seed = 7;
    for (const index of samples.keys()) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      samples[index] = seed / 2 ** 32 - 0.5;
    }
    expect(medianPitchHz({ rateHz: RATE_HZ, samples })).toBeUndefined();
  });
});
