/** Where a token comes from. Requested for every connection, because a token starts one session. */
import { VoiceAgentError } from '../errors.js';
import { TOKEN_MS, type TokenGrant } from '../session/connection.js';
import type { VoiceAgentOptions } from './options.js';
import { checkServerUrl, checkTokenUrl, refuseApiKey } from './addresses.js';

/**
 * @throws {VoiceAgentError} `token_failed`, `token_refused`, `token_invalid`, `token_timeout`, `api_key_in_page`, and
 * `connection_failed` if the visitor is offline
 */
export async function fetchToken(options: VoiceAgentOptions, serverUrl: string): Promise<TokenGrant> {
  if (options.getToken)
    return { token: checkToken(await callGetToken(options.getToken), 'getToken'), url: serverUrl };
  if (options.tokenUrl)
    return fetchFrom(checkTokenUrl(options.tokenUrl), options.tokenMethod ?? 'get', serverUrl);
  return { token: options.token || undefined, url: serverUrl };
}

async function callGetToken(getToken: () => Promise<string>): Promise<unknown> {
  try {
    return await getToken();
  } catch (error) {
    throw VoiceAgentError.fatal('token_failed/get-token', { cause: error });
  }
}

async function fetchFrom(url: URL, method: TokenMethod, serverUrl: string): Promise<TokenGrant> {
  // A cached token is a used one. `no-store` affects the browser's cache, but neither a service worker nor a proxy.
  // Not `randomUUID()`, which pages without https do not have.
  if (method === 'get') url.searchParams.set('_', String(Math.random()));
  const signal = AbortSignal.timeout(TOKEN_MS);
  const response = await fetch(url, { method, cache: 'no-store', signal }).catch(failed);
  // After a redirect.
  if (response.url) checkTokenUrl(response.url);
  if (!response.ok) {
    throw VoiceAgentError.fatal('token_refused', { values: { status: response.status } });
  }
  const body: unknown = await response.json().catch((error: unknown) => {
    // What is not JSON contains no token.
    if (!(error instanceof SyntaxError)) failed(error);
  });
  // Not every JSON is an object.
  const fields = Object(body) as Record<string, unknown>;
  const token = checkToken(fields['token'], 'The token endpoint');
  const given = fields['ws_url'];
  return { token, url: typeof given === 'string' ? checkServerUrl(given) : serverUrl };
}

type TokenMethod = NonNullable<VoiceAgentOptions['tokenMethod']>;

/** No response, or only the beginning of one. */
function failed(cause: unknown): never {
  // Only the time-out aborts it; every other failure is a TypeError.
  const isLate = cause instanceof DOMException;
  // The visitor can do something about that, and this request is the first to fail.
  const isOffline = !navigator.onLine;
  throw VoiceAgentError.fatal(
    isOffline ? 'connection_failed' : isLate ? 'token_timeout' : 'token_failed/endpoint',
    { cause },
  );
}

function checkToken(value: unknown, source: string): string {
  if (typeof value === 'string' && value !== '') {
    refuseApiKey(value);
    return value;
  }
  throw VoiceAgentError.fatal('token_invalid', { values: { source } });
}
