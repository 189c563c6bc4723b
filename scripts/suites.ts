/** What `npm test` and `npm run test:long` share: running a suite, counting its tests, adding up. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countPlaywright, countVitest, type Counts } from '../test/support/test-reports.js';
import { ensureChromium } from './find-browser.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

export type Run = (suite: string) => Promise<Counts>;
export interface Suite {
  readonly name: string;
  readonly run: Run;
}
/** Suites of a stage run side by side. */
export type Stages = readonly (readonly Suite[])[];

const NONE: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
const REPORTS = join(projectRoot, 'test-results');

/** Runs a program of a package. @param script Path inside node_modules. */
export function tool(
  script: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const path = join(projectRoot, 'node_modules', script);
  return runCommand(process.execPath, [path, ...parameters], { env: { ...process.env, ...env } });
}

/** A check without tests of its own counts as one. */
export function check(run: () => Promise<number>): Run {
  return async () => ((await run()) === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 });
}

/**
 * Runs a test runner and reads what it counted. One that fails without a failed test (a file that does not load, a
 * crash) or that ran nothing has failed.
 */
function counted(run: (file: string) => Promise<number>, read: (report: never) => Counts): Run {
  return async (suite) => {
    const file = join(REPORTS, `${suite}.json`);
    mkdirSync(REPORTS, { recursive: true });
    rmSync(file, { force: true });
    const code = await run(file);
    const counts = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8')) as never) : NONE;
    if (counts.passed + counts.failed === 0) console.error('No test ran.');
    const isUnexplained = counts.failed === 0 && (code !== 0 || counts.passed === 0);
    return isUnexplained ? { ...counts, failed: 1 } : counts;
  };
}

export function vitest(parameters: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Run {
  const options = ['run', '--reporter=default', '--reporter=json', ...parameters];
  return counted(
    (file) => tool('vitest/vitest.mjs', [...options, `--outputFile.json=${file}`], env),
    countVitest,
  );
}

export function webTestRunner(config: string): Run {
  // The configuration may import TypeScript.
  const runner = 'node_modules/@web/test-runner/dist/bin.js';
  return counted(
    (file) =>
      withChromium(() => runTypeScript(runner, ['--config', config], { WEB_TEST_RUNNER_REPORT: file })),
    (counts: Counts) => counts,
  );
}

export function playwright(parameters: readonly string[]): Run {
  const options = ['test', ...parameters, '--reporter=list,json'];
  return counted(
    (file) =>
      withChromium(() => tool('@playwright/test/cli.js', options, { PLAYWRIGHT_JSON_OUTPUT_FILE: file })),
    countPlaywright,
  );
}

async function withChromium(run: () => Promise<number>): Promise<number> {
  try {
    process.env['CHROMIUM_PATH'] = await ensureChromium();
    return await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** Those of `--only a,b`, or all. */
export function chosenStages(stages: Stages): Stages {
  const { values } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
  const known = stages.flat().map(({ name }) => name);
  const names = values.only?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no suite "${unknown}". Suites: ${known.join(', ')}.`);
    process.exit(2);
  }
  return stages.map((stage) => stage.filter(({ name }) => names.includes(name)));
}

async function runSuite({ name, run }: Suite): Promise<Suite & Counts & { seconds: number }> {
  console.log(`\n── ${name} ${'─'.repeat(76 - name.length)}`);
  const started = performance.now();
  const counts = await run(name);
  if (counts.failed > 0) console.log(`── ${name}: ${String(counts.failed)} failed`);
  return { name, run, ...counts, seconds: Math.round((performance.now() - started) / 1000) };
}

/**
 * One stage after the other; a failing suite does not stop the ones after it. Prints the failed tests, a table, and
 * `N passed, N failed` as the last line. Sets the exit code.
 */
export async function runStages(stages: Stages): Promise<void> {
  const started = performance.now();
  const results = [];
  for (const stage of stages) results.push(...(await Promise.all(stage.map(runSuite))));
  const passed = results.reduce((sum, suite) => sum + suite.passed, 0);
  const failed = results.reduce((sum, suite) => sum + suite.failed, 0);
  for (const { name, failures, ...counts } of results.filter((result) => result.failed > 0))
    for (const each of failures.length > 0 ? failures : [`${String(counts.failed)}, see above`])
      console.log(`Failed: ${name} › ${each}`);
  console.table(results, ['name', 'passed', 'failed', 'skipped', 'seconds']);
  console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
