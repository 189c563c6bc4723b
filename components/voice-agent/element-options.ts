/** Derives the properties and attributes of an element from a table of options. */
import type { PropertyDeclarations } from 'lit';
import { attributeName, type Option, type OptionValue } from '../../src/index.js';

/** The properties of an element: a removed attribute gives `null`. */
export type ElementOptions<Table> = {
  -readonly [Name in keyof Table]: Table[Name] extends { readonly kind: 'flag' }
    ? boolean
    : Table[Name] extends { readonly kind: 'object' }
      ? EmptyOr<OptionValue<Table[Name]>>
      : OptionValue<Table[Name]> | null | undefined;
};

/** Object options without an empty value are `undefined` then. */
type EmptyOr<Value> = null extends Value ? Value : Value | undefined;

/** An empty attribute has no number, as with `<input value>`: a limit of 0 would be none. */
const toNumber = (text: string | null): number | null => (text ? Number(text) : null);

/** As in HTML, its presence counts. But Vue, Svelte and Preact write `false` where they should remove it. */
export const toFlag = (text: string | null): boolean => text !== null && text !== 'false';

const READERS = {
  text: {},
  number: { converter: toNumber },
  flag: { converter: toFlag },
  object: {},
} as const;

/**
 * `max-duration` → `maxDuration`, except for values that an attribute cannot hold. Attributes belong to the page and
 * are never written.
 */
export function propertiesOf(table: Readonly<Record<string, Option>>): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind }]) => [
      name,
      { attribute: kind !== 'object' && attributeName(name), ...READERS[kind] },
    ]),
  );
}

/** The properties of a new element, before any attribute. */
export function initialValues(table: Readonly<Record<string, Option>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      option.kind === 'flag' ? false : 'initial' in option ? option.default : undefined,
    ]),
  );
}
