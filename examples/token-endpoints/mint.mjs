/**
 * The part that Node and the edge share: who may have a token, and how one is minted. No answer ever holds the key, nor
 * what the service said about it.
 */

const LIFETIME_SECONDS = 60;
const TIMEOUT_MS = 8000;

/**
 * @typedef {object} Settings
 * @property {string} apiKey stays here
 * @property {readonly string[]} allowedOrigins pages that may ask, e.g. `https://www.example.com`
 * @property {number} maxSessionSeconds cap of one conversation, 60 … 10800
 * @property {number} perMinute tokens for one visitor within a minute
 * @property {string} tokenUrl the service's own endpoint
 * @property {string} [wsUrl] told to the page; the element knows the service's own
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings}
 */
export function settingsFrom(env) {
  const apiKey = env.ASSEMBLYAI_API_KEY?.trim();
  if (!apiKey) throw new Error('Set ASSEMBLYAI_API_KEY.');
  const allowedOrigins = (env.ALLOWED_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []);
  if (allowedOrigins.length === 0) throw new Error('Set ALLOWED_ORIGINS, e.g. https://www.example.com');
  return {
    apiKey,
    allowedOrigins,
    maxSessionSeconds: Number(env.MAX_SESSION_SECONDS ?? 900),
    perMinute: Number(env.TOKENS_PER_MINUTE ?? 6),
    tokenUrl: env.ASSEMBLYAI_TOKEN_URL ?? 'https://agents.assemblyai.com/v1/token',
    wsUrl: env.ASSEMBLYAI_WS_URL,
  };
}

/** Counts within a sliding minute, in this process. Where several run, put a shared store behind `take`. */
export class RateLimit {
  #perMinute;
  #now;
  /** @type {Map<string, number[]>} */
  #taken = new Map();

  /**
   * @param {number} perMinute
   * @param {() => number} [now] milliseconds
   */
  constructor(perMinute, now = Date.now) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /**
   * @param {string} visitor
   * @returns {boolean} whether this visitor may have one more
   */
  take(visitor) {
    const since = this.#now() - 60_000;
    for (const [name, times] of this.#taken) if (times.at(-1) <= since) this.#taken.delete(name);
    const times = (this.#taken.get(visitor) ?? []).filter((time) => time > since);
    if (times.length >= this.#perMinute) return false;
    this.#taken.set(visitor, [...times, this.#now()]);
    return true;
  }
}

/**
 * Answers `GET /voice-token` as the element asks for it.
 *
 * @param {Request} request
 * @param {string} visitor who asks, as the server itself knows it (an address); never from a header that a client can set
 * @param {Settings} settings
 * @param {{ take(visitor: string): boolean | Promise<boolean> }} limit
 * @returns {Promise<Response>} 200 `{token, ws_url?}`; 403, 405, 429, 502 or 504 `{error}`
 */
export async function answerTokenRequest(request, visitor, settings, limit) {
  const origin = request.headers.get('origin');
  const ownOrigin = new URL(request.url).origin;
  // A page of this very server sends no Origin with a GET; the browser says `same-origin` instead, and no page can forge it.
  const isOwnPage = origin === null && request.headers.get('sec-fetch-site') === 'same-origin';
  const isAllowed = origin !== null && (settings.allowedOrigins.includes(origin) || origin === ownOrigin);
  if (!isOwnPage && !isAllowed) return answer(403, { error: 'This page may not ask for tokens.' });
  const cors = origin === null ? {} : { 'access-control-allow-origin': origin };
  if (request.method !== 'GET') return answer(405, { error: 'GET only.' }, { ...cors, allow: 'GET' });
  if (!(await limit.take(visitor)))
    return answer(429, { error: 'Too many conversations; wait a minute.' }, { ...cors, 'retry-after': '60' });
  const { status, body } = await mint(settings);
  return answer(status, body, cors);
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
function answer(status, body, headers = {}) {
  return Response.json(body, {
    status,
    headers: { ...headers, vary: 'origin', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
