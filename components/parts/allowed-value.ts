import { warnOnce } from './warn-once.js';

/** Returns the value if it is allowed, else the first allowed one. Warns once for every wrong value. */
export function allowedValue<T extends string>(
  attribute: string,
  value: unknown,
  allowed: readonly [T, ...T[]],
): T {
  if (allowed.includes(value as T)) return value as T;
  if ((value ?? '') !== '') warnOnce(`${attribute}="${String(value)}" is none of ${allowed.join(', ')}`);
  return allowed[0];
}
