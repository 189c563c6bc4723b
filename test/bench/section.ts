import type { Reading } from '../support/figures.js';

/** A part of the bench report. */
export interface Section {
  /** As in `npm run bench -- --only name`. */
  readonly name: string;
  /** Measures. */
  run(): Promise<SectionReport>;
}

export interface SectionReport {
  /** Begins with a second-level heading. */
  readonly markdown: string;
  /** Readings that are compared with the README's table. */
  readonly readings?: readonly Reading[];
}

/** A Markdown table; the first column is left-aligned, the others right-aligned. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const alignment = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(alignment), ...rows.map(line)].join('\n');
}
