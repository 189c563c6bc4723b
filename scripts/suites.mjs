/** What `npm test` and `npm run test:long` share: running a suite, counting its tests, adding up. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, run: () => Promise<Counts> }} Suite */

const REPORTS = join(projectRoot, 'test-results');

/**
 * @param {string} script Path inside node_modules.
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function tool(script, parameters, env = {}) {
  const path = join(projectRoot, 'node_modules', script);
  return (
    (await runCommand(process.execPath, [path, ...parameters], { env: { ...process.env, ...env } })) === 0
  );
}

/**
 * A check without tests of its own counts as one.
 *
 * @param {() => Promise<boolean>} run
 * @returns {Promise<Counts>}
 */
export async function check(run) {
  return (await run()) ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * Runs a test runner and reads what it counted. One that fails without a failed test (a file that does not load, a
 * crash) or that ran nothing has failed.
 *
 * @param {string} report
 * @param {(file: string) => Promise<boolean>} run
 * @param {(report: any) => Counts} read
 * @returns {Promise<Counts>}
 */
async function count(report, run, read) {
  const file = join(REPORTS, report);
  mkdirSync(REPORTS, { recursive: true });
  rmSync(file, { force: true });
  const passed = await run(file);
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  if (counts.passed + counts.failed === 0) console.error('No test ran.');
  const isUnexplained = counts.failed === 0 && (!passed || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} report
 * @param {readonly string[]} [parameters]
 * @param {NodeJS.ProcessEnv} [env]
 */
export function runVitest(report, parameters = [], env = {}) {
  return count(
    report,
    (file) =>
      tool(
        'vitest/vitest.mjs',
        [...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], ...parameters],
        env,
      ),
    (result) => ({
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    }),
  );
}

/**
 * @param {string} report
 * @param {string} config
 */
export function runWebTestRunner(report, config) {
  return count(
    report,
    async (file) =>
      (await prepareChromium()) &&
      // The configuration may import TypeScript.
      (await runCommand(
        process.execPath,
        ['--import', 'tsx', 'node_modules/@web/test-runner/dist/bin.js', '--config', config],
        { env: { ...process.env, WEB_TEST_RUNNER_REPORT: file } },
      )) === 0,
    (result) => result,
  );
}

/**
 * @param {string} report
 * @param {readonly string[]} [parameters]
 * @param {NodeJS.ProcessEnv} [env]
 */
export function runPlaywright(report, parameters = [], env = {}) {
  return count(
    report,
    async (file) =>
      (await prepareChromium()) &&
      tool('@playwright/test/cli.js', ['test', ...parameters, '--reporter=list,json'], {
        ...env,
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      }),
    ({ stats, errors }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    }),
  );
}

async function prepareChromium() {
  try {
    const { ensureChromium } = await import('./find-browser.mjs');
    process.env['CHROMIUM_PATH'] = await ensureChromium();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/**
 * Those of `--only a,b`, or all.
 *
 * @param {readonly (readonly Suite[])[]} stages
 * @returns {readonly (readonly Suite[])[]}
 */
export function chosenStages(stages) {
  const { values } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
  if (values.only === undefined) return stages;
  const names = values.only.split(',');
  const known = stages.flat().map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no suite "${unknown}". Suites: ${known.join(', ')}.`);
    process.exit(2);
  }
  return stages.map((stage) => stage.filter(({ name }) => names.includes(name)));
}

/** @param {Suite} suite */
async function runSuite({ name, run }) {
  console.log(`\n── ${name} ${'─'.repeat(76 - name.length)}`);
  const started = performance.now();
  const counts = await run();
  if (counts.failed > 0) console.log(`── ${name}: ${counts.failed} failed`);
  return { name, ...counts, seconds: (performance.now() - started) / 1000 };
}

/**
 * One stage after the other, the suites of a stage side by side; a failing suite does not stop the ones after it. Prints a
 * table, and `N passed, N failed` as the last line. Sets the exit code.
 *
 * @param {readonly (readonly Suite[])[]} stages
 */
export async function runStages(stages) {
  const started = performance.now();
  const results = [];
  for (const stage of stages) results.push(...(await Promise.all(stage.map(runSuite))));
  const total = { passed: 0, failed: 0 };
  console.log();
  for (const { name, passed, failed, skipped, seconds } of results) {
    total.passed += passed;
    total.failed += failed;
    const counts = [`${passed}`.padStart(5), `${failed}`.padStart(5), `${skipped}`.padStart(5)];
    console.log(
      `${name.padEnd(14)}${counts[0]} passed${counts[1]} failed${counts[2]} skipped${seconds.toFixed(0).padStart(6)} s`,
    );
  }
  console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}
