/**
 * `npm run bench`: measures everything, writes `results.md` in this folder, and fails if a figure of the README is missed
 * although the machine was quiet. `--only a,b` runs some sections and prints them instead. To add a section, write a file
 * `<name>.bench.ts` that exports a Section, and list it here.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { browserWorkletSection } from './browser-worklet.bench.js';
import { g711Section } from './g711.bench.js';
import { jitterSection } from './jitter.bench.js';
import { resamplerQualitySection } from './resampler-quality.bench.js';
import { machineLoad, readingsTable, verdictOf, type Reading } from '../support/figures.js';
import { resamplerSpeedSection } from './resampler-speed.bench.js';
import { speechDetectorSection } from './speech-detector.bench.js';
import { withTimeLimit } from '../support/time-limit.js';
import { workletCostSection } from './worklet-cost.bench.js';
import type { Section } from './section.js';

const SECTIONS: readonly Section[] = [
  resamplerSpeedSection,
  resamplerQualitySection,
  g711Section,
  workletCostSection,
  browserWorkletSection,
  jitterSection,
  speechDetectorSection,
];

const HEAD = `# Measurements

Written by \`npm run bench\`. The engine and its peers run on the same machine, in one run. Only the ratios apply to other machines.
`;

async function bench(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `There is no section "${unknown}". Sections: ${SECTIONS.map(({ name }) => name).join(', ')}.`,
    );
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const parts: string[] = [];
  const readings: Reading[] = [];
  for (const section of SECTIONS) {
    if (only && !only.includes(section.name)) continue;
    console.log(`Measuring ${section.name} …`);
    const { markdown, readings: own = [] } = await withTimeLimit(section.name, () => section.run());
    readings.push(...own);
    parts.push(`${markdown}\n\nLoad for each core when this was measured: ${machineLoad().toFixed(1)}.`);
  }
  if (readings.length > 0) parts.unshift(`## The figures of the README\n\n${readingsTable(readings)}`);
  if (only) {
    console.log(parts.join('\n\n'));
  } else {
    const file = new URL('results.md', import.meta.url);
    await writeFile(file, `${HEAD}\nMachine: ${machine}.\n\n${parts.join('\n\n')}\n`);
    console.log('Wrote test/bench/results.md');
  }
  const missed = readings.filter((reading) => verdictOf(reading) === 'missed');
  for (const { what, value, unit } of missed) console.error(`Missed: ${what}: ${value.toFixed(2)} ${unit}`);
  return missed.length === 0 ? 0 : 1;
}

process.exitCode = await bench();
process.exit();
