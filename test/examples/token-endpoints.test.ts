import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { debianProgram } from '../support/debian-program.js';
import { installExample, type ExampleProject } from '../support/example-project.js';

const KEY = 'local-0123456789abcdef-secret';
const PAGE = 'https://www.example.com';
const PER_MINUTE = 5;

interface Endpoint {
  /** Address of the endpoint. */
  readonly url: string;
  stop(): PromiseLike<void>;
}
type Env = Readonly<Record<string, string>>;

let agent: AgentServer;
let example: ExampleProject;
let upstream: Server;
/** What the endpoints asked the service. */
const asked: URL[] = [];

/** The local agent behind a door that notes who knocks. */
async function startUpstream(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', agent.url);
    asked.push(url);
    void fetch(url, { headers: { authorization: request.headers.authorization ?? '' } }).then(
      async (answer) =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(async () => {
  agent = await startAgent({ apiKey: KEY });
  upstream = await startUpstream();
  example = await installExample('token-endpoints');
});

afterAll(async () => {
  await example[Symbol.asyncDispose]();
  upstream.close();
  upstream.closeAllConnections();
  await agent.close();
});

interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}

const STARTERS: Readonly<Record<string, (env: Env) => Promise<Endpoint>>> = {
  'Node with Hono': async (env) => {
    const program = await example.start('node', ['node-hono.mjs'], { PORT: '0', ...env });
    return { url: program.urls[0]!, stop: () => program[Symbol.asyncDispose]() };
  },
  'an edge runtime (workerd)': async (env) => {
    const { Miniflare } = (await import(
      pathToFileURL(join(example.folder, 'node_modules/miniflare/dist/src/index.js')).href
    )) as { Miniflare: new (options: object) => Miniflare };
    const edge = new Miniflare({
      modules: ['edge.mjs', 'mint.mjs'].map((file) => ({
        type: 'ESModule',
        path: join(example.folder, file),
      })),
      modulesRoot: example.folder,
      bindings: env,
      compatibilityDate: '2026-01-01',
      host: '127.0.0.1',
      port: 0,
    });
    return { url: new URL('/voice-token', await edge.ready).href, stop: () => edge.dispose() };
  },
  PHP: async (env) => {
    const php = await debianProgram('php', 'php-cli');
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'voice-token-'));
    const program = await example.start(php, ['-S', `127.0.0.1:${String(port)}`, 'token.php'], {
      PHP_CLI_SERVER_WORKERS: '4',
      RATE_LIMIT_FOLDER: folder,
      ...env,
    });
    return {
      url: `http://127.0.0.1:${String(port)}/voice-token`,
      stop: () => program[Symbol.asyncDispose](),
    };
  },
};

/** A token is one when a conversation begins with it. */
async function openSession(url: string, token: string): Promise<string> {
  const socket = new WebSocket(`${url}?token=${token}`);
  socket.on('open', () => socket.send(JSON.stringify({ type: 'session.update', session: {} })));
  const outcome = await new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    // A refusal comes with the opening itself.
    socket.on('message', (data: Buffer) => {
      const { type, code } = JSON.parse(data.toString()) as { type: string; code?: string };
      if (type === 'session.ready' || type === 'session.error') resolve(code ?? type);
    });
  });
  socket.terminate();
  return outcome;
}

for (const [name, start] of Object.entries(STARTERS)) {
  describe(`the token endpoint on ${name}`, () => {
    let endpoint: Endpoint | undefined;

    afterEach(async () => {
      await endpoint?.stop();
      endpoint = undefined;
      asked.length = 0;
    });

    const open = async (env: Env = {}): Promise<void> => {
      endpoint = await start({
        ASSEMBLYAI_API_KEY: KEY,
        ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/v1/token`,
        ASSEMBLYAI_WS_URL: agent.wsUrl,
        ALLOWED_ORIGINS: `${PAGE}, https://shop.example.com`,
        TOKENS_PER_MINUTE: String(PER_MINUTE),
        ...env,
      });
    };

    /** Every answer is searched for the key. */
    const ask = async (headers: Env = { origin: PAGE }, method = 'GET') => {
      const response = await fetch(endpoint!.url, { headers, method });
      const text = await response.text();
      const everything = JSON.stringify([...response.headers]) + text;
      expect(everything).not.toContain(KEY);
      expect(everything).not.toMatch(/bearer|invalid api key/i);
      const body = (text === '' ? {} : JSON.parse(text)) as { token?: string; ws_url?: string };
      return { status: response.status, headers: response.headers, body };
    };

    test('gives a page of an allowed origin a token that begins one conversation, short-lived and capped', async () => {
      await open();
      const { status, headers, body } = await ask();
      expect(status).toBe(200);
      expect(headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body.ws_url).toBe(agent.wsUrl);
      expect(await openSession(agent.wsUrl, body.token!)).toBe('session.ready');
      expect(await openSession(agent.wsUrl, body.token!)).toBe('unauthorized');
      const query = asked[0]!.searchParams;
      expect(Number(query.get('expires_in_seconds'))).toBeLessThanOrEqual(60);
      expect(query.get('max_session_duration_seconds')).toBe('900');
    });

    test('turns away other origins, and who hides its own, before it asks the service', async () => {
      await open();
      for (const headers of [
        { origin: 'https://evil.example.net' },
        { origin: `${PAGE}.evil.example.net` },
        { origin: 'http://www.example.com' },
        { origin: 'null' },
        {},
      ] as Env[]) {
        const { status, headers: answered, body } = await ask(headers);
        expect(status).toBe(403);
        expect(body.token).toBeUndefined();
        expect(answered.get('access-control-allow-origin')).toBeNull();
      }
      expect((await ask({ origin: PAGE }, 'POST')).status).toBe(405);
      expect(asked).toEqual([]);
    });

    test('lets nobody have more than its share, whatever address they claim', async () => {
      await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          ask({ origin: PAGE, 'x-forwarded-for': `198.51.100.${String(index)}` }),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(PER_MINUTE);
      expect(statuses.filter((status) => status === 429)).toHaveLength(20 - PER_MINUTE);
      expect(asked).toHaveLength(PER_MINUTE);
      expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('60');
    });

    test('says nothing of a wrong key, nor of a service out of reach', async () => {
      await open({ ASSEMBLYAI_API_KEY: `${KEY}-mistyped` });
      expect(await ask()).toMatchObject({ status: 502, body: { error: 'No token could be had.' } });
      await endpoint!.stop();
      await open({ ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${String(await freePort())}/v1/token` });
      expect(await ask()).toMatchObject({ status: 502, body: { error: 'No token could be had.' } });
    });
  });
}
