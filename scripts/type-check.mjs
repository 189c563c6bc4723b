import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/** One per environment, so that code for a Worker, for example, cannot use `document`. */
const PROJECTS = ['tsconfig.json', 'tsconfig.core.json', 'tsconfig.worklet.json', 'tsconfig.node.json'];

/**
 * Checks the types of the whole checkout.
 *
 * @returns {Promise<number>} 0 when all projects passed.
 */
export async function typeCheck() {
  let code = 0;
  for (const project of PROJECTS) code = (await runTsc(['-p', project])) || code;
  return code;
}

/**
 * @param {readonly string[]} parameters
 * @returns {Promise<number>} Exit code of the compiler.
 */
export function runTsc(parameters) {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  return runCommand(process.execPath, [tsc, '--pretty', 'false', ...parameters]);
}
