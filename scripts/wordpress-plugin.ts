/** dist/wordpress/voice-agent.zip: the plugin with the element's files, as WordPress takes it under Upload Plugin. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblePlugin } from '../examples/wordpress/plugin.mjs';
import { zipFolder } from './zip-folder.js';

/** @param dist folder of the build, complete */
export async function writePlugin(dist: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-plugin-'));
  try {
    await assemblePlugin(join(folder, 'voice-agent'), dist);
    await mkdir(join(dist, 'wordpress'), { recursive: true });
    await writeFile(join(dist, 'wordpress/voice-agent.zip'), await zipFolder(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
