import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from './en.js';
import { english, findMessages, languageChanges } from './languages.js';

type LocaleHost = ReactiveControllerHost & HTMLElement & { readonly texts?: Partial<Messages> | null };

/** The texts for a host: those of the nearest `lang`, as HTML has it, and over them the page's own. */
export class LocaleController implements ReactiveController {
  readonly #host: LocaleHost;
  #langs: MutationObserver | undefined;

  constructor(host: LocaleHost) {
    this.#host = host;
    host.addController(this);
  }

  get messages(): Messages {
    const language = this.#language;
    const messages = (language && findMessages(language)) || english;
    const { texts } = this.#host;
    return texts ? { ...messages, ...texts } : messages;
  }

  hostConnected(): void {
    languageChanges.addEventListener('change', this.#redraw);
    this.#langs = new MutationObserver(this.#redraw);
    const options = { attributeFilter: ['lang'], subtree: true };
    this.#langs.observe(document, options);
    const root = this.#host.getRootNode();
    if (root !== document) this.#langs.observe(root, options);
  }

  hostDisconnected(): void {
    languageChanges.removeEventListener('change', this.#redraw);
    this.#langs?.disconnect();
  }

  get #language(): string | null {
    for (
      let node: Node | null = this.#host;
      node;
      node = node instanceof ShadowRoot ? node.host : node.parentNode
    )
      if (node instanceof Element && node.hasAttribute('lang')) return node.getAttribute('lang');
    return null;
  }

  readonly #redraw = (): void => this.#host.requestUpdate();
}
