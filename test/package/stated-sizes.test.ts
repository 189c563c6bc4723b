import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';

const ELEMENT = 'voice-agent.js';
const LOADER = 'voice-agent-loader.js';
const PARTS = 'voice-agent-parts.js';

/** Where the documents state the size of a built file, in kB. */
const STATED_SIZES = [
  ['README.md', ELEMENT, 'brotli', /`voice-agent\.js` is one file of (\d+) kB/],
  ['README.md', PARTS, 'brotli', /\[parts\]\(\S+\) \((\d+) kB\)/],
  ['README.md', LOADER, 'brotli', /\[The loader\]\(\S+\) \((\d+) kB\)/],
  ['docs/guides/comparison.md', ELEMENT, 'brotli', /script, brotli +\| (\d+) kB/],
  ['docs/guides/comparison.md', ELEMENT, 'gzip', /script, gzip +\| (\d+) kB/],
  ['docs/guides/loader.md', LOADER, 'brotli', /classic script of (\d+) kB/],
  ['docs/guides/parts.md', PARTS, 'brotli', /`voice-agent-parts\.js`\s+\((\d+) kB/],
] as const;

test.each(STATED_SIZES)('%s states the size of %s (%s)', async (path, file, compression, statement) => {
  const kilobytes = statement.exec(await readFile(join(projectRoot, path), 'utf8'))?.[1];
  const compress = compression === 'gzip' ? gzipSync : brotliCompressSync;
  const { length } = compress(await readFile(join(projectRoot, 'dist', file)));
  expect(Math.abs(Number(kilobytes) - length / 1000), `${String(length)} bytes`).toBeLessThan(1);
});
