import { accessSync, constants } from 'node:fs';
import { installDebianPackages } from './debian-packages.mjs';
import { withLock } from './lock.mjs';
import { runCommand } from './run-command.mjs';

/** @param {string | undefined} path */
function isExecutable(path) {
  try {
    accessSync(path ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Chromium to test with: `CHROMIUM_PATH`, an installed Chrome or Chromium, or Playwright's own download.
 *
 * @returns {Promise<string | undefined>} Path of the executable.
 */
export async function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named && !isExecutable(named))
    throw new Error(`CHROMIUM_PATH is "${named}", which is not an executable file.`);
  const [{ chromium }, { Launcher }] = await Promise.all([import('playwright'), import('chrome-launcher')]);
  const installed = () => {
    try {
      return Launcher.getFirstInstallation();
    } catch {
      // On Linux, it throws when there is none.
      return undefined;
    }
  };
  return [named || installed(), chromium.executablePath()].find(isExecutable);
}

/**
 * The same, installing one when there is none: Debian's package where this process may install it, else Playwright's
 * download.
 *
 * @returns {Promise<string>} Path of the executable.
 */
export function ensureChromium() {
  return withLock('browser', async () => {
    let found = await findChromium();
    if (found !== undefined) return found;
    console.log('No Chromium found; installing one …');
    await installDebianPackages(['chromium']);
    found = await findChromium();
    if (found === undefined) await runCommand('npx', ['playwright', 'install', 'chromium']);
    found ??= await findChromium();
    if (found !== undefined) return found;
    throw new Error(
      'The tests need Chromium, and installing it failed (messages above). Install Chromium or Chrome, or set CHROMIUM_PATH to its executable.',
    );
  });
}
