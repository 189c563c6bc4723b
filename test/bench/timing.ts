import type { Control } from '../support/figures.js';
import { median } from '../support/statistics.js';

/** Wall time of a call in ms. */
export function elapsedMs(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

/** About a millisecond of constant work. Variations of its time are caused by the machine. */
function bareLoop(): number {
  let sum = 0;
  for (let i = 0; i < 1_000_000; i++) sum = (sum + i * i) | 0;
  return sum;
}

/**
 * The control for speeds: how much slower than its best time a bare loop sometimes is. On a quiet machine, nine of ten runs
 * are within a third of the median.
 */
export function loopUnsteadiness(): Control {
  let kept = 0;
  for (let i = 0; i < 20; i++) kept |= bareLoop();
  const times = Array.from({ length: 200 }, () => elapsedMs(() => (kept |= bareLoop()))).sort(
    (a, b) => a - b,
  );
  const [middle = NaN, late = NaN] = [times[100], times[180]];
  return {
    what: 'a bare loop, p90 ÷ median',
    value: kept === 0.5 ? NaN : late / middle,
    limit: 1.33,
    unit: '×',
  };
}

/** A round counts as an improvement if it is faster than the fastest so far by this factor. */
const SETTLED = 0.95;
const SETTLED_ROUNDS = 4;
const MAX_WARM_UP_ROUNDS = 40;

/** Repeats a work until it no longer becomes faster: the optimizing compiler works in the background. */
function warmUp(work: () => void): void {
  let fastest = Infinity;
  let settled = 0;
  for (let round = 0; round < MAX_WARM_UP_ROUNDS && settled < SETTLED_ROUNDS; round++) {
    const time = elapsedMs(work);
    settled = time < fastest * SETTLED ? 0 : settled + 1;
    fastest = Math.min(fastest, time);
  }
}

/**
 * Times several functions in turn, round after round, so that a busy moment of the machine affects all of them. Each is
 * warmed up before.
 * @returns the median of each in ms, in order
 */
export function medianTimes(works: readonly (() => void)[], rounds: number): number[] {
  for (const work of works) warmUp(work);
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, index) => times[index]?.push(elapsedMs(work)));
  }
  return times.map(median);
}
