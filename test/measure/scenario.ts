import type { Claim, Reading } from '../support/figures.js';

/**
 * What is measured in a real browser. To add one, write a file `<name>.measure.ts` in this folder that exports a
 * `scenario`; a figure that the README claims is added to its table, word for word, which a unit test checks.
 */
export interface Scenario {
  /** As in `npm run measure -- --only name`. */
  readonly name: string;
  /** How it is measured; stands in the report. */
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
