/**
 * `npm run lit-versions`: builds the element with the first release of every 3.x minor of Lit, and holds a call with each
 * built file. Leaves node_modules as it was.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

/** Lit is four packages; of each minor, the versions that were released together. A caret alone would bring the newest parts. */
const VERSIONS = {
  '3.0': ['lit@3.0.0', 'lit-html@3.0.0', 'lit-element@4.0.0', '@lit/reactive-element@2.0.0'],
  3.1: ['lit@3.1.0', 'lit-html@3.1.0', 'lit-element@4.0.2', '@lit/reactive-element@2.0.2'],
  3.2: ['lit@3.2.0', 'lit-html@3.2.0', 'lit-element@4.1.0', '@lit/reactive-element@2.0.4'],
  3.3: ['lit@3.3.0', 'lit-html@3.3.0', 'lit-element@4.2.0', '@lit/reactive-element@2.1.0'],
};
const TEST = ['playwright', 'test', 'test/e2e/html-tools.test.ts', '--reporter=line'];

/** @param {readonly string[]} packages */
async function holds(packages) {
  const install = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  return (
    (await runCommand('npm', [...install, ...packages])) === 0 &&
    (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0 &&
    (await runCommand('npx', TEST)) === 0
  );
}

await bootstrap();
if ((await runTypeScript('scripts/generate.ts')) !== 0) process.exit(1);
/** @type {Record<string, string>} */
const results = {};
for (const [version, packages] of Object.entries(VERSIONS))
  results[version] = (await holds(packages)) ? 'passed' : 'FAILED';
// The next command finds that the lock file asks for another version, and installs that.
await rm(join(projectRoot, 'node_modules/.package-lock.json'), { force: true });
await bootstrap();
console.table(results);
process.exitCode = Object.values(results).includes('FAILED') ? 1 : 0;
