import { attributeName } from '../../src/index.js';
import { warnOnce } from './warn-once.js';

/** The value of a property if it is allowed, else the first allowed one. Warns once for every wrong value. */
export function allowedValue<Name extends string, T extends string>(
  host: Readonly<Partial<Record<Name, unknown>>>,
  name: Name,
  allowed: readonly [T, ...T[]],
): T {
  const value = host[name];
  if (allowed.includes(value as T)) return value as T;
  if ((value ?? '') !== '')
    warnOnce(`${attributeName(name)}="${String(value)}" is none of ${allowed.join(', ')}`);
  return allowed[0];
}
