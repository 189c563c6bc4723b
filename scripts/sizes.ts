/** Prints the size of each file of the build, and of each directory of the sources within `voice-agent.js`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';

/** The budget of `voice-agent.js`, brotli-compressed. */
const ELEMENT_BUDGET_BYTES = 50_000;

/** Groups of sources, by their names in the source map. */
const GROUPS: readonly (readonly [group: string, sources: RegExp])[] = [
  ['engine', /src\/(generated\/engine-wasm|engine\/)/],
  ['worklet', /src\/generated\/voice-processor/],
  ['session worker', /src\/generated\/session-worker/],
  ['client', /src\//],
  ['components', /components\//],
  ['lit', /node_modules\/(@lit|lit)/],
];

/** @param dist folder of the build */
export async function reportSizes(dist: string): Promise<void> {
  const files = (await readdir(dist, { recursive: true })).filter(
    (file) => /^(strict[\\/])?[\w-]+\.(js|wasm)$/.test(file) && !file.startsWith('shared-'),
  );
  const rows = await Promise.all(
    files.sort().map(async (file) => {
      const content = await readFile(join(dist, file));
      return row(file, [content.length, gzipSync(content, { level: 9 }).length, brotli(content)]);
    }),
  );
  const element = await readFile(join(dist, 'voice-agent.js'), 'utf8');
  const pieces = piecesOf(element, await readFile(join(dist, 'voice-agent.js.map'), 'utf8'));
  const total = brotli(element);
  const groups = [...GROUPS.map(([group]) => group), 'other'].map((group) => {
    const [code = '', rest = ''] = [true, false].map((isOfGroup) =>
      pieces.map((piece) => ((piece.group === group) === isOfGroup ? piece.text : '')).join(''),
    );
    return row(group, [code.length, '', total - brotli(rest)]);
  });
  const verdict = `voice-agent.js is ${total <= ELEMENT_BUDGET_BYTES ? 'within' : 'OVER'} its budget`;
  console.log(
    [
      row('dist/', ['raw', 'gzip', 'brotli']),
      ...rows,
      '\nIn voice-agent.js (brotli: what the file would be smaller without it)',
      ...groups,
      `\n${verdict}: ${String(total)} of ${String(ELEMENT_BUDGET_BYTES)} bytes (brotli).`,
    ].join('\n'),
  );
}

function brotli(content: string | Uint8Array): number {
  return brotliCompressSync(content).length;
}

function row(name: string, columns: readonly (string | number)[]): string {
  return name.padEnd(30) + columns.map((column) => String(column).padStart(9)).join('');
}

/** The file, cut where another source begins. */
function piecesOf(file: string, map: string): { readonly group: string; readonly text: string }[] {
  const lines = file.split('\n');
  const starts = lines.map((_, line) =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0),
  );
  const marks = [{ at: 0, group: 'other' }];
  eachMapping(new TraceMap(map), ({ generatedLine, generatedColumn, source }) => {
    const [group = 'other'] = GROUPS.find(([, sources]) => sources.test(source ?? '')) ?? [];
    marks.push({ at: starts[generatedLine - 1]! + generatedColumn, group });
  });
  return marks.map(({ at, group }, index) => {
    const text = file.slice(at, marks[index + 1]?.at);
    // The minifier has moved the worklet's text into the one place that uses it.
    return { group: text.includes('AudioWorkletProcessor') ? 'worklet' : group, text };
  });
}
