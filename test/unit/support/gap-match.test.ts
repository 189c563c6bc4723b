import { describe, expect, it } from 'vitest';
import { unmatchedGaps } from '../../support/gap-match.js';
import { concatenate, makeSilence, makeTone, slice } from '../../support/tones.js';

const RATE_HZ = 24_000;
const word = (durationMs: number, amplitude = 0.3) =>
  makeTone({ frequencyHz: 180, durationMs, amplitude, rateHz: RATE_HZ });
const pause = (durationMs: number) => makeSilence(durationMs, RATE_HZ);
const speech = concatenate(word(400), pause(80), word(300, 0.1), pause(260), word(500));

describe('gaps that were not sent', () => {
  it('are none in the same speech, however long its pauses have become', () => {
    expect(unmatchedGaps(speech, speech)).toEqual([]);
    const other = concatenate(
      pause(500),
      word(400),
      pause(30),
      word(300, 0.1),
      pause(700),
      word(500),
      pause(90),
    );
    expect(unmatchedGaps(other, speech)).toEqual([]);
  });

  it('are found inside a word', () => {
    const torn = concatenate(slice(speech, 0, 200), pause(40), slice(speech, 200));
    const gaps = unmatchedGaps(torn, speech);
    expect(gaps).toHaveLength(1);
    expect(Math.abs(gaps[0]!.startMs - 200)).toBeLessThan(5);
    expect(Math.abs(gaps[0]!.durationMs - 40)).toBeLessThan(5);
  });

  it('are found in a soft word, too', () => {
    const torn = concatenate(slice(speech, 0, 600), pause(40), slice(speech, 600));
    expect(unmatchedGaps(torn, speech)).toHaveLength(1);
  });

  it('are found when they replace sound instead of delaying it', () => {
    const muted = { rateHz: RATE_HZ, samples: speech.samples.slice() };
    muted.samples.fill(0, 0.9 * RATE_HZ + RATE_HZ * 0.3, 0.9 * RATE_HZ + RATE_HZ * 0.34);
    expect(unmatchedGaps(muted, speech)).not.toEqual([]);
  });
});
