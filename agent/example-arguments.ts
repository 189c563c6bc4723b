/** Invents arguments that fit a tool's JSON Schema. */
import { isRecord } from './schema.js';

const MAX_DEPTH = 4;
/** Plausible values, by the name of the parameter. */
const LIKELY: readonly (readonly [RegExp, string])[] = [
  [/city|place|location|town/i, 'Lisbon'],
  [/colou?r/i, 'blue'],
  [/date|day/i, '2030-01-01'],
  [/name/i, 'Ada'],
  [/mail/i, 'ada@example.com'],
];

function example(schema: unknown, name: string, depth: number): unknown {
  if (!isRecord(schema)) return 'example';
  if ('const' in schema) return schema.const;
  if ('default' in schema) return schema.default;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0] as unknown;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as unknown;
  const type = Array.isArray(schema.type) ? (schema.type[0] as unknown) : schema.type;
  switch (type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? Math.ceil(schema.minimum) : 1;
    case 'array':
      return depth < MAX_DEPTH ? [example(schema.items, name, depth + 1)] : [];
    case 'object':
      return depth < MAX_DEPTH ? objectExample(schema, depth + 1) : {};
    case 'null':
      return null;
    default:
      return LIKELY.find(([pattern]) => pattern.test(name))?.[1] ?? 'example';
  }
}

function objectExample(schema: Record<string, unknown>, depth: number): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, example(inner, name, depth)]),
  );
}

/** @param parameters a JSON Schema of type `object` */
export function exampleArguments(parameters: Record<string, unknown>): Record<string, unknown> {
  return objectExample(parameters, 0);
}
