/** `npm run build`: dist/ with the element as one file, the library, the engine, their types and their source maps. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { writeEditorData } from './editor-data.js';
import {
  languageEntries,
  loadedWhenNeeded,
  policyName,
  sharedByThePackage,
  withoutTexts,
} from './bundle-plugins.js';
import { writeIntegrity } from './integrity.js';
import { minifyTemplates } from './minify-templates.js';
import { bundlePlainFiles } from './plain-files.js';
import { projectRoot } from './project-root.mjs';
import { reportSizes } from './sizes.js';
import { sourceNames } from './source-names.js';
import { writeMaps, writeStrictFiles } from './strict-build.js';
import { runTsc, typeCheck } from './type-check.mjs';

const dist = join(projectRoot, 'dist');

/** The minifier drops the notices of the packages inside; their licences want one to stay. */
const LICENCES = '/*! MIT. Contains Lit, Copyright Google LLC (BSD-3-Clause). */';

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
  /** Maps of the scripts inside are files beside this one. */
  readonly mapsBeside?: boolean;
}

async function bundle({ entries, dir = dist, plugins = [], shared, mapsBeside }: Bundle): Promise<void> {
  const built = await rolldown({
    cwd: projectRoot,
    input: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, join(projectRoot, entry)]),
    ),
    plugins: [...plugins, minifyTemplates()],
    preserveEntrySignatures: 'strict',
    platform: 'browser',
    transform: { target: 'es2022', define: { __MAPS_BESIDE__: String(mapsBeside ?? false) } },
  });
  try {
    await built.write({
      dir,
      format: 'es',
      // Of a page rendered on a server, the wrapper belongs to the part that runs in the browser.
      postBanner: ({ name }) => (name === 'react' ? `'use client';\n${LICENCES}` : LICENCES),
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
      codeSplitting: shared ?? false,
      minify: true,
      comments: { legal: false, annotation: true, jsdoc: false },
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
  await bundle({ entries: { index: 'src/index.ts' } });
  await bundle({ entries: { engine: 'src/engine/create-engine.ts' } });
  for (const [name, source] of Object.entries(await languageEntries()))
    await bundle({ entries: { [name]: source } });
  await bundle({ entries: PACKAGE_FILES, plugins: [shared, sharedByThePackage()], shared: true });
  await bundlePlainFiles();
  const strict = join(dist, 'strict');
  await bundle({ entries: ELEMENT, dir: strict, plugins: [single, withoutTexts()] });
  await writeStrictFiles(dist);
  await cp(join(projectRoot, 'components/themes'), join(dist, 'themes'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}

/** @returns Whether dist/ is whole and the element is within its budget. */
async function build(): Promise<boolean> {
  // `npm test` has just checked the types.
  if (!process.argv.includes('--skip-type-check') && !(await typeCheck())) return false;
  await rm(dist, { recursive: true, force: true });
  await bundleEverything();
  if (!(await runTsc(['-p', 'tsconfig.build.json']))) return false;
  await writeEditorData(dist);
  await writeIntegrity(dist);
  return reportSizes(dist);
}

process.exitCode = (await build()) ? 0 : 1;
