import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { WebSocket } from 'ws';
import { voiceAgentDevServer } from '../../../agent/dev-server-plugin.js';
import { startAgent } from '../../../agent/server.js';
import { UpstreamTokens } from '../../../agent/upstream-tokens.js';
import { Voice } from '../../../agent/voice.js';
import { AgentClient } from './agent-client.js';

const KEY = 'local-secret-key-of-a-test';
let root: string;
let vite: ViteDevServer | undefined;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'voice-agent-dev-'));
  await writeFile(join(root, 'index.html'), '<!doctype html><title>page</title>');
});
afterEach(async () => {
  await vite?.close();
  vite = undefined;
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});
afterAll(async () => {
  await rm(root, { recursive: true });
  await Voice.shared.close();
});

async function serve(env: Record<string, string>): Promise<string> {
  vite = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0 },
    plugins: [voiceAgentDevServer({ env })],
  });
  await vite.listen();
  const { port } = vite.httpServer!.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function getJson(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; body: unknown }> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as unknown };
}

/** Opens a session with the token and address for the page. */
async function openSession(url: string): Promise<AgentClient> {
  const { body } = await getJson(`${url}/voice-token`);
  const { token, ws_url } = body as { token: string; ws_url: string };
  const client = new AgentClient(`${ws_url}?token=${token}`);
  await client.open();
  client.send({ type: 'session.update', session: {} });
  await client.waitFor('session.ready');
  return client;
}

describe('without a key', () => {
  test("the local agent answers on the page's own origin", async () => {
    const url = await serve({});
    expect((await getJson(`${url}/voice-agent-mode`)).body).toEqual({ mode: 'local' });
    const { body } = await getJson(`${url}/voice-token`);
    expect(body).toMatchObject({ ws_url: `${url.replace('http', 'ws')}/v1/ws` });
    await openSession(url);
  });

  test('the page is still served, and hot reload still has its socket', async () => {
    const url = await serve({});
    expect(await (await fetch(`${url}/`)).text()).toContain('<title>page</title>');
    const socket = new WebSocket(`${url.replace('http', 'ws')}/`, 'vite-hmr');
    const hello = await new Promise<string>((resolve, reject) => {
      socket.once('message', (data) => resolve((data as Buffer).toString('utf8')));
      socket.once('error', reject);
    });
    expect(JSON.parse(hello)).toMatchObject({ type: 'connected' });
    socket.close();
  });

  test('pages of other machines get no token', async () => {
    const url = await serve({});
    expect((await getJson(`${url}/voice-token`, { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('with ASSEMBLYAI_API_KEY', () => {
  async function upstream(apiKey = KEY): Promise<Record<string, string>> {
    const server = await startAgent({ apiKey });
    cleanUps.push(() => server.close());
    return {
      ASSEMBLYAI_API_KEY: KEY,
      ASSEMBLYAI_TOKEN_URL: `${server.url}/v1/token`,
      ASSEMBLYAI_WS_URL: server.wsUrl,
    };
  }

  test('tokens come from the live service, the page connects there, and the key stays on the server', async () => {
    const env = await upstream();
    const url = await serve(env);
    const mode = await getJson(`${url}/voice-agent-mode`);
    const token = await getJson(`${url}/voice-token`);
    expect(mode.body).toEqual({ mode: 'live' });
    expect(token.body).toEqual({
      token: expect.stringMatching(/^[\w-]{2600}$/) as string,
      ws_url: env.ASSEMBLYAI_WS_URL,
    });
    expect(mode.text + token.text).not.toContain(KEY);
    await openSession(url);
  });

  test('the address is that of the live service unless another is set', async () => {
    const { ASSEMBLYAI_API_KEY, ASSEMBLYAI_TOKEN_URL } = await upstream();
    const url = await serve({
      ASSEMBLYAI_API_KEY: ASSEMBLYAI_API_KEY!,
      ASSEMBLYAI_TOKEN_URL: ASSEMBLYAI_TOKEN_URL!,
    });
    expect((await getJson(`${url}/voice-token`)).body).toMatchObject({
      ws_url: 'wss://agents.assemblyai.com/v1/ws',
    });
  });

  test('a refused key is reported as the cause, but not shown', async () => {
    const url = await serve(await upstream('another key'));
    const { body, status, text } = await getJson(`${url}/voice-token`);
    expect(status).toBe(401);
    expect(body).toEqual({ detail: expect.stringContaining('ASSEMBLYAI_API_KEY') as string });
    expect(text).not.toContain(KEY);
  });

  test.each([
    [429, 'null', 429],
    [500, 'null', 502],
    [200, '{"token":7}', 502],
    [200, 'not JSON', 502],
  ])('an upstream that answers %i %s becomes %i', async (status, text, expected) => {
    const server = createHttpServer((_request, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(async () => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const url = await serve({ ASSEMBLYAI_API_KEY: KEY, ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${port}/` });
    expect((await getJson(`${url}/voice-token`)).status).toBe(expected);
  });

  test('an unreachable upstream becomes 502', async () => {
    const env = await upstream();
    await cleanUps.pop()!();
    const url = await serve(env);
    expect((await getJson(`${url}/voice-token`)).status).toBe(502);
  });

  test('pages of other machines cannot get tokens for this key', async () => {
    const url = await serve(await upstream());
    const { body, status } = await getJson(`${url}/voice-token`, { origin: 'https://evil.example' });
    expect(status).toBe(403);
    expect(body).not.toHaveProperty('token');
  });
});

describe('ASSEMBLYAI_REGION', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('is the region of the token and of the conversation', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: URL) => {
      asked.push(url.host);
      return Promise.resolve(Response.json({ token: 'a-token' }));
    });
    const mint = (env: Record<string, string>) =>
      UpstreamTokens.fromEnvironment({ ASSEMBLYAI_API_KEY: KEY, ...env })!.mint();
    expect((await mint({ ASSEMBLYAI_REGION: 'eu' })).body).toMatchObject({
      ws_url: 'wss://agents.eu.assemblyai.com/v1/ws',
    });
    expect((await mint({})).body).toMatchObject({ ws_url: 'wss://agents.assemblyai.com/v1/ws' });
    expect(asked).toEqual(['agents.eu.assemblyai.com', 'agents.assemblyai.com']);
  });

  test('of the wrong name is refused', () => {
    const env = { ASSEMBLYAI_API_KEY: KEY, ASSEMBLYAI_REGION: 'mars' };
    expect(() => UpstreamTokens.fromEnvironment(env)).toThrow('ASSEMBLYAI_REGION must be us or eu.');
  });
});
