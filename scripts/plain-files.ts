/** Files of the build that hold nothing of the element: for a site's server, and for pages before the element comes. */
import { join } from 'node:path';
import { build } from 'vite';
import { english, LANGUAGES, MODULES } from '../components/locales/languages.js';
import { projectRoot } from './project-root.mjs';
import { sourceNames } from './source-names.js';

interface PlainFile {
  readonly name: string;
  readonly entry: string;
  /** A classic script, for pages; otherwise a module, for servers, kept readable. */
  readonly isScript: boolean;
}

const PLAIN_FILES: readonly PlainFile[] = [
  { name: 'token', entry: 'token/index.ts', isScript: false },
  { name: 'voice-agent-loader', entry: 'src/loader/loader.ts', isScript: true },
];

/** What the loader's button is called, from the locales. */
async function launcherNames(): Promise<Readonly<Record<string, string>>> {
  const named = LANGUAGES.map(async (language): Promise<[string, string]> => {
    const module = await (MODULES[language]?.() ?? { messages: english });
    return [language, module.messages.label];
  });
  return Object.fromEntries(await Promise.all(named));
}

/** Writes them into dist/. */
export async function bundlePlainFiles(): Promise<void> {
  const define = { LAUNCHER_NAMES: JSON.stringify(await launcherNames()) };
  for (const { name, entry, isScript } of PLAIN_FILES)
    await build({
      configFile: false,
      root: projectRoot,
      logLevel: 'warn',
      publicDir: false,
      define,
      build: {
        outDir: 'dist',
        emptyOutDir: false,
        target: 'es2022',
        ssr: !isScript,
        minify: isScript,
        reportCompressedSize: false,
        sourcemap: true,
        rolldownOptions: {
          input: { [name]: join(projectRoot, entry) },
          output: {
            format: isScript ? 'iife' : 'es',
            entryFileNames: `${name}.js`,
            sourcemapPathTransform: sourceNames(projectRoot),
          },
        },
      },
    });
}
