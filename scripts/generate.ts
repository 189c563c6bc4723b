/**
 * Writes src/generated/: the engine, the audio processor and the session worker as modules that export strings. So the
 * dev server, the test runners, the type checker and the bundler use the same code, and the built element is one file.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown, VERSION as rolldownVersion } from 'rolldown';
import { glob } from 'tinyglobby';
import { engineText } from '../src/engine/engine-text.js';
import { SESSION_VARIABLE } from '../src/worker/session-script.js';
import { compress } from './compress.js';
import { withLock } from './lock.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';
import { sourceName } from './source-names.js';

const compilerPackage = createRequire(import.meta.url).resolve('assemblyscript/package.json');

/** A step makes one generated module from source files. */
interface Step {
  /** The module it writes, relative to the checkout. */
  readonly output: string;
  readonly exportName: string;
  /** Files and folders the result depends on, relative to the checkout. */
  readonly inputs: readonly string[];
  /** Version of the compiler, because another version may generate other code. */
  readonly tool: string;
  /** The text that the module exports. */
  readonly make: () => Promise<string>;
}

/** Sources that can be part of a script for another thread, and the programs that bundle it. */
const BUNDLED_SOURCES = [
  'src/audio-encoding.ts',
  'src/errors.ts',
  'src/error-catalogue.ts',
  'src/release.ts',
  'src/generated/version.ts',
  'src/engine',
  'src/protocol',
  'src/session',
  'src/worker',
  'src/worklet',
  'scripts/compress.ts',
  'scripts/generate.ts',
];

const ENGINE_SOURCES = ['assembly', 'asconfig.json', 'src/engine/engine-text.ts', 'scripts/generate.ts'];

const STEPS: readonly Step[] = [
  {
    output: 'src/generated/version.ts',
    exportName: 'version',
    inputs: [],
    tool: packageVersion('../package.json'),
    make: () => Promise.resolve(packageVersion('../package.json')),
  },
  engineStep('src/generated/engine-wasm.ts', 'engineWasmText', 'call'),
  engineStep('src/generated/whole-engine.ts', 'wholeEngineText', 'whole'),
  bundleStep('src/worklet/voice-processor.ts', 'voiceProcessorSource'),
  // Its exports in one variable: a Worker runs the script as it is, a page without Workers imports it as a module.
  bundleStep('src/worker/session-worker.ts', 'sessionWorkerSource', SESSION_VARIABLE),
];

function engineStep(output: string, exportName: string, target: 'call' | 'whole'): Step {
  const tool = `assemblyscript ${packageVersion('assemblyscript/package.json')}`;
  return { output, exportName, inputs: ENGINE_SOURCES, tool, make: () => compileEngine(target) };
}

function bundleStep(entry: string, exportName: string, globalName?: string): Step {
  return {
    output: `src/generated/${basename(entry, '.ts')}-source.ts`,
    exportName,
    inputs: BUNDLED_SOURCES,
    tool: `rolldown ${rolldownVersion}`,
    make: () => bundleScript(entry, globalName),
  };
}

/** @param path of a package.json, as `require` takes it */
function packageVersion(path: string): string {
  const { version } = createRequire(import.meta.url)(path) as { version: string };
  return version;
}

/**
 * Brings every generated module up to date; one whose inputs did not change is left alone.
 *
 * @returns The modules that were written, relative to the checkout.
 */
export function generate(): Promise<string[]> {
  return withLock('generate', async () => {
    const written: string[] = [];
    for (const step of STEPS) if (await runStep(step)) written.push(step.output);
    return written;
  });
}

async function runStep(step: Step): Promise<boolean> {
  const stamp = `// Generated from ${await hashInputs(step)}; do not edit.`;
  const path = join(projectRoot, step.output);
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present.startsWith(`${stamp}\n`)) return false;
  const text = await step.make();
  await writeWhole(path, `${stamp}\nexport const ${step.exportName}: string = ${JSON.stringify(text)};\n`);
  return true;
}

/** Atomic, so that readers never see half a file. */
async function writeWhole(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${String(process.pid)}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

async function hashInputs(step: Step): Promise<string> {
  const hash = createHash('sha256').update(`${step.tool}\0${step.exportName}\0`);
  // Documents do not affect the output.
  const files = await glob(step.inputs, { cwd: projectRoot, ignore: '**/*.md' });
  for (const file of files.sort()) hash.update(`${file}\0`).update(await readFile(join(projectRoot, file)));
  return hash.digest('hex').slice(0, 16);
}

const WASM_OPT = [
  'engine.wasm',
  '--output=engine.wasm',
  '-O3',
  '--enable-simd',
  '--enable-bulk-memory',
  '--enable-sign-ext',
  '--enable-nontrapping-float-to-int',
  '--enable-mutable-globals',
  '--input-source-map=engine.wasm.map',
  '--output-source-map=engine.wasm.map',
  '--output-source-map-url=engine.wasm.map',
];

/** The last section of the compiler's output; it contains only the address of the map. */
const MAP_SECTION = Buffer.from('\0!\x10sourceMappingURL\x0fengine.wasm.map');

/**
 * @param target One of asconfig.json: what a call needs, or all of the engine.
 * @returns The engine as text, without the address of its map: the address is relative, and a text has no URL. The file in
 * build/ has the address, and its map next to it.
 */
async function compileEngine(target: 'call' | 'whole'): Promise<string> {
  const folder = join(projectRoot, 'build', target);
  await mkdir(folder, { recursive: true });
  const asc = join(dirname(compilerPackage), 'bin/asc.js');
  // A second round of the compiler's own optimizer finds 2 % more.
  const wasmOpt = join(dirname(createRequire(compilerPackage).resolve('binaryen')), 'bin/wasm-opt');
  const failed =
    (await runCommand(process.execPath, [asc, `assembly/${target}.ts`, '--target', target])) ||
    (await runCommand(process.execPath, [wasmOpt, ...WASM_OPT], { cwd: folder }));
  if (failed) throw new Error('The engine does not compile; the messages are above.');
  const wasm = await readFile(join(folder, 'engine.wasm'));
  const code = wasm.subarray(0, -MAP_SECTION.length);
  if (!wasm.subarray(code.length).equals(MAP_SECTION)) throw new Error('The engine has no address of a map.');
  return engineText(code);
}

/**
 * One self-contained script without imports, which is what `addModule` and a classic Worker made from a string need.
 *
 * @param globalName The variable that takes what the entry exports.
 */
async function bundleScript(entry: string, globalName?: string): Promise<string> {
  const name = `${basename(entry, '.ts')}.js`;
  // No `await using`: vite.config.ts imports this file, and Node 20 runs it untranslated.
  const bundle = await rolldown({
    input: { [basename(entry, '.ts')]: join(projectRoot, entry) },
    plugins: [compress()],
    checks: { bundlerTimings: false },
    preserveEntrySignatures: globalName === undefined ? false : 'strict',
    transform: { target: 'es2022' },
  });
  const { output } = await bundle
    .generate({
      ...(globalName === undefined ? { format: 'es' } : { format: 'iife', name: globalName }),
      entryFileNames: name,
      generatedCode: { symbols: false },
      minify: true,
      comments: { annotation: false },
      sourcemap: 'hidden',
      sourcemapPathTransform: sourceName,
    })
    .finally(() => bundle.close());
  const [{ code, map }] = output;
  if (!map || output.some(({ type }, index) => index > 0 && type === 'chunk'))
    throw new Error(`${entry} must become one script with a map.`);
  await writeWhole(join(projectRoot, 'src/generated', `${name}.map`), map.toString());
  return code.trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = performance.now();
  const written = await generate();
  if (written.length > 0) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`Generated ${written.join(', ')} in ${seconds} s.`);
  }
}
