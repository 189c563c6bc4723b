export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Wall time of a call in ms. */
export function elapsedMs(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

/**
 * Times several works in turn, round after round, so that a busy moment of the machine meets all of them. One round of
 * each goes before to warm up.
 * @returns median ms of each, in order
 */
export function medianTimes(works: readonly (() => void)[], rounds: number): number[] {
  for (const work of works) work();
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, index) => times[index]?.push(elapsedMs(work)));
  }
  return times.map(median);
}
