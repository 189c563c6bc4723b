import type { Claim, Reading } from '../support/figures.js';
import { percentile } from '../support/statistics.js';

export { median, percentile } from '../support/statistics.js';

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

/** For `detail`. */
export const summary = (values: readonly number[]): string =>
  `median / p90 / worst of ${values.length}: ${[0.5, 0.9, 1].map((share) => percentile(values, share).toFixed(1)).join(' / ')}`;
