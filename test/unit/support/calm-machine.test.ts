import { describe, expect, it } from 'vitest';
import { MachineMeter, onCalmMachine } from '../../support/calm-machine.js';

/** Keeps this process from running, as an overloaded machine does. */
async function stall(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const from = performance.now();
  while (performance.now() - from < durationMs);
  await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('measuring on a calm machine', () => {
  it('sees a stall, with its length', async () => {
    const machine = new MachineMeter();
    await stall(120);
    machine.endTimedPart();
    expect(machine.wasStarved).toBe(true);
    expect(machine.worstStallMs).toBeGreaterThan(100);
  });

  it('takes no notice of what comes after the timed part', async () => {
    const machine = new MachineMeter();
    machine.endTimedPart();
    const before = machine.worstStallMs;
    await stall(120);
    expect(machine.worstStallMs).toBe(before);
  });

  it('measures again after a failure among stalls, and no more than three times', async () => {
    let attempts = 0;
    const measure = async (): Promise<void> => {
      attempts += 1;
      await stall(120);
      throw new Error('a gap');
    };
    await expect(onCalmMachine(measure)).rejects.toThrow('a gap');
    expect(attempts).toBe(3);
  });

  it('does not measure again what passed', async () => {
    let attempts = 0;
    await onCalmMachine(async () => {
      attempts += 1;
      await stall(120);
    });
    expect(attempts).toBe(1);
  });
});
