import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pageWithTables, TABLE_PAGES } from '../../scripts/manifest-tables.js';
import {
  createManifest,
  MANIFEST_PATH,
  manifestText,
  type Described,
  type ElementDeclaration,
  type Manifest,
} from '../../scripts/manifest.js';
import { projectRoot } from '../../scripts/project-root.mjs';

let manifest: Manifest;
beforeAll(async () => {
  manifest = await createManifest();
});

describe('what is committed is what the sources say (`npm run manifest` writes it)', () => {
  test('custom-elements.json', async () => {
    expect(await readFile(MANIFEST_PATH, 'utf8')).toBe(manifestText(manifest));
  });

  // What events carry, the compiler is asked.
  test.each(TABLE_PAGES)('the tables of %s', { timeout: 120_000 }, async (path) => {
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

/** Their templates say `part="entry-${role}"` and the like. */
const COMPUTED_PARTS = [
  'entry-user',
  'entry-agent',
  'mute-button',
  'talk-button',
  'microphone',
  'speaker',
  'volume',
];

describe('what is documented is what there is', () => {
  const documented = (list: readonly Described[] = []): string[] =>
    list.flatMap(({ name, description = '' }) => {
      // "Every button; also `call-button`, `mute-button`": their names are in the text.
      const also = /; also (.*)/.exec(description)?.[1] ?? '';
      return [name, ...[...also.matchAll(/`([\w-]+)`/g)].map(([, other = '']) => other)];
    });
  const agent = (): ElementDeclaration =>
    manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'voice-agent')!;
  const everywhere = (read: (element: ElementDeclaration) => string[]): string[] => [
    ...new Set(manifest.modules.flatMap(({ declarations }) => declarations).flatMap(read)),
  ];

  test('parts', async () => {
    const written = (await inSources(/ part="([^"]+)"/g)).flatMap((text) => text.split(' '));
    const added = await inSources(/(?:\.setAttribute\('part', |\bpart: )'([\w-]+)'/g);
    const found = [...written.filter((name) => !name.includes('${')), ...added, ...COMPUTED_PARTS];
    const known = everywhere(({ cssParts }) => documented(cssParts));
    expect([...new Set(found)].sort()).toEqual(known.sort());
  });

  test('slots', async () => {
    const found = await inSources(/<slot(?: name="([\w-]+)")?>/g);
    expect([...new Set(found)].sort()).toEqual(
      agent()
        .slots?.map(({ name }) => name)
        .sort(),
    );
  });

  test('custom properties', async () => {
    const found = await inSources(/var\((--voice-agent-[\w-]+)/g);
    const known = everywhere(({ cssProperties = [] }) => cssProperties.map(({ name }) => name));
    expect([...new Set(found)].sort()).toEqual(known.sort());
  });

  test('events', async () => {
    const files = ['src/client/events.ts', 'components/voice-agent/voice-agent.events.ts'];
    const texts = await Promise.all(files.map((file) => readFile(join(projectRoot, file), 'utf8')));
    const found = texts.flatMap((text) =>
      [...text.matchAll(/^ {2}'?([\w-]+)'?: (?:CustomEvent<|ToolCallEvent)/gm)].map(([, name]) => name),
    );
    expect(found.sort()).toEqual(
      agent()
        .events?.map(({ name }) => name)
        .sort(),
    );
  });
});

/** What a pattern's group matches in the sources of the elements. */
async function inSources(pattern: RegExp): Promise<string[]> {
  const folder = join(projectRoot, 'components');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found));
}
