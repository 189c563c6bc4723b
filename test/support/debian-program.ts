import { installDebianPackages } from '../../scripts/debian-packages.mjs';
import { runIn } from './packed-project.js';

/**
 * Finds a program that is not on npm. If it is missing, installs Debian's package, if this process may.
 *
 * @returns its name, for `spawn`
 * @throws Error that names the missing package, because a skipped test would prove nothing
 */
export async function debianProgram(program: string, debianPackage: string): Promise<string> {
  const version = () => runIn('/', program, ['--version']);
  try {
    await version();
  } catch {
    await installDebianPackages([debianPackage]);
    await version().catch((cause: unknown) => {
      const command = `sudo apt-get install ${debianPackage}`;
      throw new Error(`This needs a package of Debian or Ubuntu: ${command}`, { cause });
    });
  }
  return program;
}
