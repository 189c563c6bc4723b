/**
 * Validates the arguments of a tool call against the tool's JSON Schema before a handler sees them. Supports the
 * keywords that function tools use; unknown keywords are ignored.
 */
import { isFields } from '../protocol/codec.js';

type Check = (wanted: never, value: never) => boolean;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isFields,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

// NaN for other types: a keyword ignores those, and no comparison with NaN is true.
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);
const lengthOf = (value: unknown): number => (typeof value === 'string' ? Array.from(value).length : NaN);
const itemsOf = (value: unknown): number => (Array.isArray(value) ? value.length : NaN);
const below = (of: (value: unknown) => number) => (limit: number, value: unknown) => of(value) < limit;
const above = (of: (value: unknown) => number) => (limit: number, value: unknown) => of(value) > limit;

/** When a value as a whole violates a keyword. */
const VIOLATED: Readonly<Record<string, Check>> = {
  type: (types: string | string[], value) => ![types].flat().some((type) => TYPES[type]?.(value) ?? true),
  const: (wanted, value) => !isSame(wanted, value),
  enum: (wanted: unknown[], value) => !wanted.some((one) => isSame(one, value)),
  pattern: (wanted: string, value) => typeof value === 'string' && !new RegExp(wanted, 'u').test(value),
  minLength: below(lengthOf),
  maxLength: above(lengthOf),
  minItems: below(itemsOf),
  maxItems: above(itemsOf),
  minimum: below(numberOf),
  maximum: above(numberOf),
  exclusiveMinimum: (limit: number, value) => numberOf(value) <= limit,
  exclusiveMaximum: (limit: number, value) => numberOf(value) >= limit,
};

/**
 * @param path of the value, for the message: `city` or `stops[2].name`; empty for the arguments as a whole
 * @returns the problem, in words a model can use; undefined if there is none
 */
export function checkArguments(schema: unknown, value: unknown, path = ''): string | undefined {
  if (!isFields(schema)) return undefined;
  const failed = Object.keys(schema).find(
    (keyword) =>
      Object.hasOwn(VIOLATED, keyword) && VIOLATED[keyword]?.(schema[keyword] as never, value as never),
  );
  if (failed) return `${path || 'The value'} does not fit ${failed}: ${JSON.stringify(schema[failed])}.`;
  return checkParts(schema, value, path) ?? checkChoices(schema, value, path);
}

function checkParts(schema: Record<string, unknown>, value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    // Not `value.entries()`, which Prototype.js replaces.
    return Object.entries(value)
      .map(([index, entry]) => checkArguments(schema['items'], entry, `${path}[${index}]`))
      .find(Boolean);
  }
  if (!isFields(value)) return undefined;
  const { properties, required, additionalProperties: others } = schema;
  const inner = (key: unknown): string => (path && `${path}.`) + String(key);
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const missing = needed.find((key) => !Object.hasOwn(value, String(key)));
  if (missing !== undefined) return `${inner(missing)} is missing.`;
  const problems = Object.entries(value).map(([key, entry]) => {
    if (isFields(properties) && Object.hasOwn(properties, key))
      return checkArguments(properties[key], entry, inner(key));
    return others === false ? `There is no ${inner(key)}.` : checkArguments(others, entry, inner(key));
  });
  return problems.find(Boolean);
}

function checkChoices(
  { allOf, anyOf, oneOf = anyOf }: Record<string, unknown>,
  value: unknown,
  path: string,
): string | undefined {
  const problemOf = (part: unknown): string | undefined => checkArguments(part, value, path);
  if (Array.isArray(oneOf)) {
    const problems = oneOf.map(problemOf);
    if (!problems.includes(undefined)) return problems[0];
  }
  return Array.isArray(allOf) ? allOf.map(problemOf).find(Boolean) : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
