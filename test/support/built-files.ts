import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { integrityOf } from '../../scripts/integrity.js';

/** The code names its map, and the map contains our sources. */
export async function expectSourceMap(dist: string, file: string): Promise<void> {
  const code = await readFile(join(dist, file), 'latin1');
  expect(code.slice(-200), file).toContain(`${basename(file)}.map`);
  const map = JSON.parse(await readFile(join(dist, `${file}.map`), 'utf8')) as {
    sources: string[];
    sourcesContent: (string | null)[];
    mappings: string;
  };
  expect(map.mappings, file).not.toBe('');
  expect(map.sources.filter((source) => !source.startsWith('voice-agent-element:///'))).toEqual([]);
  expect(map.sources.join(), file).toMatch(/element:\/\/\/(src|components|assembly|agent|testing|token)\//);
  expect(map.sourcesContent.length).toBe(map.sources.length);
  expect(
    map.sourcesContent.every((source) => source),
    file,
  ).toBe(true);
}

/** integrity.json has the hash of exactly the files that a page may load. */
export async function expectHashes(dist: string): Promise<void> {
  const hashes = JSON.parse(await readFile(join(dist, 'integrity.json'), 'utf8')) as Record<string, string>;
  const files = (await readdir(dist, { recursive: true })).filter((file) => /\.(js|css|wasm)$/.test(file));
  expect(Object.keys(hashes).sort()).toEqual(files.sort());
  for (const [file, hash] of Object.entries(hashes))
    expect(integrityOf(await readFile(join(dist, file)))).toBe(hash);
}
