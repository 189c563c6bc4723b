import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import getPort from 'get-port';
import { askAs } from '../support/ask-as.js';
import { debianProgram } from '../support/debian-program.js';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { holdCall, openPage } from '../support/page-call.js';
import { serveTokenSite } from '../support/token-site.js';

const KEY = 'local-0123456789abcdef-secret';
const PAGE = 'https://www.example.com';
const PER_MINUTE = 5;

interface Endpoint {
  /** Address of the endpoint. */
  readonly url: string;
  stop(): PromiseLike<void>;
}
type Env = Readonly<Record<string, string>>;

const talk = prepareTalk({ apiKey: KEY });
let example: ExampleProject;
let upstream: Server;
/** The endpoints' requests to the service. */
const asked: URL[] = [];

/** The local agent behind a proxy that records requests. */
async function startUpstream(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', talk.agent.url);
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

beforeAll(async () => {
  upstream = await startUpstream();
  example = await installExample('token-endpoints');
});

afterAll(async () => {
  await example[Symbol.asyncDispose]();
  upstream.close();
  upstream.closeAllConnections();
  (await redis)?.program.kill();
});

/** Starts each by the command in its README. */
const STARTERS: Readonly<Record<string, { readonly script: string; prepare?(): Promise<Env> }>> = {
  'Node with Hono': { script: 'start' },
  'Node with Redis': { script: 'start:redis', prepare: emptyRedis },
  'an edge runtime (workerd)': { script: 'start:edge' },
  'an edge runtime with a Durable Object': { script: 'start:durable-object' },
  Deno: { script: 'start:deno' },
  Bun: { script: 'start:bun' },
  PHP: { script: 'start:php', prepare: () => debianProgram('php', 'php-cli').then(() => ({})) },
};

/** Debian's Redis, without persistence; started for the first test that needs it. */
let redis: Promise<{ readonly url: string; readonly program: ChildProcess }> | undefined;

async function startRedis(): Promise<{ readonly url: string; readonly program: ChildProcess }> {
  const port = String(await getPort());
  const command = await debianProgram('redis-server', 'redis-server');
  const program = spawn(command, ['--port', port, '--bind', '127.0.0.1', '--save', ''], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of program.stdout) if (String(line).includes('Ready to accept')) break;
  program.stdout.resume();
  return { url: `redis://127.0.0.1:${port}`, program };
}

async function emptyRedis(): Promise<Env> {
  const { url } = await (redis ??= startRedis());
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  socket.write('FLUSHALL\r\n');
  await once(socket, 'data');
  socket.destroy();
  return { REDIS_URL: url };
}

async function start(name: string, env: Env): Promise<Endpoint> {
  const { script, prepare } = STARTERS[name]!;
  const prepared = await prepare?.();
  const folder = await mkdtemp(join(tmpdir(), 'voice-token-'));
  const port = env['PORT'] ?? String(await getPort());
  const program = await example.start('npm', ['run', script], {
    PHP_CLI_SERVER_WORKERS: '4',
    RATE_LIMIT_FOLDER: folder,
    PORT: port,
    ...prepared,
    ...env,
  });
  return {
    url: `http://127.0.0.1:${port}/voice-token`,
    stop: async () => {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A token is valid if a conversation begins with it. */
async function openSession(url: string, token: string): Promise<string> {
  const socket = new WebSocket(`${url}?token=${token}`);
  socket.on('open', () => socket.send(JSON.stringify({ type: 'session.update', session: {} })));
  const outcome = await new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    // A refusal is sent when the connection opens.
    socket.on('message', (data: Buffer) => {
      const { type, code } = JSON.parse(data.toString()) as { type: string; code?: string };
      if (type === 'session.ready' || type === 'session.error') resolve(code ?? type);
    });
  });
  socket.terminate();
  return outcome;
}

for (const name of Object.keys(STARTERS)) {
  describe(`the token endpoint on ${name}`, () => {
    let endpoint: Endpoint | undefined;

    afterEach(async () => {
      await endpoint?.stop();
      endpoint = undefined;
      asked.length = 0;
    });

    const open = async (env: Env = {}): Promise<void> => {
      endpoint = await start(name, {
        ASSEMBLYAI_API_KEY: KEY,
        ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/v1/token`,
        ASSEMBLYAI_WS_URL: talk.agent.wsUrl,
        ALLOWED_ORIGINS: `${PAGE}, https://shop.example.com`,
        TOKENS_PER_MINUTE: String(PER_MINUTE),
        ...env,
      });
    };

    /** Checks that no response contains the key. */
    const ask = async (headers: Env = { origin: PAGE }, method = 'GET') => {
      const { text, ...response } = await askAs(endpoint!.url, headers, method);
      const everything = JSON.stringify([...response.headers]) + text;
      expect(everything).not.toContain(KEY);
      expect(everything).not.toMatch(/bearer|invalid api key/i);
      const body = (text === '' ? {} : JSON.parse(text)) as { token?: string; ws_url?: string };
      return { ...response, body };
    };

    test('gives a page of an allowed origin a token that begins one conversation, short-lived and capped', async () => {
      await open();
      const { status, headers, body } = await ask();
      expect(status).toBe(200);
      expect(headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body.ws_url).toBe(talk.agent.wsUrl);
      expect(await openSession(talk.agent.wsUrl, body.token!)).toBe('session.ready');
      expect(await openSession(talk.agent.wsUrl, body.token!)).toBe('unauthorized');
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
      expect((await ask({ origin: PAGE }, 'PUT')).status).toBe(405);
      expect(asked).toEqual([]);
    });

    test('knows its own pages, and those of another name that leads to the same server', async () => {
      await open();
      const own = { host: new URL(PAGE).host, 'sec-fetch-site': 'same-origin' };
      expect((await ask(own)).status).toBe(200);
      for (const headers of [
        { ...own, 'sec-fetch-site': 'same-site' },
        { ...own, 'sec-fetch-site': 'none' },
        { ...own, host: 'evil.example.net' },
        { ...own, host: 'evil.example.net', origin: 'http://evil.example.net' },
      ] as Env[])
        expect((await ask(headers)).status).toBe(403);
      expect(asked).toHaveLength(1);
    });

    test('lets no cached answer pass for a new one, also when it is asked by POST', async () => {
      await open();
      const { status, headers, body } = await ask({ origin: PAGE }, 'POST');
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await openSession(talk.agent.wsUrl, body.token!)).toBe('session.ready');
    });

    // One test for each of the two implementations; the runtimes that share the first behave the same.
    test.runIf(name === 'Node with Hono' || name === 'PHP')(
      'serves a real page of another origin, a page of its own, and no third',
      async () => {
        await using site = await serveTokenSite(() => endpoint!.url);
        await open({ ALLOWED_ORIGINS: site.origin });
        const talkAt = async (url: string): Promise<unknown> => {
          const { page } = await openPage(talk.browser, url);
          return holdCall(page).finally(() => page.context().close());
        };
        await talkAt(`${site.origin}/foreign`);
        await talkAt(`${site.origin}/own`);
        const third = site.origin.replace('127.0.0.1', 'localhost');
        await expect(talkAt(`${third}/foreign`)).rejects.toThrow(/^token_/);
        await expect(talkAt(`${third}/own`)).rejects.toThrow(/^token_/);
        expect(asked).toHaveLength(2);
      },
    );

    // On Cloudflare, the edge overwrites this header. workerd alone does not.
    const claim = (index: number): Env => ({
      'x-forwarded-for': `198.51.100.${String(index)}`,
      'x-real-ip': `198.51.100.${String(index)}`,
      ...(name.includes('edge') ? {} : { 'cf-connecting-ip': `198.51.100.${String(index)}` }),
    });

    test('lets nobody have more than its share, whatever address they claim', async () => {
      await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => ask({ origin: PAGE, ...claim(index) })),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(PER_MINUTE);
      expect(statuses.filter((status) => status === 429)).toHaveLength(20 - PER_MINUTE);
      expect(asked).toHaveLength(PER_MINUTE);
      expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('60');
    });

    test('lets all together have no more than their share', async () => {
      await open({ TOKENS_PER_MINUTE_IN_ALL: '2' });
      const answers = [await ask(), await ask(), await ask()];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    });

    test('gives no token while a limit is no number', async () => {
      for (const env of [
        { TOKENS_PER_MINUTE: 'abc' },
        { TOKENS_PER_MINUTE: '0' },
        { MAX_SESSION_SECONDS: '15 min' },
      ] as Env[]) {
        const opened = open(env);
        // All except PHP refuse to start; PHP has no start-up.
        if (name !== 'PHP') await expect(opened).rejects.toThrow('must be a whole number');
        else {
          await opened;
          expect(await ask()).toMatchObject({ status: 500, body: { error: 'The endpoint is not set up.' } });
          await endpoint!.stop();
        }
      }
      expect(asked).toEqual([]);
    });

    test('sends the page to the region of the token, and gives none for a region that does not exist', async () => {
      await open({ ASSEMBLYAI_REGION: 'eu', ASSEMBLYAI_WS_URL: '' });
      expect((await ask()).body.ws_url).toBe('wss://agents.eu.assemblyai.com/v1/ws');
      await endpoint!.stop();
      const opened = open({ ASSEMBLYAI_REGION: 'mars' });
      // All except PHP refuse to start.
      if (name !== 'PHP') await expect(opened).rejects.toThrow('region');
      else {
        await opened;
        expect(await ask()).toMatchObject({ status: 500, body: { error: 'The endpoint is not set up.' } });
        await endpoint!.stop();
      }
    });

    test('says nothing of a wrong key, nor of a service out of reach', async () => {
      await open({ ASSEMBLYAI_API_KEY: `${KEY}-mistyped` });
      expect(await ask()).toMatchObject({ status: 502, body: { error: 'No token could be issued.' } });
      await endpoint!.stop();
      await open({ ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${String(await getPort())}/v1/token` });
      expect(await ask()).toMatchObject({ status: 502, body: { error: 'No token could be issued.' } });
    });

    test('sends the key over no unencrypted connection, and tells its owner what is not set', async () => {
      const opened = open({ ASSEMBLYAI_TOKEN_URL: 'http://service.example/v1/token' });
      if (name !== 'PHP') await expect(opened).rejects.toThrow('must be a');
      else {
        await opened;
        expect(await ask()).toMatchObject({ status: 500, body: { error: 'The endpoint is not set up.' } });
        await endpoint!.stop();
      }
      await open({ ALLOWED_ORIGINS: '' });
      expect(await ask()).toMatchObject({ status: 500, body: { error: 'The endpoint is not set up.' } });
    });
  });
}

test('two processes with one Redis count together, and give nothing while it is away', async () => {
  const env = {
    ASSEMBLYAI_API_KEY: KEY,
    ASSEMBLYAI_TOKEN_URL: `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/v1/token`,
    ALLOWED_ORIGINS: PAGE,
    TOKENS_PER_MINUTE: String(PER_MINUTE),
  };
  const first = await start('Node with Redis', env);
  const second = await start('Node with Redis', env);
  const ask = async ({ url }: Endpoint): Promise<number> => (await askAs(url, { origin: PAGE })).status;
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => ask(index % 2 === 0 ? first : second)),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(PER_MINUTE);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20 - PER_MINUTE);
  const { program } = await redis!;
  redis = undefined;
  program.kill('SIGKILL');
  await once(program, 'exit');
  expect(await ask(first)).toBe(503);
  await first.stop();
  await second.stop();
});

/** token.php as a web host runs it: by another server, under its own file name. */
describe('the token endpoint on any host of PHP', () => {
  let folder: string;

  beforeAll(async () => {
    await debianProgram('php', 'php-cli');
    folder = await mkdtemp(join(tmpdir(), 'voice-token-host-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (address: string, counts: string, shell?: readonly string[]): Promise<string> => {
    const server = { REQUEST_URI: '/any/token.php', REQUEST_METHOD: 'GET', HTTP_ORIGIN: PAGE };
    const code = `$_SERVER = json_decode($argv[1], true); require 'token.php';`;
    return example.run(shell ? 'sh' : 'env', [
      ...(shell ? ['-c', ...shell, 'env'] : []),
      `RATE_LIMIT_FOLDER=${counts}`,
      `ASSEMBLYAI_API_KEY=${KEY}`,
      `ASSEMBLYAI_TOKEN_URL=http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/v1/token`,
      `ALLOWED_ORIGINS=${PAGE}`,
      'TOKENS_PER_MINUTE=1',
      'php',
      '-r',
      code,
      '--',
      JSON.stringify({ ...server, REMOTE_ADDR: address }),
    ]);
  };

  test('answers under any name, and counts a line of IPv6 as one visitor', async () => {
    const counts = join(folder, 'counts');
    expect(await run('2001:db8:0:7::1', counts)).toContain('"token"');
    expect(await run('2001:0db8::7:ffff:ffff:ffff:ffff', counts)).toContain('Too many');
    expect(await run('2001:db8:0:8::1', counts)).toContain('"token"');
    expect(await run('198.51.100.7', counts)).toContain('"token"');
    expect(await run('::ffff:198.51.100.7', counts)).toContain('Too many');
  });

  test('gives no token while it cannot count, and forgets nothing by it', async () => {
    const counts = join(folder, 'full');
    // Simulates a full disk.
    const full = ['trap \'\' XFSZ; ulimit -f 0; exec "$@"', 'sh'];
    expect(await run('198.51.100.20', counts, full)).toContain('Too many');
    expect(await run('198.51.100.20', counts)).toContain('"token"');
    const counted = await readFile(join(counts, 'counts'), 'utf8');
    expect(await run('198.51.100.21', counts, full)).toContain('Too many');
    expect(await readFile(join(counts, 'counts'), 'utf8')).toBe(counted);
    expect(await run('198.51.100.20', counts)).toContain('Too many');
  });

  test('counts in no folder that somebody else may have laid out', async () => {
    const real = join(folder, 'real');
    await mkdir(real);
    const link = join(folder, 'link');
    await symlink(real, link);
    expect(await run('198.51.100.8', link)).toContain('not set up');
    const file = join(folder, 'file');
    await rm(file, { force: true });
    await symlink('/nowhere', file);
    expect(await run('198.51.100.8', file)).toContain('not set up');
  });
});
