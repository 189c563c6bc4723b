import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from './project-root.mjs';

const POLL_MS = 100;

/**
 * Runs a task while no other process on this machine runs the task of that name for this checkout. Later ones wait. The
 * lock is a local socket that listens: the system frees it when its owner ends, in whatever way.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withLock(name, task) {
  const checkout = createHash('sha256').update(projectRoot).digest('hex').slice(0, 12);
  const address = addressOf(`voice-agent-element-${checkout}-${name}`);
  const server = createServer();
  while (!(await listens(server, address))) {
    if (address.endsWith('.sock')) await removeIfDead(address);
    await delay(POLL_MS);
  }
  try {
    return await task();
  } finally {
    server.close();
  }
}

/** @param {string} name */
function addressOf(name) {
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * @param {import('node:net').Server} server
 * @param {string} address
 * @returns {Promise<boolean>} Whether it does, or another process does.
 */
function listens(server, address) {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(address, () => resolve(true));
  });
}

/**
 * Elsewhere than on Linux and Windows, the file of a socket outlives its owner.
 *
 * @param {string} address
 * @returns {Promise<void>}
 */
function removeIfDead(address) {
  return new Promise((resolve) => {
    const connection = createConnection(address, () => connection.destroy());
    connection.once('error', () => rmSync(address, { force: true }));
    connection.once('close', () => resolve());
  });
}
