/** `npm run build`: dist/ with the element as one file, the library, the engine, their types and their source maps. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { writeEditorData } from './editor-data.js';
import {
  languageEntries,
  launcherNames,
  loadedWhenNeeded,
  policyName,
  sharedByThePackage,
  withoutTexts,
} from './bundle-plugins.js';
import { compress } from './compress.js';
import { writeIntegrity } from './integrity.js';
import { minifyTemplates } from './minify-templates.js';
import { projectRoot } from './project-root.mjs';
import { reportSizes } from './sizes.js';
import { sourceNames } from './source-names.js';
import { writeMaps, writeStrictFiles } from './strict-build.js';
import { runTsc, typeCheck } from './type-check.mjs';

const dist = join(projectRoot, 'dist');

/** The minifier drops the notices of the packages inside; their licences want one to stay. */
const LIT_NOTICE = '/*! MIT. Contains Lit, Copyright Google LLC (BSD-3-Clause). */';
const NOTICE = '/*! MIT. */';

const ELEMENT = { 'voice-agent': 'components/voice-agent/one-file.ts' };
const PARTS = { 'voice-agent-parts': 'components/define-parts.ts' };

/** For bundlers: Lit, React and the library itself stay imports. */
const PACKAGE_FILES = {
  element: 'components/voice-agent/define.ts',
  parts: 'components/define-parts.ts',
  react: 'components/react/voice-agent.ts',
};

interface Bundle {
  /** Name of the output → source. */
  readonly entries: Readonly<Record<string, string>>;
  readonly dir?: string;
  readonly plugins?: readonly Plugin[];
  /** Everything that the entries share goes into files of its own. */
  readonly shared?: boolean;
  readonly minify?: boolean;
  /** A module, unless it is a classic script. */
  readonly format?: 'es' | 'iife';
  /** Name in the source → what stands for it. */
  readonly define?: Readonly<Record<string, string>>;
  /** Maps of the scripts inside are files beside this one. */
  readonly mapsBeside?: boolean;
  /** Bundlers of pages read it, and its comments that are for them. */
  readonly forBundlers?: boolean;
}

async function bundle({
  entries,
  dir = dist,
  plugins = [],
  shared = false,
  minify = true,
  format = 'es',
  define = {},
  mapsBeside = false,
  forBundlers = false,
}: Bundle): Promise<void> {
  const built = await rolldown({
    cwd: projectRoot,
    input: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, join(projectRoot, entry)]),
    ),
    plugins: [...plugins, minifyTemplates(), ...(minify ? [compress()] : [])],
    preserveEntrySignatures: 'strict',
    platform: 'browser',
    // Terser takes most of the time, as is to be expected.
    checks: { bundlerTimings: false },
    transform: { target: 'es2022', define: { ...define, __MAPS_BESIDE__: String(mapsBeside) } },
  });
  try {
    await built.write({
      dir,
      format,
      postBanner: ({ name, moduleIds }) => {
        const notice = moduleIds.some((id) => /[\\/]node_modules[\\/]/.test(id)) ? LIT_NOTICE : NOTICE;
        // Of a page rendered on a server, the wrapper belongs to the part that runs in the browser.
        return name === 'react' ? `'use client';\n${notice}` : notice;
      },
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
      codeSplitting: shared,
      minify,
      comments: { legal: false, annotation: forBundlers, jsdoc: false },
      sourcemap: true,
      sourcemapPathTransform: sourceNames(projectRoot),
    });
  } finally {
    await built.close();
  }
}

async function bundleEverything(): Promise<void> {
  const single = loadedWhenNeeded('./voice-agent-parts.js');
  const shared = loadedWhenNeeded('./parts.js');
  await bundle({ entries: ELEMENT, plugins: [single], mapsBeside: true });
  await writeMaps(dist);
  await bundle({ entries: PARTS, plugins: [single, policyName('voice-agent-parts')] });
  await bundle({ entries: { index: 'src/index.ts' }, forBundlers: true });
  await bundle({ entries: { engine: 'src/engine/create-engine.ts' }, forBundlers: true });
  for (const [name, source] of Object.entries(await languageEntries()))
    await bundle({ entries: { [name]: source } });
  await bundle({
    entries: PACKAGE_FILES,
    plugins: [shared, sharedByThePackage()],
    shared: true,
    forBundlers: true,
  });
  // For a site's server, and kept readable.
  await bundle({ entries: { token: 'token/index.ts' }, minify: false });
  await bundle({
    entries: { 'voice-agent-loader': 'src/loader/loader.ts' },
    format: 'iife',
    define: { LAUNCHER_NAMES: JSON.stringify(await launcherNames()) },
  });
  const strict = join(dist, 'strict');
  await bundle({ entries: ELEMENT, dir: strict, plugins: [single, withoutTexts()] });
  await writeStrictFiles(dist);
  await cp(join(projectRoot, 'components/themes'), join(dist, 'themes'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}

/** @returns Whether dist/ is whole. That the element is over its budget is only said: the build works all the same. */
async function build(): Promise<boolean> {
  // `npm test` has just checked the types.
  if (!process.argv.includes('--skip-type-check') && !(await typeCheck())) return false;
  await rm(dist, { recursive: true, force: true });
  await bundleEverything();
  if (!(await runTsc(['-p', 'tsconfig.build.json']))) return false;
  await writeEditorData(dist);
  await writeIntegrity(dist);
  await reportSizes(dist);
  return true;
}

process.exitCode = (await build()) ? 0 : 1;
