import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/** One per environment: what a room of the code must not know, its compiler settings do not know either. */
const PROJECTS = ['tsconfig.json', 'tsconfig.core.json', 'tsconfig.worklet.json', 'tsconfig.node.json'];

/**
 * Checks the types of the whole checkout.
 *
 * @returns {Promise<boolean>} Whether all projects passed.
 */
export async function typeCheck() {
  let passed = true;
  for (const project of PROJECTS) passed = (await runTsc(['-p', project])) && passed;
  return passed;
}

/**
 * @param {readonly string[]} parameters
 * @returns {Promise<boolean>} Whether the compiler had nothing to say.
 */
export async function runTsc(parameters) {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  return (await runCommand(process.execPath, [tsc, '--pretty', 'false', ...parameters])) === 0;
}
