import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from './project-root.mjs';

const POLL_MS = 100;

/**
 * Runs a task while no other process on this machine runs the task of that name for this checkout. Later ones wait. A
 * lock whose owner has died is taken over.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withLock(name, task) {
  const checkout = createHash('sha256').update(projectRoot).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `voice-agent-element-${checkout}-${name}.lock`);
  while (!tryLock(path)) await delay(POLL_MS);
  const unlock = () => rmSync(path, { force: true });
  process.once('exit', unlock);
  try {
    return await task();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    removeIfDead(path);
    return false;
  }
}

/** @param {string} path */
function removeIfDead(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // An empty file belongs to an owner that is between creating and writing it.
    if (!Number.isInteger(pid) || pid <= 0) return;
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') return;
    // Of several waiters only one wins the rename, so none deletes the lock of the next owner.
    const grave = `${path}.${process.pid}`;
    try {
      renameSync(path, grave);
      rmSync(grave, { force: true });
    } catch {
      // Another waiter was faster.
    }
  }
}
