import { describe, expect, it } from 'vitest';
import { MeanDelay } from '../../../src/worklet/mean-delay.js';

describe('MeanDelay', () => {
  it('is undefined before the first delay', () => {
    expect(new MeanDelay().read()).toBeUndefined();
  });

  it('is the mean since the last reading, or the previous value', () => {
    const mean = new MeanDelay();
    mean.add(10);
    mean.add(30);
    expect(mean.read()).toBe(20);
    expect(mean.read()).toBe(20);
    mean.add(5);
    expect(mean.read()).toBe(5);
  });

  it('counts negative delays as 0, when the clock is set back', () => {
    const mean = new MeanDelay();
    mean.add(-1_000);
    mean.add(20);
    expect(mean.read()).toBe(10);
  });
});
