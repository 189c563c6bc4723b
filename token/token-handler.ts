/**
 * The token endpoint: who may have a token, and how it is created. No response contains the key or the service's own
 * words.
 */
import { settingsOf, type TokenHandlerOptions, type TokenSettings } from './options.js';
import { addressOf, networkOf } from './visitor.js';

/** A token found in a log is worthless a minute later. */
const LIFETIME_SECONDS = 60;
const TIMEOUT_MS = 8_000;

/**
 * Answers a page's request for a token.
 *
 * @param context what the runtime passes besides the request, if anything; see `TokenRequestContext`
 * @returns 200 `{token, ws_url?}`; 403, 405, 429, 500, 502, 503 or 504 `{error}`. Never rejects.
 */
export type TokenHandler = (request: Request, context?: unknown) => Promise<Response>;

/**
 * A token endpoint for every runtime with `fetch`. It checks the page's origin, then `authorize`, then the limits.
 * Then it asks the service for a token that is good for one conversation.
 *
 * @throws {RangeError} an invalid option
 */
export function createTokenHandler(options: TokenHandlerOptions): TokenHandler {
  const settings = settingsOf(options);
  let warned = false;
  const warnOnce = (text: string): void => {
    if (!warned) log(text);
    warned = true;
  };
  return async (request, context) => {
    const missing = [
      ...(settings.apiKey === undefined ? ['apiKey'] : []),
      ...(settings.origins.length === 0 ? ['origins'] : []),
    ];
    if (missing.length > 0) {
      log(`Not set: ${missing.join(', ')}.`);
      return answer(500, { error: 'The endpoint is not set up.' });
    }
    const origin = request.headers.get('origin');
    if (!mayAsk(request, origin, settings.origins))
      return answer(403, { error: 'This page may not request tokens.' });
    const cors: Record<string, string> = origin === null ? {} : { 'access-control-allow-origin': origin };
    if (request.method === 'OPTIONS') return preflight(cors);
    if (request.method !== 'GET' && request.method !== 'POST')
      return answer(405, { error: 'GET or POST only.' }, { ...cors, allow: 'GET, POST' });
    const { status, body, headers } = await giveToken(request, context, settings, warnOnce);
    return answer(status, body, { ...cors, ...headers });
  };
}

interface Outcome {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const NO_TOKEN = { error: 'No token could be issued.' };

async function giveToken(
  request: Request,
  context: unknown,
  settings: TokenSettings,
  warnOnce: (text: string) => void,
): Promise<Outcome> {
  const { perMinute, perMinuteInAll, limits } = settings;
  try {
    const visitor = settings.authorize ? await settings.authorize(request) : true;
    if (!visitor) return { status: 403, body: { error: 'You may not start a conversation here.' } };
    const address = settings.address ? settings.address(request, context) : addressOf(request, context);
    if (!address)
      warnOnce('The visitor’s address is not known, so all visitors share one limit. Set "address".');
    const shares = [
      { key: 'all', most: perMinuteInAll },
      { key: `address:${address ? networkOf(address) : 'unknown'}`, most: perMinute },
      ...(visitor === true ? [] : [{ key: `visitor:${visitor}`, most: perMinute }]),
    ];
    if (!(await limits.take(shares)))
      return {
        status: 429,
        body: { error: 'Too many conversations; wait a minute.' },
        headers: { 'retry-after': '60' },
      };
  } catch (error) {
    // If the store is unavailable, no token is issued: unlimited tokens cost money.
    log(`No token was given: ${error instanceof Error ? error.message : String(error)}`);
    return { status: 503, body: NO_TOKEN };
  }
  return mint(settings);
}

async function mint({ apiKey = '', tokenUrl, wsUrl, maxSeconds }: TokenSettings): Promise<Outcome> {
  const url = new URL(tokenUrl);
  url.searchParams.set('expires_in_seconds', String(LIFETIME_SECONDS));
  url.searchParams.set('max_session_duration_seconds', String(maxSeconds));
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      // Following a redirect would send the key to another address.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { token } = response.ok ? ((await response.json()) as { token?: unknown }) : {};
    if (typeof token === 'string' && token !== '')
      return { status: 200, body: { token, ...(wsUrl ? { ws_url: wsUrl } : {}) } };
    // For the log only: the page must not learn that a key is wrong.
    log(`The token service answered ${response.status}.`);
    return { status: 502, body: NO_TOKEN };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    log(`The token service could not be reached: ${name}.`);
    return { status: name === 'TimeoutError' ? 504 : 502, body: NO_TOKEN };
  }
}

/**
 * A page of this server sends no Origin with a GET. The browser sends `same-origin` instead, which no page can
 * forge. But an attacker's domain can point to this server, so the host must be an allowed one, too.
 */
function mayAsk(request: Request, origin: string | null, allowed: readonly string[]): boolean {
  if (origin !== null) return allowed.includes(origin);
  // Some frameworks put an internal address into `url`.
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return (
    request.headers.get('sec-fetch-site') === 'same-origin' &&
    allowed.some((each) => new URL(each).host === host)
  );
}

/** A page that sends a custom header, e.g. its visitor's session for `authorize`, sends a preflight request. */
function preflight(cors: Readonly<Record<string, string>>): Response {
  const allowed = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
  };
  return new Response(null, { status: 204, headers: { ...cors, ...allowed, ...EVERY_ANSWER } });
}

const EVERY_ANSWER = {
  vary: 'origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

function answer(
  status: number,
  body: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(body, { status, headers: { ...headers, ...EVERY_ANSWER } });
}

function log(text: string): void {
  console.error(`voice-agent-element/token: ${text}`);
}
