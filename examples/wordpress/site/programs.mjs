/** Starts and stops the programs that WordPress needs and npm does not have. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const START_MS = 60_000;
const execute = promisify(execFile);

/** Each with its package in Debian and Ubuntu. */
const NEEDED = { php: 'php-cli', mariadbd: 'mariadb-server' };
/** Spelled as in `php -m`. */
const PHP_EXTENSIONS = { mysqli: 'php-mysql' };

// Debian installs servers in a folder that is not in the PATH of ordinary users.
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const env = { ...process.env, PATH };

/**
 * @param {string} core folder of WordPress
 * @returns {Promise<string[]>} Debian packages that are missing here
 */
export async function missingPackages(core) {
  const missing = new Set();
  const isThere = (program) =>
    execute(program, ['--version'], { env }).then(
      () => true,
      () => false,
    );
  for (const [program, name] of Object.entries(NEEDED)) if (!(await isThere(program))) missing.add(name);
  const modules = missing.has('php-cli') ? '' : (await execute('php', ['-m'], { env })).stdout;
  for (const [extension, name] of Object.entries(PHP_EXTENSIONS))
    if (!new RegExp(`^${extension}$`, 'm').test(modules)) missing.add(name);
  await access(`${core}/wp-includes/version.php`).catch(() => missing.add('wordpress'));
  // Without a theme, WordPress shows empty pages. Debian's themes are separate packages, which apt-get may omit.
  const themes = await readdir(`${core}/wp-content/themes`).catch(() => []);
  if (!themes.some((name) => name.startsWith('twenty'))) missing.add('wordpress-theme-twentytwentythree');
  return [...missing];
}

/** @returns {Promise<string>} its standard output */
export async function run(program, parameters, more = {}) {
  const { stdout } = await execute(program, parameters, { env: { ...env, ...more }, maxBuffer: 16_000_000 });
  return stdout;
}

/**
 * Starts a program that runs until it is stopped.
 *
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ env?: Record<string, string>, isReady: () => Promise<boolean> }} options `isReady` is polled until it returns true
 * @returns {Promise<{ stop(): Promise<void> }>}
 */
export async function startProgram(program, parameters, { env: more = {}, isReady }) {
  const child = spawn(program, parameters, {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In its own process group: PHP leaves its workers running when it ends.
    detached: true,
  });
  let said = '';
  const listen = (chunk) => (said = (said + chunk).slice(-4000));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let over = false;
  const ended = once(child, 'exit').finally(() => (over = true));
  const latest = Date.now() + START_MS;
  // Check for the exit last: another program may answer on the same port.
  while (!(await isReady()) || over) {
    if (over) throw new Error(`${program} ended early:\n${said}`);
    if (Date.now() > latest) {
      process.kill(-child.pid, 'SIGTERM');
      throw new Error(`${program} did not start in time:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    async stop() {
      if (!over) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

/**
 * @param {number} [wanted] is returned if nothing listens there
 * @returns {Promise<number>} a free port
 */
export async function freePort(wanted = 0) {
  const server = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return freePort();
  }
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
