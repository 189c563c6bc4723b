import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from './en.js';
import { warnOnce } from '../parts/choice.js';
import { english, findMessages, hasLanguage, languageChanges } from './languages.js';

type LocaleHost = ReactiveControllerHost & HTMLElement & { readonly texts?: Partial<Messages> | null };

/** The texts for a host: those of the nearest `lang`, else of the browser, and over them the page's own. */
export class LocaleController implements ReactiveController {
  readonly #host: LocaleHost;
  readonly #redraw = (): void => this.#host.requestUpdate();
  readonly #langs = new MutationObserver(this.#redraw);

  constructor(host: LocaleHost) {
    this.#host = host;
    host.addController(this);
  }

  get messages(): Messages {
    return withTexts(findMessages(shownLanguage(this.#host)) ?? english, this.#host.texts);
  }

  hostConnected(): void {
    languageChanges.addEventListener('change', this.#redraw);
    for (const root of new Set([document, this.#host.getRootNode()]))
      this.#langs.observe(root, { attributeFilter: ['lang'], subtree: true });
  }

  hostDisconnected(): void {
    languageChanges.removeEventListener('change', this.#redraw);
    this.#langs.disconnect();
  }
}

/** Failures are replaced one by one. The page's words for a code win over the language's words for its causes. */
export function withTexts<T extends Partial<Messages>>(messages: T, texts: Partial<T> | null | undefined): T {
  const own = texts?.errors ?? {};
  const others = Object.entries(messages.errors ?? {}).filter(
    ([key]) => !Object.hasOwn(own, key.replace(/\/.*/, '')),
  );
  return { ...messages, ...texts, errors: { ...Object.fromEntries(others), ...own } };
}

/** What an attribute says in JSON. */
export function parseTexts(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    warnOnce(`texts='${json}' is not JSON`);
    return null;
  }
}

/** As the page says; where it says nothing, the first of the browser's languages that there are texts for. */
export function shownLanguage(host: Element): string {
  return nearestLanguage(host) || (navigator.languages.find(hasLanguage) ?? '');
}

/** Also through shadow roots. Some pages write `de_DE`. @returns '' where nothing is said. */
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
