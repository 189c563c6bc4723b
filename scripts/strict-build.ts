/** dist/strict/: the element with nothing inside, and the files that it loads from beside itself. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { engineBytesOf } from '../src/engine/engine-text.js';
import { withShortExports, withShortNames } from './short-names-inside.js';

export const STRICT_FILES = [
  'voice-agent.js',
  'voice-agent-parts.js',
  'voice-agent-visualizer.js',
  'voice-processor.js',
  'session-worker.js',
  'session.js',
  'engine.wasm',
] as const;

/** Empties the generated texts: then the loader takes files. */
export function withoutTexts(): Plugin {
  return {
    name: 'without-texts',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/generated/')) return null;
      return {
        code: code.replace(/export const (\w+): string = [\s\S]*/, "export const $1 = '';"),
        map: null,
      };
    },
  };
}

/** @param dist folder of the build; its `locales` are copied, since a policy may allow no other folder. */
export async function writeStrictFiles(dist: string): Promise<void> {
  const [{ wholeEngineText }, { sessionWorkerSource }, { voiceProcessorSource }] = await Promise.all([
    import('../src/generated/whole-engine.js'),
    import('../src/generated/session-worker-source.js'),
    import('../src/generated/voice-processor-source.js'),
  ]);
  const folder = join(dist, 'strict');
  await mkdir(folder, { recursive: true });
  // the same names as in the element, which talks to them
  const session = withShortNames(sessionWorkerSource);
  const files: Record<Exclude<(typeof STRICT_FILES)[number], `voice-agent${string}`>, string | Uint8Array> = {
    'voice-processor.js': withShortNames(voiceProcessorSource),
    'session-worker.js': `${session};voiceAgentSession.runWorker()`,
    'session.js': `${session};export const runSession=voiceAgentSession.runSession`,
    // The whole one: in a file of its own a few bytes do not matter, and createEngine() takes it, too.
    'engine.wasm': withShortExports(engineBytesOf(wholeEngineText)),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  // They hold no text to be run, and are the same everywhere.
  for (const file of ['voice-agent-parts.js', 'voice-agent-visualizer.js'])
    await cp(join(dist, file), join(folder, file));
  await cp(join(dist, 'locales'), join(folder, 'locales'), { recursive: true });
}
