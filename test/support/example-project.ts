import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import { packCheckout, runIn } from './packed-project.js';

/** A copy of an example outside the checkout, with the packed tarball installed. */
export interface ExampleProject extends AsyncDisposable {
  readonly folder: string;
  run(command: string, parameters?: readonly string[]): Promise<string>;
  /** Starts a server of the example. @returns when it has printed its first address. */
  start(
    command: string,
    parameters: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<RunningProgram>;
}

export interface RunningProgram extends AsyncDisposable {
  /** The printed addresses so far, in order. */
  readonly urls: readonly string[];
  readonly output: () => string;
}

/** @param beside further examples whose files it uses */
export async function installExample(name: string, beside: readonly string[] = []): Promise<ExampleProject> {
  const base = await mkdtemp(join(tmpdir(), 'voice-agent-example-'));
  const folder = join(base, name);
  for (const one of [name, ...beside]) await copySources(join(projectRoot, 'examples', one), join(base, one));
  const manifest = join(folder, 'package.json');
  const text = await readFile(manifest, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    if (text.includes('"file:../.."'))
      await writeFile(manifest, text.replace('file:../..', `file:${await packCheckout(base)}`));
    await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  }
  const started: RunningProgram[] = [];
  return {
    folder,
    run: (command, parameters = []) => runIn(folder, command, parameters),
    start: async (command, parameters, env = {}) => {
      const program = await startProgram(folder, command, parameters, env);
      started.push(program);
      return program;
    },
    async [Symbol.asyncDispose]() {
      for (const program of started) await program[Symbol.asyncDispose]();
      await rm(base, { recursive: true, force: true });
    },
  };
}

function copySources(source: string, target: string): Promise<void> {
  const isMade = (part: string): boolean =>
    ['node_modules', 'dist', '.next', '.nuxt', '.output', '.svelte-kit', '.astro'].includes(part);
  return cp(source, target, {
    recursive: true,
    filter: (path) => !path.slice(source.length).split(sep).some(isMade),
  });
}

/** Starts a server. @returns when it has printed its first address. */
export async function startProgram(
  folder: string,
  command: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const child = spawn(command, parameters, {
    cwd: folder,
    // In a separate process group, so that all processes started by npm end with it.
    detached: true,
    env: { ...process.env, NO_COLOR: '1', NODE_ENV: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/https?:\/\/[^\s/]+:\d+.*\n/.test(plain(output))) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`${command} ended early:\n${output}`)));
  });
  return {
    get urls() {
      return [...plain(output).matchAll(/https?:\/\/[^\s)]+/g)].map(([url]) => url);
    },
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

/** Removes colours, which some programs print even if told not to. */
function plain(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, '');
}
