/**
 * Validates the arguments of a tool call against the tool's JSON Schema before a handler sees them. Supports the
 * keywords that function tools use; unknown keywords are ignored.
 */
type Check = (wanted: never, value: never) => boolean;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isRecord,
  array: Array.isArray,
  string: isText,
  number: isNumber,
  integer: Number.isInteger,
  boolean: (value) => value === true || value === false,
  null: (value) => value === null,
};

/** Keywords for a value as a whole; each ignores values of other types. */
const KEYWORDS: Readonly<Record<string, readonly [(value: unknown) => boolean, Check]>> = {
  type: [
    () => true,
    (wanted: string | string[], value) => [wanted].flat().some((type) => TYPES[type]?.(value) ?? true),
  ],
  const: [() => true, isSame],
  enum: [() => true, (wanted: unknown[], value) => wanted.some((one) => isSame(one, value))],
  pattern: [isText, (wanted: string, value: string) => new RegExp(wanted, 'u').test(value)],
  minLength: [isText, (wanted: number, value: string) => Array.from(value).length >= wanted],
  maxLength: [isText, (wanted: number, value: string) => Array.from(value).length <= wanted],
  minItems: [Array.isArray, (wanted: number, value: unknown[]) => value.length >= wanted],
  maxItems: [Array.isArray, (wanted: number, value: unknown[]) => value.length <= wanted],
  minimum: [isNumber, (wanted: number, value: number) => value >= wanted],
  maximum: [isNumber, (wanted: number, value: number) => value <= wanted],
  exclusiveMinimum: [isNumber, (wanted: number, value: number) => value > wanted],
  exclusiveMaximum: [isNumber, (wanted: number, value: number) => value < wanted],
};

/**
 * @param path of the value, for the message: `city` or `stops[2].name`; empty for the arguments as a whole
 * @returns the problem, in words a model can use; undefined if there is none
 */
export function checkArguments(schema: unknown, value: unknown, path = ''): string | undefined {
  if (!isRecord(schema)) return undefined;
  const failed = Object.keys(schema).find((keyword) => {
    const [applies, check] = (Object.hasOwn(KEYWORDS, keyword) && KEYWORDS[keyword]) || [];
    return applies?.(value) && !check?.(schema[keyword] as never, value as never);
  });
  if (failed) return `${path || 'The value'} does not fit ${failed}: ${JSON.stringify(schema[failed])}.`;
  return checkParts(schema, value, path) ?? checkChoices(schema, value, path);
}

function checkParts(schema: Record<string, unknown>, value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    return firstProblem(value.entries(), ([index, entry]) =>
      checkArguments(schema['items'], entry, `${path}[${index}]`),
    );
  }
  if (!isRecord(value)) return undefined;
  const { properties, required, additionalProperties: others } = schema;
  const inner = (key: unknown): string => (path && `${path}.`) + String(key);
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const missing = needed.find((key) => !Object.hasOwn(value, String(key)));
  if (missing !== undefined) return `${inner(missing)} is missing.`;
  return firstProblem(Object.entries(value), ([key, entry]) => {
    if (isRecord(properties) && Object.hasOwn(properties, key))
      return checkArguments(properties[key], entry, inner(key));
    return others === false ? `There is no ${inner(key)}.` : checkArguments(others, entry, inner(key));
  });
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
  return Array.isArray(allOf) ? firstProblem(allOf, problemOf) : undefined;
}

function firstProblem<T>(entries: Iterable<T>, check: (entry: T) => string | undefined): string | undefined {
  for (const entry of entries) {
    const problem = check(entry);
    if (problem) return problem;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
