import { runIn } from './packed-project.js';

/**
 * Finds a program that no npm package has, and installs Debian's package where it is missing and this process may.
 *
 * @returns its name, for `spawn`
 */
export async function debianProgram(program: string, debianPackage: string): Promise<string> {
  const isThere = () =>
    runIn('/', program, ['--version']).then(
      () => true,
      () => false,
    );
  if (!(await isThere())) await installDebianPackages([debianPackage]);
  return program;
}

/** @throws Error that names what is missing: a test that is left out shows nothing. */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  if (packages.length === 0) return;
  try {
    await runIn('/', 'apt-get', ['-qq', 'update']);
    const options = ['-qq', 'install', '-y', '--no-install-recommends'];
    await runIn('/', 'env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...packages]);
  } catch (cause) {
    throw new Error(`This needs packages of Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`, {
      cause,
    });
  }
}
