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

/** Renders in bursts as browsers do, for as long as the output is watched. @returns when each quantum was played. */
function playedAtMs(
  output: SteadyOutput,
  fromMs: number,
  { burstMs = 10, stalls = [] }: Rendering = {},
): number[] {
  const played: number[] = [];
  let elapsedMs = 0;
  let dueMs = 0;
  let renderedMs = 0;
  let nextStall = 0;
  while (output.watching) {
    if (elapsedMs > 30_000) throw new Error('It watches for ever.');
    const stall = stalls[nextStall];
    if (stall && elapsedMs >= stall.atMs) {
      elapsedMs += stall.lengthMs;
      nextStall++;
    }
    for (dueMs += burstMs; renderedMs < dueMs; renderedMs += QUANTUM_MS) {
      output.advance(QUANTUM, fromMs + elapsedMs);
      if (!output.waiting) played.push(elapsedMs);
    }
    elapsedMs += burstMs;
  }
  return played;
}

describe('SteadyOutput', () => {
  it('is not watched before a microphone was opened', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.advance(QUANTUM, 0);
    expect(output).toMatchObject({ watching: false, waiting: false });
  });

  for (const burstMs of [3, 10, 20, 40]) {
    it(`plays at once on an output that renders in bursts of ${burstMs} ms, and is watched for a second`, () => {
      const output = new SteadyOutput(RATE_HZ);
      output.begin(0, 1_000);
      const played = playedAtMs(output, 1_000, { burstMs });
      expect(played[0]).toBe(0);
      // No quantum was held.
      const lastMs = played.at(-1)!;
      expect(lastMs).toBeGreaterThanOrEqual(960);
      expect(played.length).toBeCloseTo((lastMs + burstMs) / QUANTUM_MS, -1);
    });
  }

  it('waits for the requested time even on a steady output', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(1_000, 0);
    const [firstMs] = playedAtMs(output, 0);
    expect(firstMs).toBeGreaterThanOrEqual(980);
    expect(firstMs).toBeLessThan(1_020);
  });

  it('plays nothing after a stall until the output has been even for 100 ms', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const stalls = [
      { atMs: 50, lengthMs: 400 },
      { atMs: 500, lengthMs: 80 },
    ];
    const played = playedAtMs(output, 0, { stalls });
    const after = played.filter((atMs) => atMs > 50);
    expect(after[0]).toBeGreaterThanOrEqual(660);
    expect(after[0]).toBeLessThan(760);
  });

  it('takes a clock that falls behind little by little for a stall, too', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const waited: boolean[] = [];
    for (let n = 0; n < 200; n++) {
      output.advance(QUANTUM, n * QUANTUM_MS * 1.4);
      waited.push(output.waiting);
    }
    expect(waited.indexOf(true)).toBeGreaterThan(30);
  });

  it('takes a gap for a stall although the output had been rendered ahead', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    for (let n = 0; n < 15; n++) output.advance(QUANTUM, 0);
    expect(output.waiting).toBe(false);
    output.advance(QUANTUM, 90);
    expect(output.waiting).toBe(true);
  });

  it('is watched on while it waits, and no longer after that', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const stalls = [{ atMs: 950, lengthMs: 500 }];
    const played = playedAtMs(output, 0, { stalls });
    expect(played.some((atMs) => atMs > 950 && atMs < 1_540)).toBe(false);
    expect(output).toMatchObject({ watching: false, waiting: false });
  });

  it('gives up on an output that is never steady after 3 s', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    const stalls = Array.from({ length: 200 }, (_, index) => ({ atMs: index * 80, lengthMs: 70 }));
    const played = playedAtMs(output, 0, { stalls });
    expect(played.at(-1)).toBeGreaterThanOrEqual(3_000);
    expect(played.at(-1)).toBeLessThan(3_100);
  });

  it('starts again with every microphone', () => {
    const output = new SteadyOutput(RATE_HZ);
    output.begin(0, 0);
    playedAtMs(output, 0);
    output.begin(200, 5_000);
    expect(output.waiting).toBe(true);
    expect(playedAtMs(output, 5_000)[0]).toBeGreaterThanOrEqual(180);
  });
});
