/** @param share 0.5 is the median, 1 the largest. @returns NaN if there are no values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** @returns NaN if there are no values */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
