import type { ExtrasMessages } from '../extras/extras-messages.js';
import { onMissingFile } from '../parts/missing-file.js';
import { messages as english, type Messages } from './en.js';
import type { Translation } from './failure-text.js';

/** A language in one file: the texts of the element and of the optional parts. */
export interface LanguageModule {
  readonly messages: Translation;
  readonly extras: ExtrasMessages;
}

/** Modules next to this one, loaded when a page first uses their language. */
export const MODULES: Readonly<Record<string, () => Promise<LanguageModule>>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  he: () => import('./he.js'),
  hi: () => import('./hi.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  nl: () => import('./nl.js'),
  pt: () => import('./pt.js'),
  zh: () => import('./zh.js'),
};

interface Languages {
  readonly known: Map<string, Messages>;
  readonly languageChanges: EventTarget;
}

/** One for the page: `voice-agent.js` and `voice-agent-parts.js` have a copy of this module each. */
const page = globalThis as { [key: symbol]: Languages | undefined };
const { known, languageChanges } = (page[Symbol.for('voice-agent-element:languages')] ??= {
  known: new Map([['en', english]]),
  languageChanges: new EventTarget(),
});
const asked = new Set<string>();

/** Built-in languages, by BCP 47 tag. */
export const LANGUAGES: readonly string[] = /* @__PURE__ */ ['en', ...Object.keys(MODULES)].sort();

/**
 * Adds or replaces a language for every element on the page.
 * @param language BCP 47; found by longest match: `pt` serves `pt-BR` if there is no `pt-BR`.
 */
export function addLanguage(language: string, messages: Messages): void {
  known.set(language.toLowerCase(), messages);
  languageChanges.dispatchEvent(new CustomEvent('change'));
}

/** The language or the first broader tag that has texts, loaded or in a file: `pt-BR` → `pt`. */
export function knownLanguage(language: string): string | undefined {
  for (let tag = language.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, ''))
    if (known.has(tag) || Object.hasOwn(MODULES, tag)) return tag;
  return undefined;
}

/**
 * The texts for a language, and the language they are in: English until they are loaded. Starts loading them, if they
 * exist.
 */
export function findMessages(language: string): readonly [language: string, messages: Messages] {
  const tag = knownLanguage(language) ?? 'en';
  const found = known.get(tag);
  if (!found) void load(tag);
  // A text may be newer than the page's translation.
  return found ? [tag, { ...english, ...found }] : ['en', english];
}

/** If a language cannot be loaded, the texts stay English until the next attempt. */
async function load(tag: string): Promise<void> {
  if (asked.has(tag)) return;
  asked.add(tag);
  try {
    const { messages } = await MODULES[tag]!();
    // The page may have added its own in the meantime.
    if (!known.has(tag)) addLanguage(tag, messages);
  } catch {
    onMissingFile(`locales/${tag}.js`, () => asked.delete(tag));
  }
}

/** `languageChanges` dispatches `change` when a language has been added. */
export { english, languageChanges };
