import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { FAULT_FLAGS } from '../../../agent/faults.js';
import { startAgent } from '../../../agent/server.js';

const CLI = fileURLToPath(new URL('../../../agent/cli.ts', import.meta.url));
let child: ChildProcess | undefined;
afterEach(() => {
  if (child?.exitCode === null) child.kill('SIGKILL');
});

interface Run {
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

function run(...args: string[]): Run {
  const started = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      listeners.forEach((listener) => listener());
    });
  }
  return {
    output: () => text,
    exited: once(started, 'close').then(([code]) => code as number | null),
    until: async (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = pattern.exec(text);
          if (match) resolve(match);
        };
        listeners.add(check);
        started.once('close', () => reject(new Error(`Ended before ${pattern.source}: ${text}`)));
        check();
      }),
  };
}

test('it listens on the port that it prints, simulates the requested faults, and ends on SIGTERM', async () => {
  const { exited, until } = run('--port', '0', '--fault', 'latency=50', '--key', 'local-only');
  const [, page] = await until(/Tokens for pages: +(http:\/\/127\.0\.0\.1:\d+)\/voice-token/);
  expect(await (await fetch(`${page}/health`)).json()).toEqual({ status: 'ok' });
  const headers = { authorization: 'Bearer local-other' };
  expect((await fetch(`${page}/v1/token?expires_in_seconds=5`, { headers })).status).toBe(404);
  child!.kill('SIGTERM');
  expect(await exited).toBe(0);
});

test('--help names every fault', async () => {
  const { exited, output } = run('--help');
  expect(await exited).toBe(0);
  const missing = Object.keys(FAULT_FLAGS).filter((name) => !output().includes(name));
  expect(missing).toEqual([]);
});

test.each([
  [['--fault', 'gremlins'], /Unknown fault "gremlins"/],
  [['--port', 'many'], /--port needs a whole number/],
  [['--prot', '1'], /prot/],
])('%j exits with 1 and a message', async (args, why) => {
  const { exited, output } = run(...args);
  expect(await exited).toBe(1);
  expect(output()).toMatch(why);
  expect(output()).not.toMatch(/\n\s+at /);
});

test('a port in use is named, with what to do', async () => {
  const first = await startAgent();
  const { exited, output } = run('--port', String(first.port));
  expect(await exited).toBe(1);
  await first.close();
  expect(output()).toBe(
    `Port ${String(first.port)} is in use. If that is an agent you started before, pages can use it; otherwise choose another port with --port.\n`,
  );
});
