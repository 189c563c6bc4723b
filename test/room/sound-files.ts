/** Sound files as samples at the rate of the room, decoded by ffmpeg. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ROOM_RATE_HZ } from './room-model.js';

const run = promisify(execFile);
const MAX_BYTES = 200_000_000;
const BLOCK_FRAMES = ROOM_RATE_HZ / 100;

export async function decodeFile(path: string): Promise<Float32Array> {
  const kind = path.endsWith('.g722') ? ['-f', 'g722'] : [];
  const output = ['-ac', '1', '-ar', String(ROOM_RATE_HZ), '-f', 'f32le', '-'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...kind, '-i', path, ...output], {
    encoding: 'buffer',
    maxBuffer: MAX_BYTES,
  });
  return floats(stdout);
}

/** Raw samples, native floats. */
export async function readSamples(path: string): Promise<Float32Array> {
  return floats(await readFile(path));
}

export async function writeSamples(path: string, samples: Float32Array): Promise<void> {
  await writeFile(path, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Level of every 10 ms, dBFS. */
export function levelsDb(samples: Float32Array): number[] {
  const count = Math.floor(samples.length / BLOCK_FRAMES);
  return Array.from({ length: count }, (_, i) => {
    const block = samples.subarray(i * BLOCK_FRAMES, (i + 1) * BLOCK_FRAMES);
    return 10 * Math.log10(block.reduce((sum, x) => sum + x * x, 0) / BLOCK_FRAMES + 1e-12);
  });
}

/** From the first to the last 10 ms within 35 dB of the loudest. */
export function trim(samples: Float32Array): Float32Array {
  const levels = levelsDb(samples);
  const most = Math.max(...levels);
  const loud = (level: number) => level > most - 35;
  const [first, last] = [levels.findIndex(loud), levels.findLastIndex(loud)];
  return samples.slice(first * BLOCK_FRAMES, (last + 1) * BLOCK_FRAMES);
}

/** Normalizes the level to −20 dBFS, over all 10 ms within 25 dB of the loudest. */
export function level(samples: Float32Array): Float32Array {
  const levels = levelsDb(samples);
  const most = Math.max(...levels);
  const powers = levels.filter((db) => db > most - 25).map((db) => 10 ** (db / 10));
  const rms = Math.sqrt(powers.reduce((sum, power) => sum + power, 0) / powers.length);
  return samples.map((x) => (x * 0.1) / rms);
}

/** Speech has syllables and pauses. Noise and modem signals, which such collections also contain, have a steady level. */
export function isModulated(samples: Float32Array): boolean {
  const levels = levelsDb(samples).sort((a, b) => a - b);
  return levels[Math.floor(levels.length * 0.95)]! - levels[Math.floor(levels.length * 0.1)]! > 12;
}

/** Splits connected speech at pauses of 200 ms, at the latest after 3.8 s. */
export function cutAtPauses(samples: Float32Array): Float32Array[] {
  const levels = levelsDb(samples);
  const usual = levels.toSorted((a, b) => a - b)[Math.floor(levels.length * 0.95)] ?? 0;
  const clips: Float32Array[] = [];
  let first = 0;
  let quiet = 0;
  for (const [i, db] of levels.entries()) {
    quiet = db < usual - 25 ? quiet + 1 : 0;
    const isPause = quiet >= 20 && i - first > 120;
    if (!isPause && i - first <= 380 && i < levels.length - 1) continue;
    clips.push(trim(samples.slice(first * BLOCK_FRAMES, i * BLOCK_FRAMES)));
    first = i;
  }
  return clips;
}
