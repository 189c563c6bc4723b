import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import { withShortExports, withShortNames } from '../../scripts/short-names-inside.js';
import { findShortNames, type ShortNames } from '../../scripts/short-names.js';
import { engineBytesOf, engineText } from '../../src/engine/engine-text.js';
import { engineWasmText } from '../../src/generated/engine-wasm.js';

let names: ShortNames;

beforeAll(() => {
  names = findShortNames();
}, 120_000);

function exportsOf(wasm: Uint8Array<ArrayBuffer>): string[] {
  return WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name);
}

describe('short names', () => {
  it('has a name of its own for each property', () => {
    expect(names.size).toBeGreaterThan(100);
    expect(new Set(names.values()).size).toBe(names.size);
  });

  it('leaves alone what the API or the protocol says', async () => {
    for (const path of ['docs/api/index.api.md', 'docs/api/element.api.md', 'src/protocol/messages.ts']) {
      const words = (await readFile(join(projectRoot, path), 'utf8')).match(/\w+/g) ?? [];
      expect(words.filter((word) => names.has(word))).toEqual([]);
    }
  });

  it.each([
    ['the schema keywords, which are looked up by the keys of a schema', 'exclusiveMinimum'],
    ['the commands of a call, which are asked for by name', 'answerTool'],
    ['the exports that texts ask for', 'runSession'],
    ["browsers' names that the types of TypeScript do not have", 'createScriptURL'],
    ["browsers' methods that the sources declare themselves", 'setMicrophoneActive'],
    ["Lit's callbacks", 'hostConnected'],
    ['what a file shows that is loaded on demand, perhaps from another release', 'setLevels'],
  ])('leaves alone %s', (_, name) => {
    expect(names.has(name)).toBe(false);
  });

  it('shortens what threads say to each other, the same in every script', () => {
    const short = names.get('arrivedAtMs')!;
    expect(short.length).toBeLessThanOrEqual(2);
    expect(withShortNames('post({arrivedAtMs:1})')).toContain(`${short}:1`);
    expect(withShortNames('onmessage=({data:{arrivedAtMs:e}})=>e')).toContain(`${short}:e`);
  });

  it('gives the exports of the engine the names by which the worklet calls them', () => {
    const engine = engineBytesOf(engineWasmText);
    const expected = exportsOf(engine).map((name) => names.get(name) ?? name);
    expect(expected).toContain(names.get('captureInput'));
    expect(exportsOf(new Uint8Array(withShortExports(engine)))).toEqual(expected);
  });
});

describe('the text of the engine', () => {
  it('tells by its first character how to read it, whatever the shift', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const shift of [0, 34, 51]) expect(engineBytesOf(engineText(bytes, shift))).toEqual(bytes);
  });
});
