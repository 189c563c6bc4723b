/** The room program with a neutral room: only direct sound, no noise. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PulseAudio } from '../cross-browser/pulse-audio.js';
import { RoomProgram } from './room-program.js';
import type { RoomScript } from './room-process.js';

const SCRIPT: RoomScript = {
  room: {
    name: 'neutral',
    gainDb: 0,
    delayMs: 0,
    rt60Ms: 0,
    nonlinear: 0,
    noiseDb: -120,
    nearDb: -120,
    kind: 'ordinary',
  },
  seed: 1,
  seconds: 60,
  near: [],
  background: undefined,
};

export async function throughTheRoom<T>(fifo: string, pulse: PulseAudio, run: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'neutral-room-'));
  const file = join(folder, 'script.json');
  await writeFile(file, JSON.stringify(SCRIPT));
  const room = new RoomProgram(file, folder, pulse, fifo);
  try {
    await room.ready();
    return await run();
  } finally {
    room.kill();
    await rm(folder, { recursive: true });
  }
}
