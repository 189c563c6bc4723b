/** Values of the page in the texts that it gives to the agent. */
import { tellAuthor } from './console.js';

/** Values for `{{name}}`, by name. */
export type Variables = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `{{name}}`, or `{{name|default}}`. */
const VARIABLE = /\{\{\s*([\w-]+)\s*(?:\|([^{}]*))?\}\}/g;
/** Of one value, in characters. */
const MAX_CHARS = 500;

/**
 * Fills in values by name, also `first-name` from `firstName`. A missing or empty value gives the default, else nothing.
 * @throws never
 */
export function fillVariables(text: string | undefined, values: Variables = {}): string | undefined {
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  return text?.replace(VARIABLE, (_, name: string, fallback?: string) => {
    const value =
      valueOf(name) ?? valueOf(name.replace(/-(.)/g, (__, letter: string) => letter.toUpperCase()));
    if ((value ?? fallback) === undefined) tellAuthor(`{{${name}}} has no value`);
    return escaped(value) || (fallback ?? '');
  });
}

/**
 * A value is a piece of one line: it cannot begin another line, section, tag or quotation of the prompt, and no
 * variable in it is filled in.
 */
function escaped(value: Variables[string]): string {
  return String(value ?? '')
    .replace(/[{}<>`]/g, '')
    .replace(/"/g, "'")
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_CHARS);
}
