import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from './en.js';
import { warnOnce } from '../parts/choice.js';
import { findMessages, hasLanguage, languageChanges } from './languages.js';

type LocaleHost = ReactiveControllerHost & HTMLElement & { readonly texts?: Partial<Messages> | null };

/** The texts of a host, in the language of the nearest `lang` or of the browser. The page's own texts override them. */
export class LocaleController implements ReactiveController {
  readonly #host: LocaleHost;
  readonly #redraw = (): void => this.#host.requestUpdate();
  readonly #langs = new MutationObserver(this.#redraw);

  constructor(host: LocaleHost) {
    this.#host = host;
    host.addController(this);
  }

  get messages(): Messages {
    return withTexts(findMessages(shownLanguage(this.#host))[1], this.#host.texts);
  }

  hostConnected(): void {
    languageChanges.addEventListener('change', this.#redraw);
    for (const root of new Set([this.#host.ownerDocument, this.#host.getRootNode()]))
      this.#langs.observe(root, { attributeFilter: ['lang'], subtree: true });
  }

  /** Marks texts in another language than the page's, or a screen reader would use the wrong voice. */
  hostUpdated(): void {
    const host = this.#host;
    const page = nearestLanguage(host);
    const [own] = findMessages(shownLanguage(host));
    const isForeign = page.replace(/-.*/, '').toLowerCase() !== own.replace(/-.*/, '');
    const boxes = [...(host.shadowRoot?.children ?? [])].flatMap((box) =>
      // The corner of `floating` follows the page's direction, not that of the texts.
      box.matches('.floating') ? [...box.children] : box,
    );
    for (const box of boxes.filter(({ localName }) => localName !== 'slot')) {
      mark(box, 'lang', isForeign && own);
      mark(box, 'dir', isForeign && page !== '' && (RIGHT_TO_LEFT.test(own) ? 'rtl' : 'ltr'));
    }
    // The conversation itself is in the language of the page.
    for (const words of host.shadowRoot?.querySelectorAll('.words, .latest') ?? [])
      mark(words, 'lang', isForeign && page);
  }

  hostDisconnected(): void {
    languageChanges.removeEventListener('change', this.#redraw);
    this.#langs.disconnect();
  }
}

const RIGHT_TO_LEFT = /^(ar|fa|he|ps|ur|yi)\b/;

/** @param value false removes the attribute */
function mark(box: Element, name: string, value: string | false): void {
  if (value === false) box.removeAttribute(name);
  else if (box.getAttribute(name) !== value) box.setAttribute(name, value);
}

/** Errors are overridden one by one. The page's text for a code wins over the language's texts for its causes. */
export function withTexts<T extends Partial<Messages>>(messages: T, texts: Partial<T> | null | undefined): T {
  const own = texts?.errors ?? {};
  const others = Object.entries(messages.errors ?? {}).filter(
    ([key]) => !Object.hasOwn(own, key.replace(/\/.*/, '')),
  );
  return { ...messages, ...texts, errors: { ...Object.fromEntries(others), ...own } };
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
  return nearestLanguage(host) || (navigator.languages.find(hasLanguage) ?? '');
}

/** Looks through shadow roots. Some pages write `de_DE`. @returns '' if there is none */
export function nearestLanguage(host: Element): string {
  let element: Element | null = host;
  while (element) {
    const closest: Element | null = element.closest('[lang]');
    if (closest) return (closest.getAttribute('lang') ?? '').replaceAll('_', '-');
    const root = element.getRootNode();
    element = root instanceof ShadowRoot ? root.host : null;
  }
  return '';
}
