/** Builds the package for Node. Its npm dependencies stay imports. */
import { join } from 'node:path';
import { defineConfig } from 'vite';

const ENTRIES = { cli: 'cli.ts', testing: '../testing/index.ts', 'speech-thread': 'speech-worker.ts' };

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    target: 'es2022',
    ssr: true,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(ENTRIES).map(([name, entry]) => [name, join(import.meta.dirname, entry)]),
      ),
      output: {
        // The thread's file has the same name before and after the build.
        entryFileNames: ({ name }) => `${name}.${name === 'speech-thread' ? 'mjs' : 'js'}`,
        chunkFileNames: 'shared-[hash].js',
      },
    },
  },
});
