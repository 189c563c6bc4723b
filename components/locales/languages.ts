import { messages as english, type Messages } from './en.js';

/** Modules beside this one, loaded when a page first speaks their language. */
const MODULES: Readonly<Record<string, () => Promise<{ readonly messages: Messages }>>> = {
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

const known = new Map<string, Messages>([['en', english]]);
const underWay = new Map<string, Promise<void>>();

/** Dispatches `change` when a language has been added. */
export const languageChanges = new EventTarget();

/** Languages that come with the element, by BCP 47 tag. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(MODULES)].sort();

/**
 * Adds a language, or replaces one, for every element on the page.
 * @param language BCP 47; found by longest match: `pt` serves `pt-BR`, unless that is there itself.
 */
export function addLanguage(language: string, messages: Messages): void {
  known.set(language.toLowerCase(), messages);
  languageChanges.dispatchEvent(new Event('change'));
}

/** The texts of a language, or `undefined` while they are not there: then they are on their way, if they exist. */
export function findMessages(language: string): Messages | undefined {
  const tags = language.toLowerCase().split('-');
  for (let length = tags.length; length > 0; length--) {
    const tag = tags.slice(0, length).join('-');
    const found = known.get(tag);
    if (found) return found;
    if (Object.hasOwn(MODULES, tag)) {
      void load(tag);
      return undefined;
    }
  }
  return undefined;
}

/** Settles when the language is there, or cannot be had: then English stays. */
function load(tag: string): Promise<void> {
  let loading = underWay.get(tag);
  if (!loading) {
    loading = (MODULES[tag]?.() ?? Promise.reject(new Error('unknown')))
      .then(({ messages }) => addLanguage(tag, messages))
      .catch(() => {
        // The single file was copied without its neighbours: only who runs the page can mend that.
        // eslint-disable-next-line no-console
        console.warn(`<voice-agent>: the texts for "${tag}" could not be loaded; English is shown.`);
      });
    underWay.set(tag, loading);
  }
  return loading;
}

export { english };
