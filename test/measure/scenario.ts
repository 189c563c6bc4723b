import type { Claim, Reading } from '../support/figures.js';

/**
 * A measurement in a real browser. To add one, write a file `<name>.measure.ts` in this folder that exports a
 * `scenario`. If it has a claim, add the figure to the README's table, word for word; a unit test checks that.
 */
export interface Scenario {
  /** For `npm run measure -- --only name`. */
  readonly name: string;
  /** How it is measured; printed in the report. */
  readonly about: string;
  readonly claims: readonly Claim[];
  run(): Promise<readonly Reading[]>;
}

/** @param share 0.5 is the median, 1 the largest. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** For `detail`. */
export const summary = (values: readonly number[]): string =>
  `median / p90 / worst of ${values.length}: ${[0.5, 0.9, 1].map((share) => percentile(values, share).toFixed(1)).join(' / ')}`;
