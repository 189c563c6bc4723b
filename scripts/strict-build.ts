/** dist/strict/: the element with nothing inside, and the files that it loads from beside itself. */
import { copyFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';
import { SOURCE_SCHEME } from './source-names.js';

/** Script → the map of the text that it begins with. */
const MAPS = {
  'voice-processor.js': 'voice-processor.js.map',
  'session-worker.js': 'session-worker.js.map',
  'session.js': 'session-worker.js.map',
};

/** The texts inside the one file name these as their maps. */
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
    'session-worker.js': `${sessionWorkerSource};voiceAgentSession.runWorker()`,
    'session.js': `${sessionWorkerSource};export const{runSession,version}=voiceAgentSession`,
  };
  await writeMaps(folder);
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(folder, name), `${script}\n//# sourceMappingURL=${name}.map\n`);
  // The whole engine: in a file of its own a few bytes do not matter, and createEngine() takes it, too.
  await copyFile(join(projectRoot, 'build/whole/engine.wasm'), join(folder, 'engine.wasm'));
  const map = await readFile(join(projectRoot, 'build/whole/engine.wasm.map'), 'utf8');
  await writeFile(join(folder, 'engine.wasm.map'), withSourceNames(map));
  // They hold no text to be run, and are the same everywhere.
  for (const file of await readdir(dist))
    if (file === 'locales' || file.startsWith('voice-agent-parts.js'))
      await cp(join(dist, file), join(folder, file), { recursive: true });
}

/** The compiler has its own way of naming sources. */
function withSourceNames(text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] };
  const sources = map.sources.map((source) => SOURCE_SCHEME + source);
  return JSON.stringify({ ...map, sources, sourceRoot: '' });
}
