/** dist/integrity.json: the hash of every file that a browser may load, for `integrity` in script tags and import maps. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** As the attribute `integrity` takes it. */
export function integrityOf(content: Uint8Array): string {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}

/** @param dist folder of the build */
export async function writeIntegrity(dist: string): Promise<void> {
  const files = (await readdir(dist, { recursive: true }))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => /\.(js|css|wasm)$/.test(file))
    .sort();
  const hashes = await Promise.all(
    files.map(async (file) => [file, integrityOf(await readFile(join(dist, file)))]),
  );
  await writeFile(join(dist, 'integrity.json'), `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
}
