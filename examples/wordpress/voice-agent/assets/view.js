/**
 * Provides the tags of this page with tokens.
 *
 * A cached page may be days old, so it contains no nonce. The script requests one when a conversation begins, keeps it,
 * and requests it again once if WordPress reports that it is stale.
 */
import { inItsLanguage } from './words.js';

const TIMEOUT_MS = 8000;
const SELECTOR = 'voice-agent[data-token-route]';

/** @type {Map<string, Promise<string>>} nonces, by the URL that returns them */
const nonces = new Map();

function nonceFrom(route) {
  let nonce = nonces.get(route);
  if (nonce === undefined) {
    nonce = ask(route)
      .then((response) => response.json())
      .then(({ data }) => data.nonce);
    nonces.set(route, nonce);
    nonce.catch(() => nonces.delete(route));
  }
  return nonce;
}

function ask(route, headers = {}) {
  return fetch(route, { cache: 'no-store', headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

async function tokenFor(element) {
  // Remove the message of an earlier attempt.
  explain(element, '');
  const { tokenRoute, nonceRoute } = element.dataset;
  for (let isFirst = true; ; isFirst = false) {
    const response = await ask(tokenRoute, { 'X-WP-Nonce': await nonceFrom(nonceRoute) });
    const { token, code, message } = await response.json();
    if (response.ok) return token;
    if (isFirst && /nonce/.test(code)) {
      nonces.delete(nonceRoute);
      continue;
    }
    explain(element, message && inItsLanguage(element, code, message));
    throw new Error(message ?? `The token route answered ${response.status}.`);
  }
}

/** The element's error key for a `getToken` that failed. */
const FAILED = 'token_failed';

/** The original `texts` of elements that show a message of the site. */
const ownTexts = new WeakMap();

/** Shows a message of the site. An empty one removes the last message. */
function explain(element, message) {
  if (ownTexts.has(element)) element.texts = ownTexts.get(element);
  ownTexts.delete(element);
  if (!message) return;
  const { texts } = element;
  ownTexts.set(element, texts);
  element.texts = { ...texts, errors: { ...texts?.errors, [FAILED]: { message, hint: '' } } };
}

function serve(element) {
  element.getToken = () => tokenFor(element);
  // A visitor who comes near may start a conversation, so fetch the nonce now.
  const prepare = () => void nonceFrom(element.dataset.nonceRoute).catch(() => undefined);
  for (const sign of ['pointerenter', 'focusin']) element.addEventListener(sign, prepare, { once: true });
}

for (const element of document.querySelectorAll(SELECTOR)) serve(element);
// Tags that are inserted later.
document.addEventListener('voice-agent-connected', ({ target }) => {
  if (target.matches(SELECTOR) && !target.getToken) serve(target);
});
