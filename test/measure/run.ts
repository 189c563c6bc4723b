/**
 * `npm run measure`: latencies in a real browser. Writes `results.md` in this folder; `--only a,b` runs some scenarios and
 * prints them instead. Fails if a figure of the README is missed although the controls of the same run, which do
 * nothing, show that the machine could have met it.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readingsTable, verdictOf, type Reading } from '../support/figures.js';
import { withTimeLimit } from '../support/time-limit.js';
import { loadScenarios } from './scenarios.js';

const HEAD = `# Measurements in a browser

Written by \`npm run measure\`: the built element in a headless Chromium, against servers on the same machine. The load counts
the processes that wanted to run, for each core, over the last minute. A control does the same without this project: a worklet, a
Worker and a socket that do nothing, in the same browser at the same time.
`;

async function measure(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  const known = await loadScenarios();
  const unknown = only?.find((name) => !known.some((scenario) => scenario.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `There is no scenario "${unknown}". Scenarios: ${known.map(({ name }) => name).join(', ')}.`,
    );
  const scenarios = known.filter(({ name }) => !only || only.includes(name));
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const parts = [`${HEAD}\nMachine: ${machine}.`];
  const all: Reading[] = [];
  const failed: string[] = [];
  for (const { name, about, run } of scenarios) {
    console.log(`Measuring ${name} …`);
    let readings: readonly Reading[];
    try {
      readings = await withTimeLimit(name, run);
    } catch (error) {
      // The others are not lost.
      console.error(error);
      failed.push(name);
      continue;
    }
    all.push(...readings);
    const table = readingsTable(readings);
    console.log(`${table}\n`);
    parts.push(`## ${name}\n\n${about}\n\n${table}`);
  }
  if (!only) {
    await writeFile(new URL('results.md', import.meta.url), `${parts.join('\n\n')}\n`);
    console.log('Wrote test/measure/results.md');
  }
  const missed = all.filter((reading) => verdictOf(reading) === 'missed');
  for (const { what, value, unit } of missed) console.error(`Missed: ${what}: ${value.toFixed(1)} ${unit}`);
  for (const name of failed) console.error(`Failed: ${name}`);
  return missed.length + failed.length === 0 ? 0 : 1;
}

process.exitCode = await measure();
process.exit();
