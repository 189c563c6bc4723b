import { describe, expect, it } from 'vitest';
import { readingsTable, verdictOf, type Claim, type Reading } from '../../support/figures.js';

const AT_MOST: Claim = { figure: 'silence', bound: 'at most', limit: 20, unit: 'ms' };
const AT_LEAST: Claim = { figure: 'speed', bound: 'at least', limit: 5, unit: '×' };
const control = (value: number) => ({ what: 'a bare worklet', value, limit: 10, unit: 'ms' });
const reading = (rest: Partial<Reading>): Reading => ({
  what: 'x',
  value: 0,
  unit: 'ms',
  load: 0.4,
  ...rest,
});

describe('the verdict on a figure', () => {
  it.each([
    ['met', { value: 20, claim: AT_MOST, control: control(5) }],
    ['missed', { value: 21, claim: AT_MOST, control: control(5) }],
    ['missed', { value: 21, claim: AT_MOST }],
    ['missed', { value: NaN, claim: AT_MOST, control: control(5) }],
    ['machine was busy', { value: 21, claim: AT_MOST, control: control(11) }],
    ['machine was busy', { value: 21, claim: AT_MOST, control: control(NaN) }],
    ['met', { value: 5, claim: AT_LEAST, control: control(50) }],
    ['missed', { value: 4.9, claim: AT_LEAST, control: control(5) }],
    ['reported', { value: 4.9, control: control(50) }],
  ] as const)('is "%s"', (verdict, rest) => {
    expect(verdictOf(reading(rest))).toBe(verdict);
  });

  it('is in the report, with the load and the control', () => {
    const table = readingsTable([
      reading({ what: 'silence', value: 21.25, claim: AT_MOST, control: control(11) }),
    ]);
    expect(table.split('\n').at(-1)).toBe(
      '| silence | 21.3 ms | at most 20 ms | a bare worklet: 11 of 10 ms | 0.4 | machine was busy |',
    );
  });
});
