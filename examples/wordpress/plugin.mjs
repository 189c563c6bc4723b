/** Assembles the plugin's folder for WordPress: its own files and the element's built files. */
import { access, cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('./voice-agent/', import.meta.url));

/** @returns {string} folder of the element's built files, from the installed package or from this checkout */
function elementFiles() {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('voice-agent-element/package.json'))), 'dist');
  } catch {
    return fileURLToPath(new URL('../../dist/', import.meta.url));
  }
}

/**
 * @param {string} target folder to create, e.g. `…/wp-content/plugins/voice-agent`
 * @param {string} [dist] the element's built files
 * @returns {Promise<void>}
 */
export async function assemblePlugin(target, dist = elementFiles()) {
  await access(join(dist, 'voice-agent.js')).catch(() => {
    throw new Error(`${dist} has no voice-agent.js: run "npm run build" in the checkout first.`);
  });
  await rm(target, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target, { recursive: true, filter: (path) => path !== join(source, 'dist') });
  /** @param {string} path */
  const isNoMap = (path) => !path.endsWith('.map');
  for (const part of ['voice-agent.js', 'voice-agent-parts.js', 'locales', 'strict'])
    await cp(join(dist, part), join(target, 'dist', part), { recursive: true, filter: isNoMap });
  await cp(join(dist, '../LICENSE'), join(target, 'LICENSE'));
}
