/** Gives what is built the short names of short-names.ts: the bundle, the scripts inside it and the engine's exports. */
import { minifySync, type Plugin } from 'vite';
import { engineBytesOf, engineText } from '../src/engine/engine-text.js';
import { findShortNames } from './short-names.js';

interface MangledProperties {
  readonly include: RegExp;
  readonly cache: Record<string, string>;
}

/** For the minifier: these names and no others. */
export function shortProperties(): MangledProperties {
  const names = findShortNames();
  const listed = [...names.keys()].map((name) => name.replaceAll('$', '\\$')).join('|');
  return { include: new RegExp(`^(?:${listed})$`), cache: Object.fromEntries(names) };
}

/** @param script one that is minified already. */
export function withShortNames(script: string): string {
  const { code, errors } = minifySync('script.js', script, {
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: true },
    mangleProps: shortProperties(),
  });
  if (errors.length > 0) throw new Error(errors[0]!.message);
  return code;
}

/** The generated texts of a bundle; the strict build takes its files from here, too. */
export function shortenedText(name: string, text: string): string {
  return name.endsWith('EngineText') || name === 'engineWasmText'
    ? engineText(withShortExports(engineBytesOf(text)))
    : withShortNames(text);
}

export function shortNamesInside(): Plugin {
  return {
    name: 'short-names-inside',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/generated/')) return null;
      const shortened = code.replace(
        /export const (\w+): string = (".*");/,
        (_, name: string, text: string) =>
          `export const ${name}: string = ${JSON.stringify(shortenedText(name, JSON.parse(text) as string))};`,
      );
      return { code: shortened, map: null };
    },
  };
}

const HEADER_BYTES = 8;
const EXPORT_SECTION = 7;

/** WebAssembly with its exports renamed: sections are a number, a length and as many bytes. */
export function withShortExports(wasm: Uint8Array): Uint8Array {
  const sections: number[] = [...wasm.subarray(0, HEADER_BYTES)];
  const reader = new Reader(wasm, HEADER_BYTES);
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.bytes(reader.unsigned());
    const renamed = id === EXPORT_SECTION ? renamedExports(content) : [...content];
    sections.push(id, ...unsigned(renamed.length), ...renamed);
  }
  return Uint8Array.from(sections);
}

/** Each export is a name, a kind and an index. */
function renamedExports(content: Uint8Array): number[] {
  const names = findShortNames();
  const reader = new Reader(content);
  const count = reader.unsigned();
  const exports = unsigned(count);
  for (let index = 0; index < count; index++) {
    const name = new TextDecoder().decode(reader.bytes(reader.unsigned()));
    const short = new TextEncoder().encode(names.get(name) ?? name);
    exports.push(...unsigned(short.length), ...short, reader.byte(), ...unsigned(reader.unsigned()));
  }
  return exports;
}

class Reader {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#position++]!;
  }

  bytes(count: number): Uint8Array {
    return this.#bytes.subarray(this.#position, (this.#position += count));
  }

  /** LEB128: seven bits a byte, the lowest first. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
