import { spawn } from 'node:child_process';
import { projectRoot } from './project-root.mjs';

/**
 * Runs a program in the checkout with this process's terminal, and passes the signals that ask this process to end on
 * to it.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` hides standard output.
 * @returns {Promise<number>} Exit code; 128 + n when a signal ended the program.
 */
export async function runCommand(command, parameters, options = {}) {
  const child = spawn(command, parameters, {
    cwd: options.cwd ?? projectRoot,
    stdio: ['inherit', options.quiet ? 'ignore' : 'inherit', 'inherit'],
    env: options.env ?? process.env,
    // npm and npx are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32' && !command.endsWith('.exe'),
  });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => void child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}

/**
 * Runs a TypeScript program of the checkout, or one of a package that loads TypeScript.
 *
 * @param {string} file Relative to the checkout.
 * @param {readonly string[]} [parameters]
 * @param {NodeJS.ProcessEnv} [env] Further variables.
 * @returns {Promise<number>} Exit code.
 */
export function runTypeScript(file, parameters = [], env = {}) {
  return runCommand(process.execPath, ['--import', 'tsx', file, ...parameters], {
    env: { ...process.env, ...env },
  });
}
