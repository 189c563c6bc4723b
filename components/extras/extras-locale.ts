import type { ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import { languageChanges, MODULES } from '../locales/languages.js';
import { RETRY_MS } from '../parts/missing-file.js';
import { followLanguage, shownLanguage, withTexts } from '../locales/locale-controller.js';
import { extrasMessages, type ExtrasMessages } from './extras-messages.js';

export type PartTexts = Partial<ExtrasMessages & Messages>;
type LocaleHost = ReactiveControllerHost & HTMLElement & { readonly texts?: PartTexts | null };

const known = new Map<string, ExtrasMessages>([['en', extrasMessages]]);
const asked = new Set<string>();

/**
 * Adds or replaces a language for every part on the page.
 * @param language BCP 47; found by longest match
 */
export function addExtrasLanguage(language: string, messages: ExtrasMessages): void {
  known.set(language.toLowerCase(), { ...extrasMessages, ...messages });
  languageChanges.dispatchEvent(new CustomEvent('change'));
}

function find(language: string): ExtrasMessages {
  for (let tag = language.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    const found = known.get(tag);
    if (found) return found;
    if (Object.hasOwn(MODULES, tag)) {
      void load(tag);
      break;
    }
  }
  return extrasMessages;
}

/** A missing language is reported only once, where the element's own texts are loaded from the same file. */
async function load(tag: string): Promise<void> {
  if (asked.has(tag)) return;
  asked.add(tag);
  const found = await MODULES[tag]!().catch(() => undefined);
  if (!found) setTimeout(() => asked.delete(tag), RETRY_MS);
  // The page may have added its own in the meantime.
  if (found && !known.has(tag)) addExtrasLanguage(tag, found.extras);
}

/** The texts for a part: its own and those it shares with the element, overridden by the page's texts. */
export class ExtrasLocale {
  readonly #host: LocaleHost;
  readonly #readMessages: () => Messages;
  readonly #pageTexts: () => PartTexts | null | undefined;

  /** @param pageTexts The page's texts, as set on the agent's own tag. */
  constructor(host: LocaleHost, pageTexts: () => PartTexts | null | undefined) {
    this.#host = host;
    this.#pageTexts = pageTexts;
    this.#readMessages = followLanguage(host);
  }

  get messages(): ExtrasMessages & Messages {
    const messages = { ...find(shownLanguage(this.#host)), ...this.#readMessages() };
    return withTexts(withTexts(messages, this.#pageTexts()), this.#host.texts);
  }
}
