/**
 * `npm run test:browsers`: the component tests and real conversations in Firefox and WebKit. Apart from `npm test`, since
 * few machines have all of `firefox-esr pulseaudio webkit2gtk-driver xvfb`. The last line is `N passed, N failed, N
 * skipped`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const COMPONENTS = join(projectRoot, 'test-results/browsers-components.json');
const CONVERSATIONS = join(projectRoot, 'test-results/browsers-conversations.json');

/**
 * @param {string} report
 * @param {boolean} passed Said its exit code.
 * @param {(report: any) => Counts} read
 * @returns {Counts} One that ran nothing, or failed without a failed test, has failed.
 */
function count(report, passed, read) {
  const counts = existsSync(report)
    ? read(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  const isUnexplained = counts.failed === 0 && (!passed || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

await bootstrap();
for (const report of [COMPONENTS, CONVERSATIONS]) rmSync(report, { force: true });
if ((await runTypeScript('scripts/generate.ts')) !== 0 || (await runTypeScript('scripts/bundle.ts')) !== 0)
  console.error('The build failed; what is tested below is what it has left.');

process.env['WEB_TEST_RUNNER_REPORT'] = COMPONENTS;
const components = await runTypeScript('node_modules/@web/test-runner/dist/bin.js', [
  '--config',
  'test/cross-browser/web-test-runner.config.mjs',
]);
process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = CONVERSATIONS;
const conversations = await runCommand(process.execPath, [
  join(projectRoot, 'node_modules/@playwright/test/cli.js'),
  ...['test', '-c', 'test/cross-browser/playwright.config.ts', '--reporter=list,json'],
]);
const results = [
  count(COMPONENTS, components === 0, (report) => report),
  // One that needed a second try has passed: see the configuration.
  count(CONVERSATIONS, conversations === 0, ({ stats, errors }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  })),
];
const sum = (/** @type {keyof Counts} */ key) => results.reduce((total, counts) => total + counts[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
