const warned = new Set<string>();

/** For whoever writes the page: nothing else would tell them of a typing mistake. */
export function warnOnce(problem: string): void {
  if (warned.has(problem)) return;
  warned.add(problem);
  // eslint-disable-next-line no-console
  console.warn(`<voice-agent>: ${problem}.`);
}

/** The value where it is allowed, else the first allowed one; says so once for every wrong value. */
export function choose<T extends string>(
  attribute: string,
  value: unknown,
  allowed: readonly [T, ...T[]],
): T {
  if (allowed.includes(value as T)) return value as T;
  if ((value ?? '') !== '') warnOnce(`${attribute}="${String(value)}" is none of ${allowed.join(', ')}`);
  return allowed[0];
}
