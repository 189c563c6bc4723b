/**
 * Draws one onset of a recorded call: `npx tsx test/room/onset-svg.ts FOLDER INDEX FILE.svg`, with a folder that
 * `npm run room -- --keep` wrote. The room's clock is moved to the page's, so that the curves show what the worklet got.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RATE_HZ, thin } from './delays.js';
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

function curve(samples: Float32Array, fromMs: number, color: string): string {
  const points: string[] = [];
  for (let ms = 0; ms < SHOWN_MS; ms += STEP_MS) {
    const first = Math.round((fromMs + ms) * MS);
    const part = samples.subarray(first, first + 2 * STEP_MS * MS);
    const db = 10 * Math.log10(part.reduce((sum, value) => sum + value * value, 0) / part.length + 1e-12);
    points.push(`${x(ms).toFixed(1)},${y(Math.max(LOWEST_DB, Math.min(HIGHEST_DB, db))).toFixed(1)}`);
  }
  return `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points.join(' ')}"/>`;
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
  const read = async (name: string, rate: number) =>
    thin(await readSamples(join(folder, `${name}.f32`)), rate);
  const near = await read('near', ROOM_RATE_HZ);
  const microphone = await read('microphone', rateHz);
  const onsetMs = onsets[Number(index)]!.onsetMs;
  const first = Math.round(onsetMs * MS);
  const laterMs = (locate(microphone, near.subarray(first, first + RATE_HZ)).at - first) / MS;
  const pageMs = onsetMs + laterMs - BEFORE_MS;
  const curves = [
    { name: 'near voice in the room', color: '#1a9e5c', line: curve(near, onsetMs - BEFORE_MS, '#1a9e5c') },
    { name: 'microphone after the canceller', color: '#2f55e0', line: curve(microphone, pageMs, '#2f55e0') },
    {
      ...{ name: 'reply, as played', color: '#c04a1f' },
      line: curve(await read('speaker', rateHz), pageMs, '#c04a1f'),
    },
  ];
  const legend = curves.map(
    ({ name, color }, i) =>
      `<text x="${LEFT + i * 210}" y="${HEIGHT - 3}" style="fill:${color}">${name}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Levels around an onset">
<style>text{font:12px sans-serif;fill:#777}</style>
${[frame(), ...curves.map(({ line }) => line), ...legend].join('\n')}
</svg>
`;
  await writeFile(file, svg);
}

await main(process.argv.slice(2));
