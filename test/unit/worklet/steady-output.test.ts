import { describe, expect, it } from 'vitest';
import { SteadyOutput } from '../../../src/worklet/steady-output.js';

const RATE_HZ = 48_000;
const QUANTUM = 128;
const QUANTUM_MS = (QUANTUM * 1_000) / RATE_HZ;

interface Stall {
  readonly atMs: number;
  readonly lengthMs: number;
}
interface Rendering {
  readonly burstMs?: number;
  /** Times in which the device takes nothing, and after which it goes on without making up for them. */
  readonly stalls?: readonly Stall[];
}

/** Renders in bursts as browsers do. @returns how long playback had to wait. */
function renderUntilReady(
  output: SteadyOutput,
  fromMs: number,
  { burstMs = 10, stalls = [] }: Rendering = {},
): number {
  let elapsedMs = 0;
  let dueMs = 0;
  let renderedMs = 0;
  let nextStall = 0;
  const isReady = (): boolean => !output.waiting;
  while (!isReady()) {
    if (elapsedMs > 30_000) throw new Error('It waits for ever.');
    const stall = stalls[nextStall];
    if (stall && elapsedMs >= stall.atMs) {
      elapsedMs += stall.lengthMs;
      nextStall++;
    }
    for (dueMs += burstMs; renderedMs < dueMs; renderedMs += QUANTUM_MS) {
      output.advance(QUANTUM, fromMs + elapsedMs);
      if (isReady()) return elapsedMs;
    }
    elapsedMs += burstMs;
  }
  return elapsedMs;
}

describe('SteadyOutput', () => {
  it('does not wait before a microphone was opened', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.advance(QUANTUM, 0);
    expect(output.waiting).toBe(false);
  });

  for (const burstMs of [3, 10, 20, 40]) {
    it(`takes an output that renders in bursts of ${burstMs} ms as steady after 100 ms`, () => {
      const output = new SteadyOutput(RATE_HZ);
      output.begin(0, 1_000);
      const readyMs = renderUntilReady(output, 1_000, { burstMs });
      expect(readyMs).toBeGreaterThanOrEqual(60);
      expect(readyMs).toBeLessThanOrEqual(110);
    });
  }

  it('waits for the requested time even on a steady output', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(1_000, 0);
    const readyMs = renderUntilReady(output, 0);
    expect(readyMs).toBeGreaterThanOrEqual(980);
    expect(readyMs).toBeLessThan(1_020);
  });

  it('starts counting again after every stall', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const stalls = [
      { atMs: 50, lengthMs: 400 },
      { atMs: 500, lengthMs: 80 },
    ];
    const readyMs = renderUntilReady(output, 0, { stalls });
    expect(readyMs).toBeGreaterThanOrEqual(660);
    expect(readyMs).toBeLessThan(760);
  });

  it('gives up on an output that is never steady after 3 s', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const stalls = Array.from({ length: 200 }, (_, index) => ({ atMs: index * 80, lengthMs: 70 }));
    const readyMs = renderUntilReady(output, 0, { stalls });
    expect(readyMs).toBeGreaterThanOrEqual(3_000);
    expect(readyMs).toBeLessThan(3_100);
  });

  it('starts again with every microphone', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    renderUntilReady(output, 0);
    output.begin(200, 5_000);
    expect(output.waiting).toBe(true);
    expect(renderUntilReady(output, 5_000)).toBeGreaterThanOrEqual(180);
  });
});
