/**
 * `npm test`: everything that shows that the project works, in order from cheap to dear. A failing suite does not stop
 * the ones after it. The last line is `N passed, N failed`. `npm test -- --only unit,browser` runs some of it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';
import { typeCheck } from './type-check.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, run: () => Promise<Counts> }} Suite */

const REPORTS = join(projectRoot, 'test-results');

/**
 * One stage after the other; the suites of a stage side by side.
 *
 * @type {readonly (readonly Suite[])[]}
 */
const STAGES = [
  [
    { name: 'types', run: () => check(typeCheck) },
    { name: 'lint', run: () => check(() => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0'])) },
    {
      name: 'format',
      run: () => check(() => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])),
    },
  ],
  [{ name: 'unit', run: runVitest }],
  [
    {
      name: 'build',
      run: () => check(async () => (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0),
    },
  ],
  [{ name: 'browser', run: runWebTestRunner }],
  [{ name: 'looks', run: () => runPlaywright('looks.json', ['-c', 'test/looks/playwright.config.ts']) }],
  [
    {
      name: 'journeys',
      run: () => runPlaywright('journeys.json', ['--project=journeys', '--workers=2']),
    },
  ],
  [{ name: 'e2e', run: () => runPlaywright('e2e.json', ['--project=measured']) }],
];

/**
 * @param {string} script Path inside node_modules.
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [env]
 */
async function tool(script, parameters, env = {}) {
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
async function check(run) {
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
  rmSync(file, { force: true });
  const passed = await run(file);
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  if (counts.passed + counts.failed === 0) console.error('No test ran.');
  const isUnexplained = counts.failed === 0 && (!passed || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

function runVitest() {
  return count(
    'vitest.json',
    (file) =>
      tool('vitest/vitest.mjs', [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ]),
    (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  );
}

async function runWebTestRunner() {
  return count(
    'browser.json',
    async (file) =>
      (await prepareChromium()) && tool('@web/test-runner/dist/bin.js', [], { WEB_TEST_RUNNER_REPORT: file }),
    (report) => report,
  );
}

/**
 * @param {string} report
 * @param {readonly string[]} [parameters]
 */
async function runPlaywright(report, parameters = []) {
  return count(
    report,
    async (file) =>
      (await prepareChromium()) &&
      tool('@playwright/test/cli.js', ['test', ...parameters, '--reporter=list,json'], {
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

/** @returns {readonly (readonly Suite[])[]} */
function chosenStages() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  if (values.only === undefined) return STAGES;
  const names = values.only.split(',');
  const known = STAGES.flat().map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no suite "${unknown}". Suites: ${known.join(', ')}.`);
    process.exit(2);
  }
  return STAGES.map((stage) => stage.filter(({ name }) => names.includes(name)));
}

/** @param {Suite} suite */
async function runSuite({ name, run }) {
  console.log(`\n── ${name} ${'─'.repeat(76 - name.length)}`);
  const started = performance.now();
  const counts = await run();
  return { name, ...counts, seconds: (performance.now() - started) / 1000 };
}

async function test() {
  const stages = chosenStages();
  await bootstrap();
  mkdirSync(REPORTS, { recursive: true });
  if ((await runTypeScript('scripts/generate.ts')) !== 0)
    console.error('Generating failed; what follows will too.');
  const results = [];
  for (const stage of stages) results.push(...(await Promise.all(stage.map(runSuite))));
  const total = { passed: 0, failed: 0 };
  console.log();
  for (const { name, passed, failed, skipped, seconds } of results) {
    total.passed += passed;
    total.failed += failed;
    const counts = [`${passed}`.padStart(5), `${failed}`.padStart(5), `${skipped}`.padStart(5)];
    console.log(
      `${name.padEnd(10)}${counts[0]} passed${counts[1]} failed${counts[2]} skipped${seconds.toFixed(0).padStart(6)} s`,
    );
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

await test();
