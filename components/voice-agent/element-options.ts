/** Derives the properties and attributes of an element from a table of options. */
import type { PropertyDeclaration, PropertyDeclarations } from 'lit';
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

const TYPES = { text: String, number: Number, flag: Boolean } as const;

/**
 * `max-duration` → `maxDuration`, except for values that an attribute cannot hold. Attributes belong to the page and
 * are never written.
 */
export function propertiesOf(table: Readonly<Record<string, Option>>): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]): [string, PropertyDeclaration] => {
      if (option.kind === 'object') return [name, { attribute: false }];
      return [name, { attribute: attributeName(name), type: TYPES[option.kind] }];
    }),
  );
}

/** The properties of a new element, before any attribute. */
export function initialValues(table: Readonly<Record<string, Option>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, option]): [string, unknown][] => {
      if (option.kind === 'flag') return [[name, false]];
      return 'initial' in option ? [[name, option.default]] : [];
    }),
  );
}
