/** From a table of options to the properties and attributes of an element. */
import type { PropertyDeclaration, PropertyDeclarations } from 'lit';
import { attributeName, type Option, type OptionValue } from '../../src/index.js';

/** Properties of an element: an attribute that was removed leaves `null`. */
export type ElementOptions<Table> = {
  -readonly [Name in keyof Table]: Table[Name] extends { readonly kind: 'flag' }
    ? boolean
    : Table[Name] extends { readonly kind: 'object' }
      ? EmptyOr<OptionValue<Table[Name]>>
      : OptionValue<Table[Name]> | null | undefined;
};

/** Objects that have no value of their own for nothing are `undefined` then. */
type EmptyOr<Value> = null extends Value ? Value : Value | undefined;

const TYPES = { text: String, number: Number, flag: Boolean } as const;

/** `max-duration` → `maxDuration`, except for what an attribute cannot hold. Attributes are the page's, and never written. */
export function propertiesOf(table: Readonly<Record<string, Option>>): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]): [string, PropertyDeclaration] => {
      if (option.kind === 'object') return [name, { attribute: false }];
      return [name, { attribute: attributeName(name), type: TYPES[option.kind] }];
    }),
  );
}

/** What the properties of a new element are, before any attribute. */
export function initialValues(table: Readonly<Record<string, Option>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, option]): [string, unknown][] => {
      if (option.kind === 'flag') return [[name, false]];
      return 'initial' in option ? [[name, option.default]] : [];
    }),
  );
}
