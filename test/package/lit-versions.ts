/**
 * `npm run lit-versions`: builds the element with the first release of every 3.x minor of Lit, and runs the tests of the
 * built element with each; files that are named run alone. Leaves node_modules as it was.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from '../../scripts/bootstrap.mjs';
import { projectRoot } from '../../scripts/project-root.mjs';
import { runCommand, runTypeScript } from '../../scripts/run-command.mjs';

/** Lit is four packages; of each minor, the versions that were released together. A caret alone would bring the newest parts. */
const VERSIONS = {
  '3.0': ['lit@3.0.0', 'lit-html@3.0.0', 'lit-element@4.0.0', '@lit/reactive-element@2.0.0'],
  '3.1': ['lit@3.1.0', 'lit-html@3.1.0', 'lit-element@4.0.2', '@lit/reactive-element@2.0.2'],
  '3.2': ['lit@3.2.0', 'lit-html@3.2.0', 'lit-element@4.1.0', '@lit/reactive-element@2.0.4'],
  '3.3': ['lit@3.3.0', 'lit-html@3.3.0', 'lit-element@4.2.0', '@lit/reactive-element@2.1.0'],
};
const INSTALL = ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
const TEST = ['playwright', 'test', '--project=e2e', '--reporter=line', ...process.argv.slice(2)];

/** Without declarations: before 3.3, the types of Lit lack an option of properties. */
async function passes(packages: readonly string[]): Promise<boolean> {
  return (
    (await runCommand('npm', [...INSTALL, ...packages])) === 0 &&
    (await runTypeScript('scripts/bundle.ts', ['--scripts-only'])) === 0 &&
    (await runCommand('npx', TEST)) === 0
  );
}

const results: Record<string, string> = {};
for (const [version, packages] of Object.entries(VERSIONS))
  results[version] = (await passes(packages)) ? 'passed' : 'FAILED';
// The lock file asks for another version, which is installed for it.
await rm(join(projectRoot, 'node_modules/.package-lock.json'), { force: true });
await bootstrap();
console.table(results);
process.exitCode = Object.values(results).includes('FAILED') ? 1 : 0;
