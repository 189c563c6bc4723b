/** dist/wordpress/voice-agent.zip: the plugin with the element's files, as WordPress takes it under Upload Plugin. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import { assemblePlugin } from './plugin.mjs';

/**
 * The same files always give the same archive: the earliest date of the format, and the mode of a file on Unix.
 *
 * @type {import('fflate').ZipOptions}
 */
const ENTRY = { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100_644 << 16 };

/**
 * @param {string} dist the element's built files, all of them
 * @returns {Promise<void>}
 */
export async function zipPlugin(dist) {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-plugin-'));
  try {
    await assemblePlugin(join(folder, 'voice-agent'), dist);
    await mkdir(join(dist, 'wordpress'), { recursive: true });
    await writeFile(join(dist, 'wordpress/voice-agent.zip'), zipSync(await filesOf(folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder is left out of the names
 * @returns {Promise<import('fflate').Zippable>}
 */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  /** @type {import('fflate').Zippable} */
  const files = {};
  for (const path of paths.sort())
    files[relative(folder, path).replaceAll(sep, '/')] = [await readFile(path), ENTRY];
  return files;
}
