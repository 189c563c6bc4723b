/**
 * Draws one onset of a recorded call: `npx tsx test/room/onset-svg.ts FOLDER INDEX FILE.svg`, with a folder that
 * `npm run room -- --keep` wrote. The room's clock is moved to the page's, so that the curves show what the worklet got.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RATE_HZ, thin } from './delays.js';
import { HOP_MS, traceDetector } from './detector-trace.js';
import { locate } from './fourier.js';
import { ROOM_RATE_HZ } from './room-model.js';
import { readSamples } from './sound-files.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [720, 300, 44, 34];
const [BEFORE_MS, SHOWN_MS, STEP_MS] = [300, 1_000, 10];
const [LOWEST_DB, HIGHEST_DB] = [-80, -10];
const MS = RATE_HZ / 1_000;

interface About {
  readonly rateHz: number;
  readonly onsets: readonly { readonly onsetMs: number }[];
}

const x = (ms: number) => LEFT + (ms * (WIDTH - LEFT - 10)) / SHOWN_MS;
const y = (db: number) => 10 + ((HIGHEST_DB - db) * (HEIGHT - BOTTOM - 10)) / (HIGHEST_DB - LOWEST_DB);

/** @param dbAt by the time that is shown, in steps of `STEP_MS` */
function curve(dbAt: (ms: number) => number, color: string, dash = ''): string {
  const points: string[] = [];
  for (let ms = 0; ms < SHOWN_MS; ms += STEP_MS) {
    const db = Math.max(LOWEST_DB, Math.min(HIGHEST_DB, dbAt(ms)));
    points.push(`${x(ms).toFixed(1)},${y(db).toFixed(1)}`);
  }
  const style = `stroke="${color}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}`;
  return `<polyline fill="none" ${style} points="${points.join(' ')}"/>`;
}

function rmsDb(samples: Float32Array, fromMs: number): (ms: number) => number {
  return (ms) => {
    const first = Math.round((fromMs + ms) * MS);
    const part = samples.subarray(first, first + 2 * STEP_MS * MS);
    return 10 * Math.log10(part.reduce((sum, value) => sum + value * value, 0) / part.length + 1e-12);
  };
}

function frame(): string {
  const rows = [-80, -60, -40, -20].map(
    (db) =>
      `<path d="M${LEFT} ${y(db)}H${WIDTH - 10}" stroke="#8884"/><text x="4" y="${y(db) + 4}">${db} dB</text>`,
  );
  const columns = [0, 200, 400, 600].map(
    (ms) => `<text x="${x(ms + BEFORE_MS) - 10}" y="${HEIGHT - 18}">${ms} ms</text>`,
  );
  const onset = `<path d="M${x(BEFORE_MS)} 10V${HEIGHT - BOTTOM}" stroke="#888" stroke-dasharray="4 3"/>`;
  return [...rows, ...columns, onset].join('\n');
}

async function main([folder = '', index = '0', file = '']: readonly string[]): Promise<void> {
  const { rateHz, onsets } = JSON.parse(await readFile(join(folder, 'about.json'), 'utf8')) as About;
  const read = (name: string) => readSamples(join(folder, `${name}.f32`));
  const near = thin(await read('near'), ROOM_RATE_HZ);
  const [microphone, speaker] = [await read('microphone'), await read('speaker')];
  const { onsetMs } = onsets[Number(index)]!;
  const first = Math.round(onsetMs * MS);
  const heard = thin(microphone, rateHz);
  const laterMs = (locate(heard, near.subarray(first, first + RATE_HZ)).at - first) / MS;
  const pageMs = onsetMs + laterMs - BEFORE_MS;
  const hops = await traceDetector(microphone, speaker, rateHz);
  // The last one that had ended by then.
  const hopAt = (ms: number) => hops[Math.floor((pageMs + ms) / HOP_MS) - 1];
  const decidedMs = Array.from({ length: SHOWN_MS / HOP_MS }, (_, i) => i * HOP_MS).find(
    (ms) => hopAt(ms)?.speaking,
  );
  const [green, blue, red] = ['#1a9e5c', '#2f55e0', '#c04a1f'];
  const curves = [
    { name: 'near voice', color: green, line: curve(rmsDb(near, onsetMs - BEFORE_MS), green) },
    {
      name: 'microphone after the canceller',
      color: blue,
      line: curve((ms) => hopAt(ms)?.levelDb ?? LOWEST_DB, blue),
    },
    {
      name: '- - its limit without a voice',
      color: blue,
      line: curve((ms) => hopAt(ms)?.limitDb ?? LOWEST_DB, blue, '2 4'),
    },
    { name: 'reply, as played', color: red, line: curve(rmsDb(thin(speaker, rateHz), pageMs), red) },
  ];
  const places = [0, 100, 310, 510];
  const legend = curves.map(
    ({ name, color }, i) =>
      `<text x="${LEFT + places[i]!}" y="${HEIGHT - 3}" style="fill:${color}">${name}</text>`,
  );
  const decision =
    decidedMs === undefined
      ? ''
      : `<path d="M${x(decidedMs)} 10V${HEIGHT - BOTTOM}" stroke="#888"/><text x="${x(decidedMs) + 4}" y="20">decision, ${decidedMs - BEFORE_MS} ms</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Levels around an onset">
<style>text{font:12px sans-serif;fill:#777}</style>
${[frame(), decision, ...curves.map(({ line }) => line), ...legend].join('\n')}
</svg>
`;
  await writeFile(file, svg);
}

await main(process.argv.slice(2));
