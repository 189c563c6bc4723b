import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

const NEEDED_NODE = /** @type {const} */ ([20, 19]);

/** Makes a fresh clone ready to run: checks Node and installs the packages that the lock file names. */
export async function bootstrap() {
  checkNode();
  await ensurePackages();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])) return;
  console.error(`Node ${NEEDED_NODE.join('.')} or later is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs `npm ci` when node_modules does not hold what package-lock.json names. Concurrent starts wait for one install. */
export async function ensurePackages() {
  if (packagesMatchLock()) return;
  await withLock('packages', async () => {
    if (packagesMatchLock()) return;
    console.log('Installing packages (npm ci), once …');
    if ((await npm('ci')) === 0) return;
    // A mirror of the registry may lack packages for other platforms that the lock file names, which `npm ci` refuses.
    console.log('npm ci failed; trying npm install, which leaves out what is not to be had …');
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
    const wanted = readPackages('package-lock.json');
    const installed = readPackages('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === '' || entry.optional || (path in installed && installed[path]?.version === entry.version),
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')).packages;
}
