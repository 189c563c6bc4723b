/**
 * `npm run test:package` and `npm run test:examples`: what a user installs and the pages they build with it, from the
 * packed tarball, in a real browser. Slower than `npm test`, and apart from it. The last line is `N passed, N failed,
 * N skipped`.
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
// The package is built again by `npm pack`, in a clean copy; the examples take dist/ as it is here.
const isBuilt =
  (await runTypeScript('scripts/generate.ts')) === 0 &&
  (place === 'package' || (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0);
if (!isBuilt) console.error('The build failed; what is tested below is what it has left.');

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
const skipped = (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0);
// A file that does not load has no failed test of its own.
const unexplained = code === 0 && passed > 0 ? 0 : 1;
const failed = Math.max(counts.numFailedTests ?? 0, unexplained) + (isBuilt ? 0 : 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
