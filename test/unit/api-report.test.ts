import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { API_ENTRIES, createApiReports } from '../../scripts/api-report.js';
import { projectRoot } from '../../scripts/project-root.mjs';

/** The compiler reads the whole project: 9 s on two cores that have nothing else to do. */
const COMPILING_MS = 120_000;

/** Made from the manifest: the element's own types in the words of others. */
const FROM_MANIFEST = ['./jsx', './vue', './svelte'];

test('every entry of the package with types has a report', async () => {
  const { exports } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  const typed = Object.keys(exports).filter((entry) => typeof exports[entry] === 'object');
  expect(typed.filter((entry) => !FROM_MANIFEST.includes(entry))).toEqual(API_ENTRIES);
});

test(
  'the reports are what the sources export (`npm run manifest` writes them)',
  { timeout: COMPILING_MS },
  async () => {
    const reports = await createApiReports();
    expect(reports).toHaveLength(API_ENTRIES.length + 1);
    for (const { path, text } of reports) {
      expect(text, path).toContain('```ts');
      expect(await readFile(join(projectRoot, path), 'utf8').catch(() => ''), path).toBe(text);
    }
  },
);
