/** `npm run build`: dist/ with the element as one file, the library, the engine and their types. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build } from 'vite';
import { compactStyles, languageEntries, languagesBesideTheFile } from './bundle-plugins.js';
import { generate } from './generate.js';
import { projectRoot } from './project-root.mjs';
import { runTsc, typeCheck } from './type-check.mjs';

/** What a page pays for the tag, brotli-compressed. */
const ELEMENT_BUDGET_BYTES = 40_000;

const ENTRIES = {
  'voice-agent': 'components/voice-agent/define.ts',
  index: 'src/index.ts',
  engine: 'src/engine/create-engine.ts',
};

interface Size {
  readonly file: string;
  readonly rawBytes: number;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
  /** For the `integrity` attribute of a script tag. */
  readonly integrity: string;
}

/** Each entry becomes one self-contained ES module: a page that embeds the tag by one URL gets one request. */
async function bundleEntry(name: string, entry: string): Promise<void> {
  await bundle({ [name]: join(projectRoot, entry) }, false);
}

async function bundle(input: Record<string, string>, codeSplitting: boolean): Promise<void> {
  await build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    publicDir: false,
    plugins: [languagesBesideTheFile(), compactStyles()],
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js', codeSplitting },
      },
    },
  });
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
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
  };
}

function printSizes(sizes: readonly Size[]): void {
  console.log(`${'dist/'.padEnd(18)}${['raw', 'gzip', 'brotli'].map((name) => name.padStart(9)).join('')}`);
  for (const { file, rawBytes, gzipBytes, brotliBytes, integrity } of sizes) {
    const columns = [rawBytes, gzipBytes, brotliBytes].map((bytes) => String(bytes).padStart(9)).join('');
    console.log(`${file.padEnd(18)}${columns}  ${integrity}`);
  }
}

/** @returns Whether dist/ is whole and the element is within its budget. */
async function bundleAll(): Promise<boolean> {
  await generate();
  // `npm test` has just checked the types.
  if (!process.argv.includes('--skip-type-check') && !(await typeCheck())) return false;
  await rm(join(projectRoot, 'dist'), { recursive: true, force: true });
  for (const [name, entry] of Object.entries(ENTRIES)) await bundleEntry(name, entry);
  await bundle(await languageEntries(), true);
  if (!(await runTsc(['-p', 'tsconfig.build.json']))) return false;
  const sizes = await Promise.all(Object.keys(ENTRIES).map((name) => measure(`${name}.js`)));
  printSizes(sizes);
  const element = sizes.find(({ file }) => file === 'voice-agent.js');
  const brotliBytes = element?.brotliBytes ?? Infinity;
  const verdict = brotliBytes <= ELEMENT_BUDGET_BYTES ? 'within' : 'OVER';
  console.log(`voice-agent.js is ${verdict} its budget of ${ELEMENT_BUDGET_BYTES} bytes (brotli).`);
  return brotliBytes <= ELEMENT_BUDGET_BYTES;
}

process.exitCode = (await bundleAll()) ? 0 : 1;
