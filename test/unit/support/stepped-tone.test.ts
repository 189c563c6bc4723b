import { expect, it } from 'vitest';
import { heardSteps, steppedTone } from '../../support/stepped-tone.js';

const all = Array.from({ length: 40 }, (_, step) => step);

it('every step of a whole tone is heard, and once', () => {
  expect(heardSteps(steppedTone(40))).toEqual(all);
  expect(heardSteps(steppedTone(40, 24_000))).toEqual(all);
});

it('a gap and its position are found', () => {
  const { samples, rateHz } = steppedTone(40, 24_000);
  const step = rateHz / 5;
  const cut = new Float32Array(samples.length - 3 * step);
  cut.set(samples.subarray(0, 10 * step));
  cut.set(samples.subarray(13 * step), 10 * step);
  expect(heardSteps({ samples: cut, rateHz })).toEqual(all.filter((n) => n < 10 || n > 12));
});
