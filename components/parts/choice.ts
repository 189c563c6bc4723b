const warned = new Set<string>();

/** The value where it is allowed, else the first allowed one; says so once for every wrong value. */
export function choose<T extends string>(
  attribute: string,
  value: unknown,
  allowed: readonly [T, ...T[]],
): T {
  if (allowed.includes(value as T)) return value as T;
  const problem = `${attribute}="${String(value)}"`;
  if ((value ?? '') !== '' && !warned.has(problem)) {
    warned.add(problem);
    // For whoever writes the page: nothing else would tell them of a typing mistake.
    // eslint-disable-next-line no-console
    console.warn(`<voice-agent>: ${problem} is none of ${allowed.join(', ')}.`);
  }
  return allowed[0];
}
