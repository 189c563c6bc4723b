import { expect, it } from 'vitest';
import { LAWS, timeLaw } from '../bench/g711.bench.js';
import { headless } from './duplex-driver.js';

/** The short form of the bench. What is asked is half of what is measured on a quiet machine, so that a busy one passes. */
it.each(LAWS)('$name is coded faster than by its peer in the same run', (law) => {
  const [ownEncode = NaN, peerEncode = NaN, ownDecode = NaN, peerDecode = NaN] = timeLaw(headless, law, 7);
  expect(peerEncode / ownEncode, 'encoding').toBeGreaterThan(1.8);
  expect(peerDecode / ownDecode, 'decoding').toBeGreaterThan(1.5);
});
