/** Files of the build that hold nothing of the element: for a site's server, and for pages before the element comes. */
import { join } from 'node:path';
import { build } from 'vite';
import { projectRoot } from './project-root.mjs';
import { sourceNames } from './source-names.js';

interface PlainFile {
  readonly name: string;
  readonly entry: string;
  /** A classic script, for pages; otherwise a module, for servers, kept readable. */
  readonly isScript: boolean;
}

const PLAIN_FILES: readonly PlainFile[] = [{ name: 'token', entry: 'token/index.ts', isScript: false }];

/** Writes them into dist/. */
export async function bundlePlainFiles(): Promise<void> {
  for (const { name, entry, isScript } of PLAIN_FILES)
    await build({
      configFile: false,
      root: projectRoot,
      logLevel: 'warn',
      publicDir: false,
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
