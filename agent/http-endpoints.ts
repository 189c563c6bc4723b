/** The agent's HTTP endpoints: tokens like the service's, tokens for pages, and a health check. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { parseFaults } from './faults.js';
import { checkTokenQuery, regionOf, type Tokens } from './tokens.js';

export interface HttpEndpointsOptions {
  readonly tokens: Tokens;
  /** Default: any key that begins with `local`. */
  readonly apiKey: string | undefined;
  readonly anyHost: boolean;
}

/** Short, because a page connects right after it has fetched its token. */
const PAGE_TOKEN_LIFETIME_S = 60;
const LOOPBACK_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** True for a loopback name or address. */
export function isLoopbackHost(hostname: string): boolean {
  // An IPv6 address has brackets in a URL, but not on the command line.
  const url = `http://${isIPv6(hostname) ? `[${hostname}]` : hostname}`;
  return URL.canParse(url) && LOOPBACK_HOST.test(new URL(url).hostname);
}

/** @param origin of a page, e.g. `http://localhost:5173` */
function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}

/** The requested URL; `/` if it is invalid. */
export function requestUrl({ url = '/' }: IncomingMessage): URL {
  const base = 'http://agent.local';
  return URL.canParse(url, base) ? new URL(url, base) : new URL(base);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/**
 * Allows only pages of this machine, so that a site on the internet cannot use the local agent of its visitors.
 *
 * @param anyHost also allow other host names. An attacker's domain can point to this machine, too.
 * @returns whether to go on; if not, the request has been answered
 */
export function admitOrigin(request: IncomingMessage, response: ServerResponse, anyHost = false): boolean {
  const { host, origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (!anyHost && !isLoopbackOrigin(`http://${host ?? ''}`)) {
    sendJson(response, 403, { detail: 'Not known by this name' });
    return false;
  }
  if (origin === undefined) return true;
  if (!isLoopbackOrigin(origin)) {
    sendJson(response, 403, { detail: 'Only pages of this machine are allowed' });
    return false;
  }
  response.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS') return true;
  response.setHeader('access-control-allow-methods', 'GET');
  response.setHeader('access-control-allow-headers', 'authorization, content-type');
  // Chromium sends a preflight before a page may access the private network.
  response.setHeader('access-control-allow-private-network', 'true');
  response.writeHead(204).end();
  return false;
}

export class HttpEndpoints {
  readonly #options: HttpEndpointsOptions;

  constructor(options: HttpEndpointsOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = requestUrl(request);
    const answer = {
      '/v1/token': () => this.#answerServiceToken(request, response, url.searchParams),
      '/voice-token': () => this.#answerPageToken(request, response, url.searchParams),
      '/health': () => sendJson(response, 200, { status: 'ok' }),
    }[url.pathname];
    if (!answer) return false;
    if (!admitOrigin(request, response, this.#options.anyHost)) return true;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendJson(response, 405, { detail: 'Method Not Allowed' });
    } else {
      answer();
    }
    return true;
  }

  #answerServiceToken(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const problems = checkTokenQuery(query);
    if (problems.length > 0) {
      sendJson(response, 422, { detail: problems });
    } else if (!this.#isKnownKey(request.headers.authorization)) {
      sendJson(response, 404, { detail: 'Invalid API key' });
    } else {
      const expiresInSeconds = Number(query.get('expires_in_seconds'));
      const token = this.#options.tokens.mint(expiresInSeconds, regionOf(request.headers.host));
      sendJson(response, 200, { token, expires_in_seconds: expiresInSeconds });
    }
  }

  /** Like the service, accepts the key with or without `Bearer`. */
  #isKnownKey(authorization: string | undefined): boolean {
    const key = authorization?.replace(/^Bearer\s+/i, '') ?? '';
    const { apiKey } = this.#options;
    return apiKey === undefined ? key.startsWith('local') : key === apiKey;
  }

  /** Faults in the query are passed on to `ws_url`, so that a page's `token-url` alone can request them. */
  #answerPageToken(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    try {
      parseFaults(query.getAll('fault'));
    } catch (error) {
      // A page cannot read why a WebSocket was refused, but it can read this response.
      sendJson(response, 400, { detail: error instanceof Error ? error.message : String(error) });
      return;
    }
    const scheme = 'encrypted' in request.socket ? 'wss' : 'ws';
    const origin = `${scheme}://${request.headers.host ?? ''}`;
    const address = new URL('/v1/ws', URL.canParse(origin) ? origin : `${scheme}://localhost`);
    for (const name of ['fault', 'scope']) {
      for (const value of query.getAll(name)) address.searchParams.append(name, value);
    }
    sendJson(response, 200, {
      token: this.#options.tokens.mint(PAGE_TOKEN_LIFETIME_S, regionOf(request.headers.host)),
      ws_url: address.href,
    });
  }
}
