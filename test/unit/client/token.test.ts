import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchToken } from '../../../src/client/token.js';
import { stubAddress } from '../../support/client-page.js';

const SERVER = 'wss://agents.test/v1/ws';
let answer: RequestListener;
let tokenUrl: string;
let close: () => Promise<void>;

beforeEach(async () => {
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  stubAddress(tokenUrl);
  vi.stubGlobal('navigator', { onLine: true });
  close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await close();
});

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error as { code?: string }).code,
  );

describe('a token', () => {
  it('comes from the endpoint, with the URL of the service', async () => {
    answer = json(200, { token: 'a-token', ws_url: 'wss://own.test/ws' });
    expect(await fetchToken({ tokenUrl }, SERVER)).toEqual({ token: 'a-token', url: 'wss://own.test/ws' });
    answer = json(200, { token: 'b-token' });
    expect(await fetchToken({ tokenUrl }, SERVER)).toEqual({ token: 'b-token', url: SERVER });
  });

  it('is refused after a redirect to an unsafe URL', async () => {
    answer = (request, response) =>
      request.url === '/token'
        ? response.writeHead(302, { location: '/moved' }).end()
        : json(200, { token: 'a-token' })(request, response);
    expect(await fetchToken({ tokenUrl }, SERVER)).toMatchObject({ token: 'a-token' });
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) =>
      Object.defineProperty(await fetch(...request), 'url', { value: 'http://far.test/moved' }),
    );
    expect(await codeOf(fetchToken({ tokenUrl }, SERVER))).toBe('invalid_option');
  });

  it('is requested past caches: with a unique URL, or by POST', async () => {
    // As on a page without https, where a text-only call is possible.
    vi.stubGlobal('crypto', {});
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      json(200, { token: 'a-token' })(request, response);
    };
    const withQuery = `${tokenUrl}?site=1`;
    await fetchToken({ tokenUrl: withQuery }, SERVER);
    await fetchToken({ tokenUrl: withQuery }, SERVER);
    await fetchToken({ tokenUrl: withQuery, tokenMethod: 'post' }, SERVER);
    expect(asked[0]).toMatch(/^GET \/token\?site=1&_=0\.\d+$/);
    expect(asked[1]).not.toBe(asked[0]);
    expect(asked[2]).toBe('POST /token?site=1');
  });

  it('comes from the page’s own function, if there is one', async () => {
    const options = { getToken: () => Promise.resolve('c-token'), tokenUrl, token: 'd-token' };
    expect(await fetchToken(options, SERVER)).toEqual({ token: 'c-token', url: SERVER });
    expect(await fetchToken({ token: 'd-token' }, SERVER)).toEqual({ token: 'd-token', url: SERVER });
    expect(await fetchToken({}, SERVER)).toEqual({ token: undefined, url: SERVER });
  });

  it.each<[string, RequestListener]>([
    ['token_refused', json(404, { detail: 'Invalid API key' })],
    ['token_refused', json(500, {})],
    ['token_invalid', json(200, {})],
    ['token_invalid', json(200, { token: 7 })],
    ['token_invalid', json(200, { token: '' })],
    ['token_invalid', json(200, null)],
    ['token_invalid', (_request, response) => response.end('<html>')],
    ['api_key_in_page', json(200, { token: '0123456789abcdef0123456789abcdef' })],
    ['invalid_option', json(200, { token: 'a-token', ws_url: 'ws://far.test/' })],
    ['token_failed', (request) => request.socket.destroy()],
    [
      'token_failed',
      (request, response) => response.writeHead(200).write('{', () => request.socket.destroy()),
    ],
  ])('that the endpoint does not return is %s', async (code, listener) => {
    answer = listener;
    expect(await codeOf(fetchToken({ tokenUrl }, SERVER))).toBe(code);
  });

  it('whose response stops half-way is token_timeout, as if none had come', async () => {
    const late = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(late.signal);
    answer = (_request, response) => response.writeHead(200).write('{"token":');
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request);
      late.abort(new DOMException('Late.', 'TimeoutError'));
      return response;
    });
    expect(await codeOf(fetchToken({ tokenUrl }, SERVER))).toBe('token_timeout');
  });

  it('that cannot be requested because the visitor is offline is connection_failed, which tells the visitor so', async () => {
    answer = (request) => request.socket.destroy();
    vi.stubGlobal('navigator', { onLine: false });
    expect(await codeOf(fetchToken({ tokenUrl }, SERVER))).toBe('connection_failed');
  });

  it.each<[string, () => Promise<string>]>([
    ['token_failed', () => Promise.reject(new Error('mine'))],
    ['token_invalid', () => Promise.resolve('')],
    ['api_key_in_page', () => Promise.resolve('sk-0123456789')],
  ])('that getToken() does not return is %s', async (code, getToken) => {
    expect(await codeOf(fetchToken({ getToken }, SERVER))).toBe(code);
  });
});
