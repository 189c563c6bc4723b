import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** 1 January 1980, the earliest: the same files always give the same archive. */
const DATE = 0x0021;
const DEFLATED = 8;
/** Version 2.0, made on Unix, so that the mode of a file counts. */
const VERSION = 20;
const MADE_ON_UNIX = 3 << 8;
const FILE_MODE = 0o100_644;
const UTF8_NAMES = 1 << 11;

/** Numbers of 2 and 4 bytes, little-endian. */
function bytes(...fields: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const field = Buffer.alloc(size);
      field.writeUIntLE(value, 0, size);
      return field;
    }),
  );
}

/**
 * The files of a folder as a zip archive, without the program `zip`, which many machines lack.
 *
 * @param folder is left out of the names
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function zipFolder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const path of paths.sort()) {
    const name = Buffer.from(path.slice(folder.length + 1).replaceAll(sep, '/'));
    const content = await readFile(path);
    const data = deflateRawSync(content, { level: 9 });
    // The fields that an entry and its line in the directory share: from the version to the length of the name.
    const shared = Buffer.concat([
      bytes([2, VERSION], [2, UTF8_NAMES], [2, DEFLATED], [2, 0], [2, DATE], [4, crc32(content)]),
      bytes([4, data.length], [4, content.length], [2, name.length], [2, 0]),
    ]);
    const file = Buffer.concat([bytes([4, 0x04034b50]), shared, name, data]);
    files.push(file);
    directory.push(
      Buffer.concat([
        bytes([4, 0x02014b50], [2, MADE_ON_UNIX | VERSION]),
        shared,
        bytes([2, 0], [2, 0], [2, 0], [4, FILE_MODE * 0x1_0000], [4, offset]),
        name,
      ]),
    );
    offset += file.length;
  }
  const listing = Buffer.concat(directory);
  const end = bytes(
    ...([
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, files.length],
      [2, files.length],
    ] as const),
    ...([
      [4, listing.length],
      [4, offset],
      [2, 0],
    ] as const),
  );
  return Buffer.concat([...files, listing, end]);
}
