/** The programs that simulate a room. */
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DEBIAN_PACKAGES } from './voices.js';

const run = promisify(execFile);

const PROGRAMS = ['pulseaudio', 'pactl', 'parec', 'firefox-esr', 'ffmpeg', 'espeak-ng'];
const PACKAGES = ['pulseaudio', 'pulseaudio-utils', 'firefox-esr', 'espeak-ng'];

export async function runProgram(
  program: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await run(program, parameters, { env });
}

/** @throws Error with the packages to install */
export async function requirePrograms(): Promise<void> {
  const missing: string[] = [];
  for (const program of PROGRAMS) {
    await run('which', [program]).catch(() => missing.push(program));
  }
  if (missing.length === 0) return;
  throw new Error(
    `Missing: ${missing.join(', ')}. On Debian or Ubuntu: sudo apt-get install ${[...PACKAGES, ...DEBIAN_PACKAGES].join(' ')}`,
  );
}

/**
 * Sets real-time priority for this process and its children, including browsers and sound server, because not all of
 * their threads inherit it. Without the permission, the figures are those of a busy machine, as the load shows.
 */
export async function raisePriority(): Promise<void> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // the name before it is in parentheses and may contain spaces
    const parent = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(1);
    parents.set(Number(name), Number(parent));
  }
  const tree = [process.pid];
  for (const one of tree) for (const [child, parent] of parents) if (parent === one) tree.push(child);
  for (const pid of tree) await run('chrt', ['-r', '-a', '-p', '10', String(pid)]).catch(() => undefined);
}
