import { describe, expect, test } from 'vitest';
import { WORKLET_CLAIM } from '../bench/browser-worklet.bench.js';
import { G711_CLAIM } from '../bench/g711.bench.js';
import { RESAMPLER_CLAIMS } from '../bench/resampler-speed.bench.js';
import { loadScenarios } from '../measure/scenarios.js';
import { claimText } from '../support/figures.js';
import { readReadme } from '../support/readme-blocks.js';

const scenarios = await loadScenarios();
const measured = scenarios.flatMap(({ claims }) => claims);
const claims = [...RESAMPLER_CLAIMS, G711_CLAIM, WORKLET_CLAIM, ...measured];

/** The first and second cells of the table under the heading. */
const rows = /^## Figures\n([^]*?)^## /m
  .exec(readReadme())![1]!
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, figure, claim]) => `${figure}: ${claim}`);

describe('the figures of the README', () => {
  test('are those that `npm run bench` and `npm run measure` hold to, and all of them', () => {
    expect(rows.toSorted()).toEqual(claims.map((claim) => `${claim.figure}: ${claimText(claim)}`).toSorted());
  });

  test('are measured by scenarios with names of their own', () => {
    expect(scenarios.length).toBeGreaterThan(5);
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });
});
