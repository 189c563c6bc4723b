/**
 * `npm run example -- react`: builds the package, starts the local agent, and an example against it. With
 * ASSEMBLYAI_API_KEY set there is no local agent: the examples with a server of their own talk to the service.
 * `--skip-build` takes dist/ as it is; what follows is passed on to the example.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { projectRoot } from './project-root.mjs';
import { runCommand } from './run-command.mjs';

/** Where the examples expect it, unless they are told otherwise. */
const AGENT_PORT = process.env['AGENT_PORT'] ?? '8787';

const folder = (/** @type {string} */ name) => join(projectRoot, 'examples', name);

/** @returns {Promise<{ env: NodeJS.ProcessEnv, stop(): void }>} what tells an example where its tokens come from */
async function startAgent() {
  if (process.env['ASSEMBLYAI_API_KEY']) return { env: {}, stop: () => undefined };
  const agent = spawn(process.execPath, [join(projectRoot, 'scripts/agent.mjs'), '--port', AGENT_PORT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const ended = once(agent, 'exit').then(() => {
    throw new Error('The local agent did not start.');
  });
  while (!/\/voice-token\n/.test(said)) {
    const [chunk] = await Promise.race([once(agent.stdout, 'data'), ended]);
    said += String(chunk);
  }
  ended.catch(() => undefined);
  const origin = /http:\/\/[^/\s]+/.exec(said)?.[0] ?? '';
  return {
    env: {
      ASSEMBLYAI_API_KEY: 'local',
      ASSEMBLYAI_TOKEN_URL: `${origin}/v1/token`,
      ASSEMBLYAI_WS_URL: `${origin.replace('http', 'ws')}/v1/ws`,
      ALLOWED_ORIGINS: process.env['ALLOWED_ORIGINS'] ?? 'http://localhost:5173',
      TOKEN_URL: `${origin}/voice-token`,
      VITE_TOKEN_URL: `${origin}/voice-token`,
    },
    stop: () => void agent.kill(),
  };
}

async function main() {
  const [name = '', ...given] = process.argv.slice(2);
  const names = readdirSync(folder('')).filter((each) => existsSync(join(folder(each), 'package.json')));
  if (!names.includes(name)) {
    console.error(`Say which: npm run example -- ${names.join(' | ')}`);
    return 2;
  }
  const further = given.filter((each) => each !== '--skip-build');
  await bootstrap();
  const npm = (/** @type {string[]} */ ...parameters) => ['--prefix', folder(name), ...parameters];
  const built = given.includes('--skip-build') ? 0 : await runCommand('npm', ['run', 'build']);
  const installed =
    built || (await runCommand('npm', npm('install', '--no-package-lock', '--no-audit', '--no-fund')));
  if (installed) return installed;
  const { env, stop } = await startAgent();
  try {
    const parameters = npm('start', ...(further.length > 0 ? ['--', ...further] : []));
    return await runCommand('npm', parameters, { env: { ...process.env, ...env } });
  } finally {
    stop();
  }
}

process.exitCode = await main();
