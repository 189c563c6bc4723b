import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withLock } from './lock.mjs';
import { runCommand } from './run-command.mjs';

const PATH_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

/** @returns {string[]} Where the installers of each platform put the browser. */
function usualPlaces() {
  switch (process.platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ];
    case 'win32':
      return ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => {
        const base = process.env[variable];
        return base === undefined
          ? []
          : [
              join(base, 'Google/Chrome/Application/chrome.exe'),
              join(base, 'Chromium/Application/chrome.exe'),
              join(base, 'Microsoft/Edge/Application/msedge.exe'),
            ];
      });
    default:
      return ['/usr/lib/chromium/chromium', '/snap/bin/chromium', '/opt/google/chrome/chrome'];
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Chromium to test with: `CHROMIUM_PATH`, one on the PATH, one at a usual place, or Playwright's own download.
 *
 * @returns {Promise<string | undefined>} Path of the executable.
 */
export async function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is "${named}", which is not an executable file.`);
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => PATH_NAMES.map((name) => join(folder, name + suffix)));
  const { chromium } = await import('playwright');
  return [...onPath, ...usualPlaces(), chromium.executablePath()].find(isExecutable);
}

/**
 * The same, installing one when there is none: Debian's package where this process may install it, else Playwright's
 * download.
 *
 * @returns {Promise<string>} Path of the executable.
 */
export async function ensureChromium() {
  const found = await findChromium();
  if (found !== undefined) return found;
  return withLock('browser', async () => {
    const meanwhile = await findChromium();
    if (meanwhile !== undefined) return meanwhile;
    console.log('No Chromium found; installing one …');
    await installChromium();
    const installed = await findChromium();
    if (installed !== undefined) return installed;
    throw new Error(
      'The tests need Chromium, and installing it failed (messages above). Install Chromium or Chrome, or set CHROMIUM_PATH to its executable.',
    );
  });
}

async function installChromium() {
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, quiet: true };
    await runCommand('apt-get', ['-qq', 'update'], quiet);
    if ((await runCommand('apt-get', ['-qq', 'install', '-y', 'chromium'], quiet)) === 0) return;
  }
  await runCommand('npx', ['playwright', 'install', 'chromium']);
}
