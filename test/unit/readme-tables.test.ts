import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pageWithTables, TABLE_PAGES } from '../../scripts/manifest-tables.js';
import { createManifest, MANIFEST_PATH, manifestText, type Manifest } from '../../scripts/manifest.js';
import { projectRoot } from '../../scripts/project-root.mjs';

let manifest: Manifest;
beforeAll(async () => {
  manifest = await createManifest();
});

describe('what is committed is what the sources say (`npm run manifest` writes it)', () => {
  test('custom-elements.json', async () => {
    expect(await readFile(MANIFEST_PATH, 'utf8')).toBe(manifestText(manifest));
  });

  test.each(TABLE_PAGES)('the tables of %s', async (path) => {
    expect(await readFile(join(projectRoot, path), 'utf8')).toBe(await pageWithTables(path, manifest));
  });
});

test('the pages hold every attribute, property, method, event, slot, part and custom property', async () => {
  const pages = await Promise.all(TABLE_PAGES.map((path) => readFile(join(projectRoot, path), 'utf8')));
  const text = pages.join('\n');
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  const named = elements.flatMap(({ attributes, events = [], cssParts = [], cssProperties = [] }) =>
    [attributes, events, cssParts, cssProperties].flat().map(({ name }) => name),
  );
  const [agent] = elements.filter(({ tagName }) => tagName === 'voice-agent');
  const own = [...(agent?.slots ?? []), ...(agent?.members ?? []).filter((member) => !member.attribute)];
  const wanted = [...named, ...own.map(({ name }) => name).filter((name) => name !== '')];
  expect(wanted.length).toBeGreaterThan(90);
  expect(wanted.filter((name) => !new RegExp(`\`(VoiceAgentElement\\.)?${name}[\`(]`).test(text))).toEqual(
    [],
  );
});
