/** The code of README.md, run with nothing else. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { scheduleMicrophone, writeMicrophoneFile } from '../support/fake-microphone.js';
import { launchChromium } from '../support/launch-chromium.js';
import { holdCall, launchQuietChromium } from '../support/page-call.js';
import { readmeBlock } from '../support/readme-blocks.js';
import { serveFolder } from '../support/static-server.js';

const API_KEY = 'local-key';

/** Serves a page with these lines and the files of the build, and opens it. Tokens come from `token`. */
async function withPage(
  browser: Browser,
  lines: string,
  token: () => Promise<unknown>,
  run: (page: Page) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><title>Page</title>${lines}</html>`,
  );
  for (const file of ['voice-agent.js', 'index.js'])
    await copyFile(join(projectRoot, 'dist', file), join(folder, file));
  try {
    await using server = await serveFolder(folder);
    const page = await browser.newPage();
    await page.route(/\/voice-token(\?|$)/, async (route) => route.fulfill({ json: await token() }));
    await page.goto(`${server.origin}/`);
    await run(page);
    await page.close();
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

/** The README's function on a server that has the key. The service is the local agent. */
async function voiceToken(agent: AgentServer): Promise<(request: Request) => Promise<Response>> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-token-'));
  const code = readmeBlock('a token')
    .replace('voice-agent-element/token', pathToFileURL(join(projectRoot, 'dist/token.js')).href)
    .replace('apiKey:', `tokenUrl: '${agent.url}/v1/token', apiKey:`);
  await writeFile(join(folder, 'route.mjs'), code);
  process.env['ASSEMBLYAI_API_KEY'] = API_KEY;
  const route = (await import(pathToFileURL(join(folder, 'route.mjs')).href)) as {
    GET(request: Request): Promise<Response>;
  };
  await rm(folder, { recursive: true });
  return route.GET;
}

test('two lines of HTML are a conversation, with the token function behind them', async () => {
  const agent = await startAgent({ apiKey: API_KEY });
  const mint = await voiceToken(agent);
  // The page belongs to the example's server. Only the service is replaced, by the local agent and its stored agent.
  const asked = (): Request =>
    new Request('https://www.example.com/voice-token', { headers: { 'sec-fetch-site': 'same-origin' } });
  const token = async () => ({ ...((await (await mint(asked())).json()) as object), ws_url: agent.wsUrl });
  const lines = readmeBlock('the tag').replace('your-agent', 'demo');
  try {
    await withPage(await launchQuietChromium(), lines, token, async (page) => {
      expect(await holdCall(page)).toEqual({ worklet: 'blob', sessionHost: 'worker' });
    });
  } finally {
    await agent.close();
  }
});

test('the client without the tag reports the transcript of both sides', async () => {
  const agent = await startAgent();
  const { samples, rateHz } = await Voice.shared.speak('Hello there, how are you?', 'michael', 8_000);
  await using voice = await writeMicrophoneFile(
    scheduleMicrophone([{ atMs: 2_000, sound: { samples, rateHz } }]),
  );
  const lines = `<button id="button">Talk</button>
    <script type="importmap">{ "imports": { "voice-agent-element": "/index.js" } }</script>
    <script type="module">${readmeBlock('without the tag')}</script>`;
  const token = async () => (await fetch(`${agent.url}/voice-token`)).json() as Promise<unknown>;
  try {
    await withPage(await launchChromium({ microphoneWav: voice.path }), lines, token, async (page) => {
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      await page.getByRole('button').click();
      await expect
        .poll(() => said.find((line) => line.startsWith('user ')), { timeout: 30_000 })
        .toBeTruthy();
      await expect
        .poll(() => said.find((line) => line.startsWith('agent ')), { timeout: 30_000 })
        .toBeTruthy();
    });
  } finally {
    await agent.close();
  }
});

test('the engine alone resamples and codes in Node', async () => {
  const code = `${readmeBlock('the engine')}; console.log(JSON.stringify([wire.constructor.name, wire.length]))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: projectRoot,
  });
  const [kind, length] = JSON.parse(stdout) as [string, number];
  expect(kind).toBe('Uint8Array');
  // A tenth of a second at 8 kHz, minus the delay of the filter.
  expect(length).toBeGreaterThan(700);
  expect(length).toBeLessThanOrEqual(800);
});
