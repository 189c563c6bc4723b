import { describe, expect, it } from 'vitest';
import { timesRealTime } from '../bench/resampler-timing.js';
import { libsamplerate, ours, speex } from '../bench/streaming-resampler.js';
import { headless } from './duplex-driver.js';

/**
 * The short form of the bench, on the pairs that are hardest for us. What is asked is half of what is measured on a
 * quiet machine, so that a busy one passes.
 */
describe('resampling is faster than its peers in the same run', () => {
  it.each([
    [24_000, 16_000],
    [48_000, 24_000],
    [24_000, 48_000],
    [44_100, 24_000],
    [24_000, 192_000],
  ])('from %i to %i Hz', async (inputRate, outputRate) => {
    const factories = [ours(headless), speex(5), speex(10), libsamplerate('medium')];
    const [own, q5, q10, medium] = (await timesRealTime(factories, inputRate, outputRate, {
      seconds: 24_000 / Math.max(inputRate, outputRate),
      rounds: 7,
    })) as [number, number, number, number];
    expect(own / medium, 'libsamplerate medium').toBeGreaterThan(5);
    expect(own / q10, 'Speex q10').toBeGreaterThan(2);
    expect(own / q5, 'Speex q5').toBeGreaterThan(0.5);
    expect(own, 'times real time').toBeGreaterThan(100);
  });
});
