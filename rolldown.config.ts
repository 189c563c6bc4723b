/** The files that `npm run build` bundles: the element as one file, the library, the engine, and the files for bundlers. */
import type { InputOptions, OutputOptions } from 'rolldown';
import {
  languageEntries,
  launcherNames,
  loadedWhenNeeded,
  policyName,
  sharedByThePackage,
  withoutTexts,
} from './scripts/bundle-plugins.js';
import { compress } from './scripts/compress.js';
import { minifyTemplates } from './scripts/minify-templates.js';
import { projectRoot } from './scripts/project-root.mjs';
import { sourceName } from './scripts/source-names.js';

/**
 * Without it, Chromium compiles each function when it is first called, while the page waits; with it, all of them on another
 * thread while the script is loaded. It must be the first line. https://v8.dev/blog/explicit-compile-hints
 */
const COMPILE_AHEAD = '//# allFunctionsCalledOnLoad\n';

/** The minifier drops the notices of the bundled packages, but their licences require one. */
const LIT_NOTICE = '/*! MIT. Contains Lit, Copyright Google LLC (BSD-3-Clause). */';
const NOTICE = '/*! MIT. */';

interface Bundle {
  /** Name of the output → source. */
  readonly input: Record<string, string>;
  readonly plugins?: NonNullable<InputOptions['plugins']>;
  /** Name in the source → what stands for it. */
  readonly define?: Record<string, string>;
  /** How the output differs from one minified module for browsers. */
  readonly output?: OutputOptions;
}

/** A file of `dist/`, or several that share code. */
function bundle({ input, plugins, define, output = {} }: Bundle): InputOptions & { output: OutputOptions } {
  const { minify = true } = output;
  return {
    cwd: projectRoot,
    input,
    plugins: [plugins, minifyTemplates(), minify && compress()],
    preserveEntrySignatures: 'strict',
    platform: 'browser',
    // Terser takes most of the time, so its share would be reported with every build.
    checks: { bundlerTimings: false },
    transform: { target: 'es2022', define: { __MAPS_BESIDE__: 'false', ...define } },
    output: {
      dir: 'dist',
      postBanner: ({ name, moduleIds }) => {
        const notice = moduleIds.some((id) => /[\\/]node_modules[\\/]/.test(id)) ? LIT_NOTICE : NOTICE;
        // Marks the wrapper as a client component, for pages that are rendered on a server.
        if (name === 'react') return `'use client';\n${notice}`;
        return name === 'voice-agent' ? COMPILE_AHEAD + notice : notice;
      },
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
      codeSplitting: false,
      minify,
      comments: { legal: false, annotation: false, jsdoc: false },
      sourcemap: true,
      sourcemapPathTransform: sourceName,
      ...output,
    },
  };
}

const ELEMENT = { 'voice-agent': 'components/voice-agent/one-file.ts' };
const PARTS = { 'voice-agent-parts': 'components/define-parts.ts' };
/** Bundlers of pages read it, and its comments that are for them. */
const FOR_BUNDLERS: OutputOptions = { comments: { legal: false, annotation: true, jsdoc: false } };
const beside = loadedWhenNeeded('./voice-agent-parts.js');

export default [
  bundle({ input: ELEMENT, plugins: [beside], define: { __MAPS_BESIDE__: 'true' } }),
  bundle({ input: PARTS, plugins: [beside, policyName('voice-agent-parts')] }),
  bundle({ input: ELEMENT, plugins: [beside, withoutTexts()], output: { dir: 'dist/strict' } }),
  bundle({
    input: { 'voice-agent-loader': 'src/loader/loader.ts' },
    define: { LAUNCHER_NAMES: JSON.stringify(await launcherNames()) },
    output: { format: 'iife' },
  }),
  ...Object.entries(await languageEntries()).map(([name, source]) => bundle({ input: { [name]: source } })),
  bundle({ input: { index: 'src/index.ts' }, output: FOR_BUNDLERS }),
  bundle({ input: { engine: 'src/engine/create-engine.ts' }, output: FOR_BUNDLERS }),
  // Lit, React and the library itself stay imports; what the entries share goes into files of its own.
  bundle({
    input: {
      element: 'components/voice-agent/define.ts',
      parts: 'components/define-parts.ts',
      react: 'components/react/voice-agent.ts',
      testing: 'testing/stand-in/index.ts',
    },
    plugins: [loadedWhenNeeded('./parts.js'), sharedByThePackage()],
    output: { ...FOR_BUNDLERS, codeSplitting: true },
  }),
  // For a site's server, and kept readable.
  bundle({ input: { token: 'token/index.ts' }, output: { minify: false } }),
];
