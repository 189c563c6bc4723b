import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenHandler, memoryLimits, type TokenHandlerOptions } from '../../../token/index.js';

const KEY = 'local-0123456789abcdef-secret';
const PAGE = 'https://www.example.com';

/** The requests to the service, and its answer. */
let asked: { url: URL; authorization: string | undefined }[] = [];
let answers: { status: number; headers: Record<string, string>; body: string };
let service: Server;
let tokenUrl: string;
const logged: string[] = [];

beforeAll(async () => {
  service = createServer(({ url = '', headers }, response) => {
    asked.push({ url: new URL(url, 'http://service'), authorization: headers.authorization });
    response.writeHead(answers.status, answers.headers).end(answers.body);
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  tokenUrl = `http://127.0.0.1:${String((service.address() as AddressInfo).port)}/v1/token`;
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
});
beforeEach(() => {
  asked = [];
  logged.length = 0;
  answers = { status: 200, headers: {}, body: '{"token":"a-token"}' };
  vi.spyOn(console, 'error').mockImplementation((text: string) => logged.push(text));
});
afterEach(() => {
  // In every test, neither a response nor the log contains the key.
  expect(logged.join()).not.toContain(KEY);
  vi.restoreAllMocks();
});

const handler = (options: Partial<TokenHandlerOptions> = {}) =>
  createTokenHandler({ apiKey: KEY, origins: [PAGE], tokenUrl, ...options });

function request(headers: Readonly<Record<string, string>> = { origin: PAGE }, method = 'GET'): Request {
  return new Request('https://www.example.com/voice-token', { headers, method });
}

async function read(response: Response) {
  const text = await response.text();
  expect(text + JSON.stringify([...response.headers])).not.toContain(KEY);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('vary')).toBe('origin');
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

describe('a token', () => {
  test('is requested for one conversation, short-lived and capped, with the key only in the header', async () => {
    expect(await read(await handler({ maxSeconds: 600 })(request()))).toEqual({
      status: 200,
      body: { token: 'a-token' },
    });
    expect(asked[0]!.authorization).toBe(`Bearer ${KEY}`);
    expect(Object.fromEntries(asked[0]!.url.searchParams)).toEqual({
      expires_in_seconds: '60',
      max_session_duration_seconds: '600',
    });
  });

  test('comes with the address of its region, or of a service of the site’s own', async () => {
    const seen = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(Response.json({ token: 't' })));
    const eu = createTokenHandler({ apiKey: KEY, origins: PAGE, region: 'eu' });
    expect((await read(await eu(request()))).body).toEqual({
      token: 't',
      ws_url: 'wss://agents.eu.assemblyai.com/v1/ws',
    });
    expect((seen.mock.calls[0]![0] as URL).href).toMatch(
      /^https:\/\/agents\.eu\.assemblyai\.com\/v1\/token\?/,
    );
    const own = handler({ wsUrl: 'wss://voice.example.com/v1/ws' });
    expect((await read(await own(request()))).body).toMatchObject({
      ws_url: 'wss://voice.example.com/v1/ws',
    });
  });

  test.each([
    ['a refusal', 401, '{"detail":"invalid api key"}'],
    ['a redirection, which would carry the key elsewhere', 302, ''],
    ['no JSON', 200, '<html>'],
    ['JSON without a token', 200, '{"token":7}'],
    ['JSON that is no object', 200, 'null'],
  ])('is not made of %s', async (_, status, body) => {
    answers = { status, headers: { location: tokenUrl }, body };
    expect(await read(await handler()(request()))).toEqual({
      status: 502,
      body: { error: 'No token could be issued.' },
    });
    expect(asked).toHaveLength(1);
  });

  test('that does not arrive in time is given up', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new DOMException('', 'TimeoutError')));
    expect((await read(await handler()(request()))).status).toBe(504);
  });
});

describe('a request', () => {
  test.each<[string, Record<string, string>, number]>([
    ['an allowed origin', { origin: PAGE }, 200],
    ['an own page', { 'sec-fetch-site': 'same-origin', host: 'www.example.com' }, 200],
    ['an own page, by the address alone', { 'sec-fetch-site': 'same-origin' }, 200],
    ['another origin', { origin: 'https://evil.example.net' }, 403],
    ['an origin that begins alike', { origin: `${PAGE}.evil.example.net` }, 403],
    ['another scheme', { origin: 'http://www.example.com' }, 403],
    ['a sandbox', { origin: 'null' }, 403],
    ['a program that says nothing', {}, 403],
    ['a neighbour', { 'sec-fetch-site': 'same-site', host: 'www.example.com' }, 403],
    ['a name that leads here', { 'sec-fetch-site': 'same-origin', host: 'evil.example.net' }, 403],
  ])('%s gets its answer', async (_, headers, status) => {
    expect((await read(await handler()(request(headers)))).status).toBe(status);
    expect(asked).toHaveLength(status === 200 ? 1 : 0);
  });

  test('is allowed to read the response from its own origin only', async () => {
    const allowed = await handler()(request());
    expect(allowed.headers.get('access-control-allow-origin')).toBe(PAGE);
    const refused = await handler()(request({ origin: 'https://evil.example.net' }));
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('may be GET or POST, after a preflight request', async () => {
    const voiceToken = handler();
    expect((await read(await voiceToken(request({ origin: PAGE }, 'POST')))).status).toBe(200);
    const put = await voiceToken(request({ origin: PAGE }, 'PUT'));
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
    const before = await voiceToken(request({ origin: PAGE }, 'OPTIONS'));
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization, content-type',
    ]);
    expect((await voiceToken(request({ origin: 'https://evil.example.net' }, 'OPTIONS'))).status).toBe(403);
    expect(asked).toHaveLength(1);
  });

  test.each([false, undefined, null, '', 0])('is refused if authorize returns %j', async (answer) => {
    const outcome = await read(await handler({ authorize: () => Promise.resolve(answer) })(request()));
    expect(outcome).toEqual({ status: 403, body: { error: 'You may not start a conversation here.' } });
    expect(asked).toEqual([]);
  });

  test('is passed to authorize after the check of its origin', async () => {
    const authorize = vi.fn(({ headers }: Request) => headers.get('authorization') === 'Bearer session');
    const voiceToken = handler({ authorize });
    expect((await voiceToken(request({ origin: PAGE, authorization: 'Bearer session' }))).status).toBe(200);
    expect((await voiceToken(request({ origin: PAGE, authorization: 'Bearer other' }))).status).toBe(403);
    await voiceToken(request({ origin: 'https://evil.example.net', authorization: 'Bearer session' }));
    expect(authorize).toHaveBeenCalledTimes(2);
  });

  test('gets no token if authorize throws', async () => {
    const authorize = () => Promise.reject(new Error('The session store is away.'));
    expect((await read(await handler({ authorize })(request()))).status).toBe(503);
    expect(asked).toEqual([]);
    expect(logged.join()).toContain('session store');
  });
});

describe('the limits', () => {
  const statuses = async (calls: Promise<Response>[]) =>
    (await Promise.all(calls)).map(({ status }) => status);

  test('of one visitor and of all together hold in a flood, and the response says when to try again', async () => {
    const voiceToken = handler({ perMinute: 2, perMinuteInAll: 3 });
    const flood = (address: string) => Array.from({ length: 4 }, () => voiceToken(request(), { address }));
    expect(await statuses(flood('198.51.100.1'))).toEqual([200, 200, 429, 429]);
    expect(await statuses(flood('198.51.100.2'))).toEqual([200, 429, 429, 429]);
    expect(asked).toHaveLength(3);
    const refused = await voiceToken(request(), { address: '198.51.100.3' });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  test('count an account wherever it comes from, and an address whatever its account', async () => {
    const voiceToken = handler({
      perMinute: 1,
      authorize: ({ headers }) => headers.get('x-user'),
    });
    const ask = async (user: string, address: string) =>
      (await voiceToken(request({ origin: PAGE, 'x-user': user }), { address })).status;
    expect(await ask('ann', '198.51.100.1')).toBe(200);
    expect(await ask('ann', '198.51.100.2')).toBe(429);
    expect(await ask('bob', '198.51.100.1')).toBe(429);
    expect(await ask('bob', '198.51.100.2')).toBe(200);
  });

  test('count an account whose id is a number', async () => {
    const voiceToken = handler({ perMinute: 1, authorize: () => 7 });
    const calls = ['198.51.100.1', '198.51.100.2'].map((address) => voiceToken(request(), { address }));
    expect(await statuses(calls)).toEqual([200, 429]);
  });

  test('are shared by all visitors if the address is unknown, which is logged once', async () => {
    const voiceToken = handler({ perMinute: 1 });
    expect(await statuses([voiceToken(request()), voiceToken(request())])).toEqual([200, 429]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('Set "address"');
  });

  test('use only a header that the platform overwrites', async () => {
    const voiceToken = handler({ perMinute: 1 });
    const forged = (index: number) => ({
      origin: PAGE,
      'x-forwarded-for': `198.51.100.${String(index)}`,
      'cf-connecting-ip': `198.51.100.${String(index)}`,
      'x-vercel-forwarded-for': `198.51.100.${String(index)}`,
    });
    const ask = async (index: number, platform: object = {}) =>
      (await voiceToken(Object.assign(request(forged(index)), platform))).status;
    expect([await ask(1), await ask(2)]).toEqual([200, 429]);
    expect(await ask(3, { cf: {} })).toBe(200);
    expect(await ask(3, { cf: {} })).toBe(429);
    vi.stubEnv('VERCEL', '1');
    expect([await ask(4), await ask(4)]).toEqual([200, 429]);
    vi.unstubAllEnvs();
  });

  test('use the address that Netlify, Deno and Bun provide', async () => {
    const take = vi.fn(() => true);
    const voiceToken = handler({ limits: { take } });
    await voiceToken(request(), { ip: '198.51.100.1' });
    await voiceToken(request(), { remoteAddr: { hostname: '198.51.100.2', port: 7, transport: 'tcp' } });
    await voiceToken(request(), {
      address: 'localhost' as never,
      requestIP: () => ({ address: '198.51.100.3' }),
    });
    await handler({ limits: { take }, address: ({ headers }) => headers.get('x-real-ip') })(
      request({ origin: PAGE, 'x-real-ip': '198.51.100.4' }),
      { ip: '198.51.100.9' },
    );
    const keys = (take.mock.calls as unknown as [{ key: string }[]][]).map(([shares]) => shares[1]!.key);
    expect(keys).toEqual([1, 2, 3, 4].map((last) => `address:198.51.100.${String(last)}`));
  });

  test('issue no token while the store is unavailable', async () => {
    const limits = { take: () => Promise.reject(new Error('ECONNREFUSED')) };
    expect((await read(await handler({ limits })(request()))).status).toBe(503);
    expect(asked).toEqual([]);
  });

  test('count in a sliding minute', () => {
    let nowMs = 0;
    const limits = memoryLimits(() => nowMs);
    const take = (key: string) =>
      limits.take([
        { key: 'all', most: 3 },
        { key, most: 2 },
      ]);
    expect(['a', 'a', 'a', 'b', 'c'].map(take)).toEqual([true, true, false, true, false]);
    nowMs = 60_000;
    expect(['a', 'c'].map(take)).toEqual([true, true]);
    // After the clock was set back, earlier tokens are forgotten instead of refusing everyone until it has caught up.
    nowMs = -3_600_000;
    expect(['a', 'a', 'a'].map(take)).toEqual([true, true, false]);
  });
});

describe('an endpoint that is not set up', () => {
  test.each<[Partial<TokenHandlerOptions>, string]>([
    [{ apiKey: undefined }, 'apiKey'],
    [{ apiKey: ' ' }, 'apiKey'],
    [{ origins: undefined }, 'origins'],
    [{ origins: ' , ' }, 'origins'],
  ])('%j says so with the request: a build has no secrets', async (options, missing) => {
    const voiceToken = handler(options);
    expect(await read(await voiceToken(request()))).toEqual({
      status: 500,
      body: { error: 'The endpoint is not set up.' },
    });
    expect(logged.join()).toContain(`Not set: ${missing}.`);
  });

  test.each<Partial<TokenHandlerOptions>>([
    { perMinute: NaN },
    { perMinute: 0 },
    { perMinute: 1.5 },
    { perMinuteInAll: 10_001 },
    { maxSeconds: 59 },
    { origins: ['www.example.com'] },
    { origins: [`${PAGE}/`] },
    { origins: ['*'] },
    { region: 'mars' as 'eu' },
    { tokenUrl: '/v1/token' },
    { tokenUrl: 'http://service.example/v1/token' },
    { tokenUrl: 'http://localhost.example/v1/token' },
    { wsUrl: 'no address' },
    { wsUrl: 'ws://service.example/v1/ws' },
  ])('%j is an error at once, because it would be no limit or no protection', (options) => {
    expect(() => handler(options)).toThrow(RangeError);
  });
});
