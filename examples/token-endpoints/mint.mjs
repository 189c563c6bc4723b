/**
 * The part that Node and the edge share: who may have a token, and how one is minted. No answer ever holds the key, nor
 * what the service said about it.
 */
import { networkOf } from './rate-limit.mjs';

const LIFETIME_SECONDS = 60;
const TIMEOUT_MS = 8000;

/**
 * @typedef {object} Settings
 * @property {string} apiKey stays here
 * @property {readonly string[]} allowedOrigins pages that may ask, e.g. `https://www.example.com`
 * @property {number} maxSessionSeconds cap of one conversation
 * @property {number} perMinute tokens for one visitor within a minute
 * @property {number} perMinuteInAll tokens for all visitors together within a minute
 * @property {string} tokenUrl the service's own endpoint
 * @property {string} [wsUrl] told to the page; the element knows the service's own
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings}
 * @throws {Error} for whoever starts the endpoint: a limit that is no number would be no limit
 */
export function settingsFrom(env) {
  const apiKey = env.ASSEMBLYAI_API_KEY?.trim();
  if (!apiKey) throw new Error('Set ASSEMBLYAI_API_KEY.');
  const allowedOrigins = (env.ALLOWED_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []);
  if (allowedOrigins.length === 0) throw new Error('Set ALLOWED_ORIGINS, e.g. https://www.example.com');
  const wrong = allowedOrigins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong) throw new Error(`ALLOWED_ORIGINS: "${wrong}" is no origin. Write https://www.example.com`);
  return {
    apiKey,
    allowedOrigins,
    maxSessionSeconds: wholeNumber(env, 'MAX_SESSION_SECONDS', 900, 60, 10_800),
    perMinute: wholeNumber(env, 'TOKENS_PER_MINUTE', 6, 1, 10_000),
    perMinuteInAll: wholeNumber(env, 'TOKENS_PER_MINUTE_IN_ALL', 100, 1, 10_000),
    tokenUrl: env.ASSEMBLYAI_TOKEN_URL ?? 'https://agents.assemblyai.com/v1/token',
    wsUrl: env.ASSEMBLYAI_WS_URL,
  };
}

function wholeNumber(env, name, fallback, least, most) {
  const text = env[name]?.trim();
  const value = text ? Number(text) : fallback;
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} has to be a whole number, ${least} … ${most}.`);
  return value;
}

/**
 * Answers `GET /voice-token` as the element asks for it.
 *
 * @param {Request} request
 * @param {string} address who asks, as the server itself knows it; never from a header that a client can set
 * @param {Settings} settings
 * @param {{ take(visitor: string): boolean | Promise<boolean> }} limit
 * @returns {Promise<Response>} 200 `{token, ws_url?}`; 403, 405, 429, 502 or 504 `{error}`
 */
export async function answerTokenRequest(request, address, settings, limit) {
  const origin = request.headers.get('origin');
  if (!mayAsk(request, origin, settings.allowedOrigins))
    return answer(403, { error: 'This page may not ask for tokens.' });
  const cors = origin === null ? {} : { 'access-control-allow-origin': origin };
  if (request.method !== 'GET') return answer(405, { error: 'GET only.' }, { ...cors, allow: 'GET' });
  if (!(await limit.take(networkOf(address))))
    return answer(429, { error: 'Too many conversations; wait a minute.' }, { ...cors, 'retry-after': '60' });
  const { status, body } = await mint(settings);
  return answer(status, body, cors);
}

/**
 * A page of this very server sends no Origin with a GET; the browser says `same-origin` instead, and no page can forge
 * it. But a page can give this server's address to a name of its own, so the name has to be one that is allowed, too.
 */
function mayAsk(request, origin, allowedOrigins) {
  if (origin !== null) return allowedOrigins.includes(origin);
  const { host } = new URL(request.url);
  return (
    request.headers.get('sec-fetch-site') === 'same-origin' &&
    allowedOrigins.some((allowed) => new URL(allowed).host === host)
  );
}

/** @param {Settings} settings */
async function mint({ apiKey, tokenUrl, wsUrl, maxSessionSeconds }) {
  const url = new URL(tokenUrl);
  url.searchParams.set('expires_in_seconds', String(LIFETIME_SECONDS));
  url.searchParams.set('max_session_duration_seconds', String(maxSessionSeconds));
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { token } = response.ok ? await response.json() : {};
    if (typeof token === 'string' && token !== '')
      return { status: 200, body: { token, ...(wsUrl ? { ws_url: wsUrl } : {}) } };
    // For the log, not for the page: a wrong key is nobody's business but yours.
    console.error(`The token service answered ${response.status}.`);
    return { status: 502, body: { error: 'No token could be had.' } };
  } catch (error) {
    console.error(`The token service could not be asked: ${error.name}.`);
    const status = error.name === 'TimeoutError' ? 504 : 502;
    return { status, body: { error: 'No token could be had.' } };
  }
}

/**
 * @param {number} status
 * @param {object} body
 * @param {Record<string, string>} [headers]
 */
export function answer(status, body, headers = {}) {
  return Response.json(body, {
    status,
    headers: { ...headers, vary: 'origin', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
