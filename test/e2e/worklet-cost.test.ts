import { expect, test } from '@playwright/test';
import { measureInChromium, QUANTUM_US } from '../bench/browser-worklet.bench.js';

/** The short form of the bench; a tenth of this is measured on a quiet machine. */
test('one direction costs less than a hundredth of a render quantum in the worklet of a real browser', async () => {
  const { captureUs, bothUs, heapGrowthBytes } = await measureInChromium(3);
  console.log(
    `microphone ${captureUs.toFixed(2)} µs, speaker ${(bothUs - captureUs).toFixed(2)} µs a quantum`,
  );
  expect(captureUs).toBeLessThan(QUANTUM_US / 100);
  expect(bothUs - captureUs).toBeLessThan(QUANTUM_US / 100);
  expect(heapGrowthBytes, 'kept after 90 000 quanta').toBeLessThan(100_000);
});
