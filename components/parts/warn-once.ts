const warned = new Set<string>();

/** A warning for the author of the page, because nothing else would reveal a typo or a missing file. */
export function warnOnce(problem: string): void {
  if (warned.has(problem)) return;
  warned.add(problem);
  // eslint-disable-next-line no-console
  console.warn(`<voice-agent>: ${problem}.`);
}
