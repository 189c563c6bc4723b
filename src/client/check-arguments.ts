/**
 * Arguments of a tool call against the tool's JSON Schema, before any handler sees them: the part of the language that
 * function tools are written in. What it does not know it lets pass.
 */
type Schema = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isRecord,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/**
 * @param path of the value, for the answer: `city` or `stops[2].name`; empty for the arguments as a whole.
 * @returns what is wrong, in words a model can use; undefined when nothing is.
 */
export function checkArguments(schema: unknown, value: unknown, path = ''): string | undefined {
  if (!isRecord(schema)) return undefined;
  const name = path === '' ? 'The arguments' : path;
  const types = textsOf(schema['type']);
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value) ?? true))
    return `${name} must be of type ${types.join(' or ')}.`;
  const allowed = 'const' in schema ? [schema['const']] : schema['enum'];
  if (Array.isArray(allowed) && !allowed.some((one) => isSame(one, value)))
    return `${name} must be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}.`;
  return (
    checkRange(schema, value, name) ?? checkParts(schema, value, path) ?? checkChoices(schema, value, path)
  );
}

function checkRange(schema: Schema, value: unknown, name: string): string | undefined {
  if (typeof value === 'string') {
    const { pattern } = schema;
    if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value))
      return `${name} must match ${pattern}.`;
    return checkSize(schema, Array.from(value).length, 'Length', `The length of ${name}`);
  }
  if (Array.isArray(value))
    return checkSize(schema, value.length, 'Items', `The number of entries of ${name}`);
  return typeof value === 'number' ? checkSize(schema, value, 'imum', name) : undefined;
}

/** @param what the keywords end in: `minLength`, `maxItems`, `minimum`. */
function checkSize(schema: Schema, size: number, what: string, name: string): string | undefined {
  const bound = (keyword: string, fallback: number) => Number(schema[keyword] ?? fallback);
  const [min, max] = [bound(`min${what}`, -Infinity), bound(`max${what}`, Infinity)];
  if (size < min) return `${name} must be at least ${min}.`;
  if (size > max) return `${name} must be at most ${max}.`;
  if (what !== 'imum') return undefined;
  const [above, below] = [bound('exclusiveMinimum', -Infinity), bound('exclusiveMaximum', Infinity)];
  if (size <= above) return `${name} must be more than ${above}.`;
  return size >= below ? `${name} must be less than ${below}.` : undefined;
}

function checkParts(schema: Schema, value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    return firstOf(value.entries(), ([index, entry]) =>
      checkArguments(schema['items'], entry, `${path}[${index}]`),
    );
  }
  if (!isRecord(value)) return undefined;
  const inner = (key: string) => (path === '' ? key : `${path}.${key}`);
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const missing = textsOf(schema['required']).find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return `${inner(missing)} is missing.`;
  return firstOf(Object.entries(value), ([key, entry]) => {
    if (Object.hasOwn(properties, key)) return checkArguments(properties[key], entry, inner(key));
    const others = schema['additionalProperties'];
    return others === false ? `There is no ${inner(key)}.` : checkArguments(others, entry, inner(key));
  });
}

function checkChoices(schema: Schema, value: unknown, path: string): string | undefined {
  const { allOf } = schema;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) {
    const problems = choices.map((choice) => checkArguments(choice, value, path));
    if (problems.length > 0 && !problems.includes(undefined)) return problems[0];
  }
  return Array.isArray(allOf) ? firstOf(allOf, (part) => checkArguments(part, value, path)) : undefined;
}

function firstOf<T>(entries: Iterable<T>, check: (entry: T) => string | undefined): string | undefined {
  for (const entry of entries) {
    const problem = check(entry);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A text or a list of texts. */
function textsOf(value: unknown): string[] {
  return [value].flat().filter((entry) => typeof entry === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
