import { describe, expect, it } from 'vitest';
import { gapsAtConstantDelay, gapsInHindsight, unforeseeableGaps } from '../bench/jitter/ideal.js';
import { NETWORKS, makeTrace } from '../bench/jitter/networks.js';
import {
  playThroughEngine,
  playThroughQueue,
  type EngineReport,
  type Playout,
} from '../bench/jitter/playout.js';
import { makeCall } from '../bench/jitter/speech.js';
import { engineModule } from './duplex-driver.js';

const SEEDS = [11, 12, 13, 14];
const CALL_MS = 80_000;

interface Result {
  readonly ours: Playout & EngineReport;
  readonly none: Playout;
  readonly idealGaps: number;
  readonly hindsightGaps: number;
  readonly unforeseeable: number;
}

const played = new Map<string, Result[]>();

function playAll(name: string): Result[] {
  const known = played.get(name);
  if (known) return known;
  const network = NETWORKS.find((candidate) => candidate.name === name)!;
  const results = SEEDS.map((seed) => {
    const call = makeCall(seed, CALL_MS);
    const trace = makeTrace(network, call, seed * 31);
    const ours = playThroughEngine(engineModule, call, trace);
    return {
      ours,
      idealGaps: gapsAtConstantDelay(call, trace, ours.meanDelayMs),
      hindsightGaps: gapsInHindsight(call, trace, ours.meanDelayMs),
      unforeseeable: unforeseeableGaps(call, trace, 40),
      none: playThroughQueue(call, trace, 0),
    };
  });
  played.set(name, results);
  return results;
}

function sum<T>(results: readonly T[], read: (result: T) => number): number {
  return results.reduce((total, result) => total + read(result), 0);
}

describe.each(NETWORKS.map(({ name }) => name))('over the network "%s"', (name) => {
  const results = playAll(name);
  const gaps = sum(results, ({ ours }) => ours.gaps);

  it('interrupts speech no more often than the ideal buffer of the same delay, except for unforeseeable gaps', () => {
    const ideal = sum(results, ({ idealGaps }) => idealGaps);
    const unforeseeable = sum(results, (result) => result.unforeseeable);
    // One more is allowed if the first late frame was far from the latest: that cannot be foreseen.
    expect(gaps).toBeLessThanOrEqual(ideal + unforeseeable + 1);
    expect(sum(results, ({ hindsightGaps }) => hindsightGaps)).toBeLessThanOrEqual(gaps);
  });

  it('interrupts no more often than a player without a buffer, and reports its gaps correctly', () => {
    expect(gaps).toBeLessThanOrEqual(sum(results, ({ none }) => none.gaps));
    for (const { ours } of results) expect(Math.abs(ours.underruns - ours.gaps)).toBeLessThanOrEqual(2);
  });
});

it.each(['clean', 'wifi', 'bursty', 'busy page'])(
  'after five seconds over "%s", whose lateness has a limit and does not change, no speech is interrupted',
  (name) => {
    expect(sum(playAll(name), ({ ours }) => ours.laterGaps)).toBe(0);
  },
);

describe('the delay', () => {
  it('is small on a clean network', () => {
    for (const { ours } of playAll('clean')) {
      expect(ours.gaps).toBe(0);
      expect(ours.meanDelayMs).toBeLessThan(30);
      expect(ours.maxDelayMs).toBeLessThan(50);
    }
  });

  it('falls again when a bad network improves', () => {
    for (const { ours } of playAll('recovering')) {
      expect(ours.maxDelayMs).toBeGreaterThan(100);
      expect(ours.lateDelayMs).toBeLessThan(30);
    }
  });

  it('is reduced again after a single stall', () => {
    for (const { ours } of playAll('one stall')) {
      expect(ours.meanDelayMs).toBeLessThan(100);
      expect(ours.droppedSilenceMs).toBeGreaterThan(200);
    }
  });

  it('learns the stalls of a busy page: after the first, no speech is lost', () => {
    for (const { ours } of playAll('busy page')) expect(ours.gaps).toBeLessThanOrEqual(1);
  });
});
