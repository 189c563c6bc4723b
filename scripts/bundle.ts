/** `npm run build`: dist/ with the element as one file, the library, the engine and their types. */
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build, type Plugin } from 'vite';
import { writeEditorData } from './editor-data.js';
import {
  baselineStyleSheets,
  compactStyles,
  compactTemplates,
  importsAtRunTime,
  languageEntries,
  languagesBesideTheFile,
  policyOfItsOwn,
  sharedByThePackage,
} from './bundle-plugins.js';
import { engineLast } from './engine-last.js';
import { integrityOf, writeIntegrity } from './integrity.js';
import { litInside } from './lit-inside.js';
import { bundlePlainFiles } from './plain-files.js';
import { projectRoot } from './project-root.mjs';
import { shortNamesInside, shortProperties } from './short-names-inside.js';
import { STRICT_FILES, withoutTexts, writeStrictFiles } from './strict-build.js';
import { runTsc, typeCheck } from './type-check.mjs';

/** What a page pays for the tag, brotli-compressed, and never more. */
const ELEMENT_BUDGET_BYTES = 50_000;

/** Each becomes one self-contained ES module: a page that embeds the tag by one URL gets one request. */
const SINGLE_FILES = {
  'voice-agent': 'components/voice-agent/one-file.ts',
  'voice-agent-parts': 'components/define-parts.ts',
  'voice-agent-visualizer': 'components/parts/visualizer.ts',
  index: 'src/index.ts',
  engine: 'src/engine/create-engine.ts',
};

/** For who bundles: Lit, React and the library itself stay imports, so that a page holds them once. */
const PACKAGE_FILES = {
  element: 'components/voice-agent/define.ts',
  parts: 'components/define-parts.ts',
  visualizer: 'components/parts/visualizer.ts',
  react: 'components/react/voice-agent.ts',
};

const MEASURED = [
  ...Object.keys(SINGLE_FILES).map((name) => `${name}.js`),
  ...STRICT_FILES.map((file) => `strict/${file}`),
];

/** The minifier drops the notices of the packages inside; their licences want one to stay. */
const LICENCES = '/*! MIT. Contains Lit, Copyright Google LLC (BSD-3-Clause). */';

interface Size {
  readonly file: string;
  readonly rawBytes: number;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
  /** For the `integrity` attribute of a script tag. */
  readonly integrity: string;
}

interface Bundle {
  readonly entries: Readonly<Record<string, string>>;
  readonly outDir?: string;
  readonly plugins?: readonly Plugin[];
  /** Everything in one file. */
  readonly single?: boolean;
}

async function bundle({ entries, outDir = 'dist', plugins = [], single }: Bundle): Promise<void> {
  await build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      languagesBesideTheFile(single ? undefined : ''),
      baselineStyleSheets(),
      compactStyles(),
      compactTemplates(),
      ...plugins,
      ...(single ? [litInside(!('voice-agent' in entries)), shortNamesInside()] : []),
    ],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [name, join(projectRoot, entry)]),
        ),
        preserveEntrySignatures: 'strict',
        output: {
          format: 'es',
          // Of a page rendered on a server, the wrapper belongs to the part that runs in the browser.
          postBanner: ({ name }) => (name === 'react' ? `'use client';\n${LICENCES}` : LICENCES),
          entryFileNames: '[name].js',
          chunkFileNames: 'shared-[hash].js',
          codeSplitting: !single,
          ...(single && { minify: { mangleProps: shortProperties() } }),
        },
      },
    },
  });
}

async function bundleEverything(): Promise<void> {
  for (const [name, entry] of Object.entries(SINGLE_FILES))
    await bundle({
      entries: { [name]: entry },
      plugins: [importsAtRunTime(), policyOfItsOwn(), engineLast()],
      single: true,
    });
  await bundle({ entries: await languageEntries() });
  await bundle({ entries: PACKAGE_FILES, plugins: [sharedByThePackage()] });
  await bundle({
    entries: { 'voice-agent': SINGLE_FILES['voice-agent'] },
    outDir: 'dist/strict',
    plugins: [withoutTexts()],
    single: true,
  });
  await writeStrictFiles(join(projectRoot, 'dist'));
  await bundlePlainFiles();
  await copyThemes();
}

async function copyThemes(): Promise<void> {
  const [from, to] = [join(projectRoot, 'components/themes'), join(projectRoot, 'dist/themes')];
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from))
    if (file.endsWith('.css')) await copyFile(join(from, file), join(to, file));
}

async function measure(file: string): Promise<Size> {
  const content = await readFile(join(projectRoot, 'dist', file));
  const [gzipped, compressed] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content),
  ]);
  return {
    file,
    rawBytes: content.length,
    gzipBytes: gzipped.length,
    brotliBytes: compressed.length,
    integrity: integrityOf(content),
  };
}

function printSizes(sizes: readonly Size[]): void {
  console.log(`${'dist/'.padEnd(28)}${['raw', 'gzip', 'brotli'].map((name) => name.padStart(9)).join('')}`);
  for (const { file, rawBytes, gzipBytes, brotliBytes, integrity } of sizes) {
    const columns = [rawBytes, gzipBytes, brotliBytes].map((bytes) => String(bytes).padStart(9)).join('');
    console.log(`${file.padEnd(28)}${columns}  ${integrity}`);
  }
}

/** @returns Whether dist/ is whole and the element is within its budget. */
async function bundleAll(): Promise<boolean> {
  // `npm test` has just checked the types.
  if (!process.argv.includes('--skip-type-check') && !(await typeCheck())) return false;
  await rm(join(projectRoot, 'dist'), { recursive: true, force: true });
  await bundleEverything();
  if (!(await runTsc(['-p', 'tsconfig.build.json']))) return false;
  await writeEditorData(join(projectRoot, 'dist'));
  await writeIntegrity(join(projectRoot, 'dist'));
  const sizes = await Promise.all(MEASURED.map((file) => measure(file)));
  printSizes(sizes);
  const element = sizes.find(({ file }) => file === 'voice-agent.js');
  const brotliBytes = element?.brotliBytes ?? Infinity;
  const verdict = brotliBytes <= ELEMENT_BUDGET_BYTES ? 'within' : 'OVER';
  console.log(`voice-agent.js is ${verdict} its budget of ${ELEMENT_BUDGET_BYTES} bytes (brotli).`);
  return brotliBytes <= ELEMENT_BUDGET_BYTES;
}

process.exitCode = (await bundleAll()) ? 0 : 1;
