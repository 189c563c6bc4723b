/**
 * `npm run test:package` and `npm run test:examples`: what a user installs and the pages they build with it, from the
 * packed tarball, in a real browser. Slower than `npm test`, and apart from it. The last line is `N passed, N failed`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

const [place = '', ...filters] = process.argv.slice(2);
if (place !== 'package' && place !== 'examples') throw new RangeError('Say package or examples.');

await bootstrap();
const { ensureChromium } = await import('./find-browser.mjs');
process.env['CHROMIUM_PATH'] = await ensureChromium();
// A build over its budget is another suite's matter; the files are there.
await runTypeScript('scripts/generate.ts');
await runTypeScript('scripts/bundle.ts', ['--skip-type-check']);

const report = join(projectRoot, `test-results/${place}.json`);
rmSync(report, { force: true });
const code = await runCommand(process.execPath, [
  join(projectRoot, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config=vitest.places.config.ts',
  `test/${place}/`,
  ...filters,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
const passed = counts.numPassedTests ?? 0;
// A file that does not load has no failed test of its own.
const failed = Math.max(counts.numFailedTests ?? 0, code === 0 && passed > 0 ? 0 : 1);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
