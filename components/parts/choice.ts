/** How long after a failure a file is loaded again if it is needed. Most network failures are short. */
export const RETRY_MS = 10_000;

const warned = new Set<string>();

/** A warning for the author of the page, because nothing else would reveal a typo. */
export function warnOnce(problem: string): void {
  if (warned.has(problem)) return;
  warned.add(problem);
  // eslint-disable-next-line no-console
  console.warn(`<voice-agent>: ${problem}.`);
}

/** Returns the value if it is allowed, else the first allowed one. Warns once for every wrong value. */
export function choose<T extends string>(
  attribute: string,
  value: unknown,
  allowed: readonly [T, ...T[]],
): T {
  if (allowed.includes(value as T)) return value as T;
  if ((value ?? '') !== '') warnOnce(`${attribute}="${String(value)}" is none of ${allowed.join(', ')}`);
  return allowed[0];
}
