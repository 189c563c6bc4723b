import { describe, expect, it } from 'vitest';
import { MeanDelay } from '../../../src/worklet/mean-delay.js';

describe('MeanDelay', () => {
  it('knows nothing before the first delay', () => {
    expect(new MeanDelay().read()).toBeUndefined();
  });

  it('is the mean since the last reading, and stays when nothing came since', () => {
    const mean = new MeanDelay();
    mean.add(10);
    mean.add(30);
    expect(mean.read()).toBe(20);
    expect(mean.read()).toBe(20);
    mean.add(5);
    expect(mean.read()).toBe(5);
  });

  it('takes no delay for negative when the clock is set back', () => {
    const mean = new MeanDelay();
    mean.add(-1_000);
    mean.add(20);
    expect(mean.read()).toBe(10);
  });
});
