/** A MariaDB for this site only: in a temporary folder, on a socket instead of a port. */
import { chmod, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { run, startProgram } from './programs.mjs';

/** Small, and without crash safety, because nothing here is kept. */
const MODEST = [
  '--skip-networking',
  '--skip-grant-tables',
  '--skip-log-bin',
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=8M',
  '--innodb-flush-log-at-trx-commit=0',
];

/**
 * @param {string} folder does not exist yet; no other user can read it, so the database needs no password
 * @returns {Promise<{ socket: string, stop(): Promise<void> }>}
 */
export async function startDatabase(folder) {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const user = `--user=${userInfo().username}`;
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    user,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const database = await startProgram(
    'mariadbd',
    ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${folder}/pid`, user, ...MODEST],
    { isReady: () => answers(socket) },
  );
  return { socket, stop: () => database.stop() };
}

function answers(socket) {
  return new Promise((resolve) => {
    const connection = connect(socket)
      .once('data', () => connection.destroy())
      .once('error', () => resolve(false))
      .once('close', () => resolve(true));
  });
}
