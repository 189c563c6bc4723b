import type { ReactiveControllerHost } from 'lit';
import type { Messages } from './en.js';
import { warnOnce } from '../parts/warn-once.js';
import { listenToPage } from '../parts/page-listeners.js';
import { setAttribute } from '../parts/set-attribute.js';
import { findMessages, knownLanguage, languageChanges } from './languages.js';

type LocaleHost = ReactiveControllerHost & HTMLElement & { readonly texts?: Partial<Messages> | null };

/**
 * The texts of a host, in the language of the nearest `lang` or of the browser. The page's own texts override them.
 * @returns Reads them.
 */
export function followLanguage(host: LocaleHost): () => Messages {
  listenToPage(host, (_page, signal) => {
    const redraw = (): void => host.requestUpdate();
    languageChanges.addEventListener('change', redraw, { signal });
    const langs = new MutationObserver(redraw);
    let root: Node | undefined = host.getRootNode();
    for (; root; root = (root as Partial<ShadowRoot>).host?.getRootNode())
      langs.observe(root, { attributeFilter: ['lang'], subtree: true });
    signal.addEventListener('abort', () => langs.disconnect());
  });
  host.addController({ hostUpdated: () => markLanguage(host) });
  return () => withTexts(findMessages(shownLanguage(host))[1], host.texts);
}

/** Marks texts in another language than the page's, or a screen reader would use the wrong voice. */
function markLanguage(host: LocaleHost): void {
  const root = host.shadowRoot!;
  const page = nearestLanguage(host);
  const [own] = findMessages(shownLanguage(host));
  const isForeign = page.replace(/-.*/, '').toLowerCase() !== own.replace(/-.*/, '');
  const direction = page !== '' && (RIGHT_TO_LEFT.test(own) ? 'rtl' : 'ltr');
  // The corner of `floating` follows the page's direction, not that of the texts.
  for (const box of (root.querySelector('.floating') ?? root).children) {
    if (box.localName === 'slot') continue;
    setAttribute(box, 'lang', isForeign && own);
    setAttribute(box, 'dir', isForeign && direction);
  }
  // The conversation itself is in the language of the page.
  for (const words of root.querySelectorAll('.words, .latest'))
    setAttribute(words, 'lang', isForeign && page);
}

const RIGHT_TO_LEFT = /^(ar|fa|he|ps|ur|yi)\b/;

/** Errors are overridden one by one. The page's text for a code wins over the language's texts for its causes. */
export function withTexts<T extends Partial<Messages>>(messages: T, texts: Partial<T> | null | undefined): T {
  const own = texts?.errors ?? {};
  const others = Object.entries(messages.errors ?? {}).filter(
    ([key]) => !Object.hasOwn(own, key.replace(/\/.*/, '')),
  );
  // Frameworks pass what a page does not have as undefined or null.
  const given = Object.entries(texts ?? {}).filter(([, text]) => typeof text === 'string');
  return { ...messages, ...Object.fromEntries(given), errors: { ...Object.fromEntries(others), ...own } };
}

/** Parses the JSON of an attribute. */
export function parseTexts(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    warnOnce(`texts='${json}' is not JSON`);
    return null;
  }
}

/** The language of the page; without one, the first of the browser's languages that has texts. */
export function shownLanguage(host: Element): string {
  return nearestLanguage(host) || (navigator.languages.find(knownLanguage) ?? '');
}

/** Looks through shadow roots. Some pages write `de_DE`. @returns '' if there is none */
export function nearestLanguage(host: Element): string {
  for (
    let element: Element | undefined = host;
    element;
    element = (element.getRootNode() as Partial<ShadowRoot>).host
  ) {
    const language = element.closest('[lang]')?.getAttribute('lang');
    if (typeof language === 'string') return language.replaceAll('_', '-');
  }
  return '';
}
