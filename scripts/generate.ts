/**
 * Makes src/generated/: the engine, the audio processor and the session worker as plain modules that hold strings. The
 * dev server, every test runner, the type checker and the bundler then all read the same thing, and the built element
 * is one file that loads nothing further.
 */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, version as viteVersion } from 'vite';
import { engineText } from '../src/engine/engine-text.js';
import { withLock } from './lock.mjs';
import { projectRoot } from './project-root.mjs';

const run = promisify(execFile);
const resolvePackage = createRequire(import.meta.url).resolve;

/**
 * A second round of what the compiler's own optimizer does finds more, and globals in the order of their use pack better:
 * 100 bytes less of the one file, and no slower. The features are those that the compiler uses.
 */
const WASM_OPT_ARGUMENTS = [
  '-O3',
  '--reorder-globals-always',
  ...['simd', 'bulk-memory', 'nontrapping-float-to-int', 'sign-ext'].map((feature) => `--enable-${feature}`),
];

/** A step makes one generated module from source files. */
interface Step {
  /** The module it writes, relative to the checkout. */
  readonly output: string;
  readonly exportName: string;
  /** Files and folders the result depends on, relative to the checkout. */
  readonly inputs: readonly string[];
  /** Version of the compiler: a new one makes new output. */
  readonly tool: string;
  readonly make: (root: string) => Promise<string>;
}

/** The rooms of src whose code can end up in a bundle for another thread, and what makes the bundle. */
const BUNDLED_SOURCES = [
  'src/audio-encoding.ts',
  'src/errors.ts',
  'src/engine',
  'src/protocol',
  'src/session',
  'src/worker',
  'src/worklet',
  'scripts/generate.ts',
];

const ENGINE_SOURCES = ['assembly', 'asconfig.json', 'src/engine/engine-text.ts', 'scripts/generate.ts'];

const STEPS: readonly Step[] = [
  {
    output: 'src/generated/engine-wasm.ts',
    exportName: 'engineWasmText',
    inputs: ENGINE_SOURCES,
    tool: `assemblyscript ${packageVersion('assemblyscript')}`,
    make: (root) => compileEngine(root, 'call'),
  },
  {
    output: 'src/generated/whole-engine.ts',
    exportName: 'wholeEngineText',
    inputs: ENGINE_SOURCES,
    tool: `assemblyscript ${packageVersion('assemblyscript')}`,
    make: (root) => compileEngine(root, 'whole'),
  },
  bundleStep('src/worklet/voice-processor.ts', 'voice-processor-source', 'voiceProcessorSource'),
  // Its exports in one variable: a Worker runs the script as it is, a page without Workers imports it as a module.
  bundleStep(
    'src/worker/session-worker.ts',
    'session-worker-source',
    'sessionWorkerSource',
    'voiceAgentSession',
  ),
];

function bundleStep(entry: string, name: string, exportName: string, globalName?: string): Step {
  return {
    output: `src/generated/${name}.ts`,
    exportName,
    inputs: BUNDLED_SOURCES,
    tool: `vite ${viteVersion}`,
    make: (root) => bundleClassicScript(join(root, entry), globalName),
  };
}

function packageVersion(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return version;
}

/**
 * Brings every generated module up to date; one whose inputs did not change is left alone.
 *
 * @param root The checkout. Another folder of the same layout serves the tests.
 * @returns The modules that were written, relative to `root`.
 */
export function generate(root: string = projectRoot): Promise<string[]> {
  return withLock('generate', async () => {
    const written: string[] = [];
    for (const step of STEPS) if (await runStep(step, root)) written.push(step.output);
    return written;
  });
}

async function runStep(step: Step, root: string): Promise<boolean> {
  const stamp = `// Generated from ${await hashInputs(step, root)}; do not edit.`;
  const path = join(root, step.output);
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present.startsWith(`${stamp}\n`)) return false;
  const text = await step.make(root);
  await writeWhole(path, `${stamp}\nexport const ${step.exportName}: string = ${JSON.stringify(text)};\n`);
  return true;
}

/** Readers never see half a file. */
async function writeWhole(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${String(process.pid)}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

async function hashInputs(step: Step, root: string): Promise<string> {
  const hash = createHash('sha256').update(`${step.tool}\0${step.exportName}\0`);
  const files = (await Promise.all(step.inputs.map((input) => listFiles(join(root, input))))).flat();
  for (const file of files.sort()) {
    hash.update(`${relative(root, file).split(sep).join('/')}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The files under a folder, or the path itself when it is a file. Prose is left out: it changes no output. */
async function listFiles(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @param target One of asconfig.json: what a call needs, or all of the engine.
 * @returns The engine's bytes as text. build/ holds the same bytes for whoever wants to look at them.
 */
async function compileEngine(root: string, target: 'call' | 'whole'): Promise<string> {
  const output = join(root, `build/${target}-engine.wasm`);
  const asc = resolvePackage('assemblyscript/package.json');
  // the one that AssemblyScript itself optimizes with
  const binaryen = createRequire(asc).resolve('binaryen');
  await mkdir(dirname(output), { recursive: true });
  try {
    await run(
      process.execPath,
      [join(dirname(asc), 'bin/asc.js'), `assembly/${target}.ts`, '--target', target],
      { cwd: root },
    );
    await run(
      process.execPath,
      [join(dirname(binaryen), 'bin/wasm-opt'), output, '-o', output, ...WASM_OPT_ARGUMENTS],
      { cwd: root },
    );
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The engine does not compile:\n${stdout}${stderr}`, { cause: error });
  }
  return engineText(await readFile(output));
}

/**
 * One self-contained script without imports, which is what `addModule` and a classic Worker made from a string need. It
 * has a global scope of its own in both, so no function around it has to keep its names in.
 *
 * @param globalName The variable that takes what the entry exports.
 */
async function bundleClassicScript(entry: string, globalName?: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: dirname(entry),
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: globalName === undefined ? false : 'strict',
        output: { format: 'es' },
      },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const files = outputs.flatMap((output) => ('output' in output ? output.output : []));
  const [chunk] = files;
  if (files.length !== 1 || chunk?.type !== 'chunk') {
    throw new Error(`${entry} must become one script, but became ${String(files.length)} files.`);
  }
  return globalName === undefined ? chunk.code.trim() : exportsIn(globalName, chunk.code.trim());
}

/** A classic script cannot export. */
function exportsIn(globalName: string, code: string): string {
  const [statement, list] = /export\{([^}]+)\};?$/.exec(code) ?? [];
  if (statement === undefined || list === undefined) throw new Error(`Nothing is exported to ${globalName}.`);
  const properties = list.split(',').map((each) => {
    const [local, exported = local] = each.split(' as ');
    return `${exported}:${local}`;
  });
  return `${code.slice(0, -statement.length)}var ${globalName}={${properties.join(',')}};`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = performance.now();
  const written = await generate();
  if (written.length > 0) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`Generated ${written.join(', ')} in ${seconds} s.`);
  }
}
