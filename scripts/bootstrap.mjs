import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

const NEEDED_NODE = '20.19';

/** Makes a fresh clone ready to run: checks Node and installs the packages that the lock file names. */
export async function bootstrap() {
  checkNode();
  await ensurePackages();
}

/**
 * The same, then finds a Chromium and builds dist/, without checking types.
 *
 * @returns {Promise<number>} Exit code of the build.
 */
export async function prepareBuild() {
  await bootstrap();
  const { ensureChromium } = await import('./find-browser.mjs');
  process.env['CHROMIUM_PATH'] = await ensureChromium();
  return (
    (await runTypeScript('scripts/generate.ts')) ||
    (await runTypeScript('scripts/bundle.ts', ['--skip-type-check']))
  );
}

function checkNode() {
  const { node } = process.versions;
  if (node.localeCompare(NEEDED_NODE, 'en', { numeric: true }) >= 0) return;
  console.error(`Node ${NEEDED_NODE} or later is needed; this is ${node}.`);
  process.exit(1);
}

/** Runs `npm ci` when node_modules does not hold what package-lock.json names. Concurrent starts wait for one install. */
async function ensurePackages() {
  if (packagesMatchLock()) return;
  await withLock('packages', async () => {
    if (packagesMatchLock()) return;
    console.log('Installing packages (npm ci), once …');
    if ((await npm('ci')) === 0) return;
    // A mirror of the registry may lack packages for other platforms that the lock file names, which `npm ci` refuses.
    console.log('npm ci failed; trying npm install, which skips packages that are not available …');
    const code = await npm('install', '--no-package-lock');
    if (code === 0) return;
    console.error('The packages could not be installed; the messages of npm are above.');
    process.exit(code);
  });
}

/** @param {readonly string[]} parameters */
function npm(...parameters) {
  return runCommand('npm', [...parameters, '--no-audit', '--no-fund', '--loglevel=error']);
}

/**
 * Compares what npm noted about its last install with the lock file: contents, not dates, since a checkout of another
 * branch changes dates alone. Optional packages are left out, because those of other platforms are never there.
 */
function packagesMatchLock() {
  try {
    const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
      (file) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8')).packages,
    );
    return Object.keys(wanted).every(
      (path) => path === '' || wanted[path].optional || installed[path]?.version === wanted[path].version,
    );
  } catch {
    return false;
  }
}
