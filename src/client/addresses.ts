/** URLs and credentials from the page. */
import { VoiceAgentError } from '../errors.js';
import { pageAddress } from '../loading/page-address.js';

/** Loopback names: the only ones for which browsers treat unencrypted pages and sockets as secure. */
const LOOPBACK = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

/** @throws {VoiceAgentError} `invalid_option`, `api_key_in_page` */
export function checkServerUrl(value: string): string {
  const { href, searchParams } = checkUrl('server-url', value, 'ws');
  searchParams.forEach(refuseApiKey);
  return href;
}

/**
 * The token endpoint, resolved against the page.
 * @throws {VoiceAgentError} `invalid_option`
 */
export function checkTokenUrl(value: string): URL {
  return checkUrl('token-url', value, 'http');
}

/**
 * The service's own hosts, which never know a visitor without a token. The first one resolves to the nearest region.
 */
const SERVICE_HOST = /^agents\.((us|eu)\.)?assemblyai\.com$/;

/** @param url as `checkServerUrl` returns it */
export function isServiceUrl(url: string): boolean {
  return SERVICE_HOST.test(new URL(url).hostname);
}

/** Encrypted, or on this computer, or a token from the page's own server: nobody in between can read it. */
function checkUrl(name: 'server-url' | 'token-url', value: string, scheme: 'ws' | 'http'): URL {
  try {
    const url = pageAddress(value);
    const isOwn = scheme === 'http' && url.origin === globalThis.origin;
    // A URL without a scheme has that of the page.
    if (scheme === 'ws') url.protocol = url.protocol.replace('http', 'ws');
    const isLocal = url.protocol === `${scheme}:` && LOOPBACK.test(url.hostname);
    if (isLocal || isOwn || url.protocol === `${scheme}s:`) return url;
  } catch {
    // Not a URL.
  }
  // Without the value, because a URL may contain a secret.
  throw VoiceAgentError.fatal(`invalid_option/${name}`);
}

/**
 * A temporary token is a long signed text. An account's key is short; every visitor could read it and spend its
 * money.
 * @throws {VoiceAgentError} `api_key_in_page`
 */
export function refuseApiKey(token: string): void {
  if (!/^\s*(bearer\s+)?([0-9a-f]{32}\s*$|(sk|key|api)[-_])/i.test(token)) return;
  throw VoiceAgentError.fatal('api_key_in_page');
}
