/** Writes dist/strict/: the element without embedded scripts, and the files that it loads instead. */
import { copyFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODULE_ENDING, WORKER_ENDING } from '../src/worker/session-script.js';
import { projectRoot } from './project-root.mjs';
import { SOURCE_SCHEME } from './source-names.js';

/** Script → the map of the text that it begins with. */
const MAPS = {
  'voice-processor.js': 'voice-processor.js.map',
  'session-worker.js': 'session-worker.js.map',
  'session.js': 'session-worker.js.map',
};

/** The source maps of the scripts inside `voice-agent.js`. */
export async function writeMaps(folder: string): Promise<void> {
  for (const [script, map] of Object.entries(MAPS))
    await copyFile(join(projectRoot, 'src/generated', map), join(folder, `${script}.map`));
}

/** @param dist folder of the build; its `locales` are copied, since a policy may allow no other folder. */
export async function writeStrictFiles(dist: string): Promise<void> {
  const [{ sessionWorkerSource }, { voiceProcessorSource }] = await Promise.all([
    import('../src/generated/session-worker-source.js'),
    import('../src/generated/voice-processor-source.js'),
  ]);
  const folder = join(dist, 'strict');
  const scripts: Readonly<Record<keyof typeof MAPS, string>> = {
    'voice-processor.js': voiceProcessorSource,
    'session-worker.js': sessionWorkerSource + WORKER_ENDING,
    'session.js': sessionWorkerSource + MODULE_ENDING,
  };
  await writeMaps(folder);
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(folder, name), `${script}\n//# sourceMappingURL=${name}.map\n`);
  // The whole engine: in a separate file, a few bytes more do not matter.
  await copyFile(join(projectRoot, 'build/whole/engine.wasm'), join(folder, 'engine.wasm'));
  const map = await readFile(join(projectRoot, 'build/whole/engine.wasm.map'), 'utf8');
  await writeFile(join(folder, 'engine.wasm.map'), withSourceNames(map));
  // They contain no embedded scripts, so they are the same in both builds.
  for (const file of await readdir(dist))
    if (file === 'locales' || file.startsWith('voice-agent-parts.js'))
      await cp(join(dist, file), join(folder, file), { recursive: true });
}

/** The compiler names sources differently. */
function withSourceNames(text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] };
  const sources = map.sources.map((source) => SOURCE_SCHEME + source);
  return JSON.stringify({ ...map, sources, sourceRoot: '' });
}
