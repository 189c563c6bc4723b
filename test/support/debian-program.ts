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
  if (await isThere()) return program;
  await runIn('/', 'apt-get', ['-qq', 'update']);
  await runIn('/', 'apt-get', ['-qq', 'install', '-y', '--no-install-recommends', debianPackage]);
  return program;
}
