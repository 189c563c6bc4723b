/**
 * Gives the tags of this page their tokens.
 *
 * The page may come out of a cache and be days old, so it holds no nonce: one is asked for when a conversation begins, is
 * kept while it lasts, and is asked for once more when WordPress says that it is stale.
 */
import { inItsLanguage } from './words.js';

const TIMEOUT_MS = 8000;
const SELECTOR = 'voice-agent[data-token-route]';

/** @type {Map<string, Promise<string>>} by the address that gives them */
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
  // What was said of an earlier try says nothing of this one.
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

/** The element's name for a `getToken` that failed. */
const FAILED = 'token_failed';

/** The page's own texts, of elements in which a reason of the site stands among them. */
const ownTexts = new WeakMap();

/** Shows the site's reason; an empty one takes the last one away. */
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
  // Who comes near will perhaps talk: the nonce is there by then.
  const prepare = () => void nonceFrom(element.dataset.nonceRoute).catch(() => undefined);
  for (const sign of ['pointerenter', 'focusin']) element.addEventListener(sign, prepare, { once: true });
}

for (const element of document.querySelectorAll(SELECTOR)) serve(element);
// Those that come into the page later.
document.addEventListener('voice-agent-connected', ({ target }) => {
  if (target.matches(SELECTOR) && !target.getToken) serve(target);
});
