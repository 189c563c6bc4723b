import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { API_ENTRIES, apiReports } from '../../scripts/api-report.js';
import { projectRoot } from '../../scripts/project-root.mjs';

/** The compiler reads the whole project: 10 s on an idle machine, minutes on a busy one. */
const COMPILING_MS = 600_000;

/** Generated from the manifest, for frameworks. */
const FROM_MANIFEST = ['./jsx', './vue', './svelte'];

test('every entry of the package that has types has a report', async () => {
  const { exports } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  const typed = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'object' && !FROM_MANIFEST.includes(entry) ? [[entry, target.types]] : [],
  );
  const reported = Object.entries(API_ENTRIES).map(([entry, [, source]]) => [
    entry,
    `./dist/types/${source}.d.ts`,
  ]);
  expect(reported.slice(0, -1)).toEqual(typed);
});

test.each(Object.values(API_ENTRIES))('everything that %s exports has a doc comment', async (report) => {
  const text = await readFile(join(projectRoot, `docs/api/${report}.api.md`), 'utf8');
  const bare = [...text.matchAll(/\/\/ @public \(undocumented\)\nexport (?:declare )?(.*)/g)];
  expect(bare.map(([, declaration]) => declaration)).toEqual([]);
});

test(
  'the reports are what the sources export (`npm run manifest` writes them)',
  { timeout: COMPILING_MS },
  async () => {
    expect(await apiReports(false)).toEqual([]);
  },
);
