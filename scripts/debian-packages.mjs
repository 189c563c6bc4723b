import { runCommand } from './run-command.mjs';

/**
 * Installs packages of Debian or Ubuntu where this process may, and does nothing elsewhere.
 *
 * @param {readonly string[]} packages
 */
export async function installDebianPackages(packages) {
  if (packages.length === 0 || process.getuid?.() !== 0) return;
  const options = { quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const install = ['-qq', 'install', '-y', '--no-install-recommends'];
  try {
    await runCommand('apt-get', ['-qq', 'update'], options);
    await runCommand('apt-get', [...install, ...packages], options);
  } catch {
    // Not a Debian: there is no apt-get.
  }
}
