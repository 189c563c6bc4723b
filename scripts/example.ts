/**
 * `npm run example -- react`: builds the package, starts the local agent unless one is running, and an example against it. With
 * ASSEMBLYAI_API_KEY set there is no local agent: the examples with a server of their own talk to the service.
 * `--skip-build` takes dist/ as it is; what follows is passed on to the example.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/** Where the examples expect it by default. */
const AGENT_PORT = process.env['AGENT_PORT'] ?? '8787';

const folder = (name: string): string => join(projectRoot, 'examples', name);

interface RunningAgent {
  /** The environment of the example: where its tokens come from. */
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => void;
}

/** @returns `http://…` of an agent that is already running on this port */
async function findAgent(): Promise<string | undefined> {
  const url = `http://127.0.0.1:${AGENT_PORT}`;
  const answer = await fetch(`${url}/health`).catch(() => undefined);
  const health: unknown = await answer?.json().catch(() => undefined);
  return (health as { status?: unknown } | undefined)?.status === 'ok' ? url : undefined;
}

async function startAgent(): Promise<RunningAgent> {
  if (process.env['ASSEMBLYAI_API_KEY']) return { env: {}, stop: () => undefined };
  const found = await findAgent();
  if (found !== undefined) {
    console.log(`Uses the local agent that is already running on port ${AGENT_PORT}.`);
    return { env: environment(`${found}/voice-token`), stop: () => undefined };
  }
  const parameters = ['scripts/run.mjs', '--generate', 'agent/cli.ts', '--port', AGENT_PORT];
  const agent = spawn(process.execPath, parameters, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let tokenUrl: string | undefined;
  for await (const line of createInterface({ input: agent.stdout })) {
    tokenUrl = /http:\S+\/voice-token$/.exec(line)?.[0];
    if (tokenUrl !== undefined) break;
  }
  if (tokenUrl === undefined) throw new Error('The local agent did not start.');
  // Discards further output, so that the pipe does not fill up.
  agent.stdout.resume();
  return { env: environment(tokenUrl), stop: () => void agent.kill() };
}

/** Where an example's tokens come from, in the variables that the examples read. */
function environment(tokenUrl: string): NodeJS.ProcessEnv {
  const { origin, host } = new URL(tokenUrl);
  return {
    ASSEMBLYAI_API_KEY: 'local',
    ASSEMBLYAI_TOKEN_URL: `${origin}/v1/token`,
    ASSEMBLYAI_WS_URL: `ws://${host}/v1/ws`,
    ALLOWED_ORIGINS: process.env['ALLOWED_ORIGINS'] ?? 'http://localhost:5173',
    TOKEN_URL: tokenUrl,
    VITE_TOKEN_URL: tokenUrl,
  };
}

async function main(): Promise<number> {
  const [name = '', ...given] = process.argv.slice(2);
  const names = readdirSync(folder('')).filter((each) => existsSync(join(folder(each), 'package.json')));
  if (!names.includes(name)) {
    console.error(`Say which: npm run example -- ${names.join(' | ')}`);
    return 2;
  }
  const further = given.filter((each) => each !== '--skip-build');
  const npm = (...parameters: string[]): string[] => ['--prefix', folder(name), ...parameters];
  const built = given.includes('--skip-build') ? 0 : await runCommand('npm', ['run', 'build']);
  const installed =
    built || (await runCommand('npm', npm('install', '--no-package-lock', '--no-audit', '--no-fund')));
  if (installed) return installed;
  const { env, stop } = await startAgent();
  try {
    const quiet = {
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      NUXT_TELEMETRY_DISABLED: '1',
    };
    const parameters = npm('start', ...(further.length > 0 ? ['--', ...further] : []));
    return await runCommand('npm', parameters, { env: { ...quiet, ...process.env, ...env } });
  } finally {
    stop();
  }
}

process.exitCode = await main();
