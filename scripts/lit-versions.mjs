/**
 * `npm run lit-versions`: builds the element with the first release of every 3.x minor of Lit, and holds a call with each
 * built file. Leaves node_modules as it was.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

const VERSIONS = ['3.0.0', '3.1.0', '3.2.0', '3.3.0'];
/** In one process each: Lit is three packages, and each minor of one needs that of the others. */
const TEST = ['playwright', 'test', 'test/e2e/html-tools.test.ts', '--project=journeys', '--reporter=line'];

/** @param {string} version */
async function holds(version) {
  const install = ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `lit@${version}`];
  return (
    (await runCommand('npm', install)) === 0 &&
    (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0 &&
    (await runCommand('npx', TEST)) === 0
  );
}

await bootstrap();
/** @type {Record<string, string>} */
const results = {};
for (const version of VERSIONS) results[version] = (await holds(version)) ? 'passed' : 'FAILED';
// The next command finds that the lock file asks for another version, and installs that.
await rm(join(projectRoot, 'node_modules/.package-lock.json'), { force: true });
await bootstrap();
console.table(results);
process.exitCode = Object.values(results).includes('FAILED') ? 1 : 0;
