/**
 * The room in real time, as a separate process. The output of PulseAudio's loudspeaker reaches its microphone as it would
 * in a room, together with the near voice and other sounds. The browser's canceller is between that microphone and the
 * page, as usual.
 *
 * usage: room-process.ts SCRIPT.json FOLDER FIFO. Time begins with a line on stdin; then it prints `began <epoch ms>`.
 * Writes FOLDER/loudspeaker.f32 and FOLDER/near.f32, on one clock at 48 kHz: the played audio, and the near voice alone
 * at the microphone.
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK_FRAMES, ROOM_RATE_HZ, RoomModel } from './room-model.js';
import type { Room } from './rooms.js';

export interface NearClip {
  readonly file: string;
  readonly atSeconds: number;
  readonly levelDb: number;
}

export interface RoomScript {
  readonly room: Room;
  readonly seed: number;
  readonly seconds: number;
  readonly near: readonly NearClip[];
  readonly background: string | undefined;
}

const BLOCK_BYTES = BLOCK_FRAMES * 4;
/** Blocks that the sound server delivers in one burst arrive within this time. */
const BURST_MS = 6;
/** Rate of the sound files. */
const FILE_LEVEL_DB = -20;
const MICROPHONE_FORMAT = ['--format=float32le', `--rate=${ROOM_RATE_HZ}`, '--channels=1', '--raw'];

function samplesOf(path: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
}

function nearTrack({ near, seconds }: RoomScript): Float32Array {
  const track = new Float32Array((seconds + 1) * ROOM_RATE_HZ);
  for (const { file, atSeconds, levelDb } of near) {
    const gain = 10 ** ((levelDb - FILE_LEVEL_DB) / 20);
    const first = Math.round(atSeconds * ROOM_RATE_HZ);
    for (const [i, x] of samplesOf(file).entries()) {
      if (first + i < track.length) track[first + i]! += x * gain;
    }
  }
  return track;
}

/** Writes to the pipe of PulseAudio’s module-pipe-source. */
class PipeMicrophone {
  readonly #pipe: number;
  readonly #unread = Buffer.alloc(65_536);
  #writtenAtMs = 0;

  constructor(path: string) {
    this.#pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /**
   * Removes audio that was not read for longer than a burst lasts, so that it does not delay the rest.
   * @returns whether there was any
   */
  write(block: Float32Array): boolean {
    const nowMs = performance.now();
    const isLate = nowMs - this.#writtenAtMs > BURST_MS && this.#takeBack();
    this.#writtenAtMs = nowMs;
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    return !unlessFull(() => writeSync(this.#pipe, bytes)) || isLate;
  }

  close(): void {
    closeSync(this.#pipe);
  }

  #takeBack(): boolean {
    return unlessFull(() => readSync(this.#pipe, this.#unread));
  }
}

/** Reads or writes the pipe. @returns false if it is empty or full */
function unlessFull(act: () => number): boolean {
  try {
    return act() > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}

class LiveRoom {
  readonly #script: RoomScript;
  readonly #folder: string;
  readonly #microphone: PipeMicrophone;
  readonly #model: RoomModel;
  readonly #near: Float32Array;
  readonly #loudspeaker: Float32Array;
  #blocks = -1;
  #lost = 0;

  constructor(script: RoomScript, folder: string, pipe: string) {
    this.#script = script;
    this.#folder = folder;
    this.#microphone = new PipeMicrophone(pipe);
    const background = script.background ? samplesOf(script.background) : new Float32Array(0);
    this.#model = new RoomModel(script.room, background, script.seed);
    this.#near = nearTrack(script);
    this.#loudspeaker = new Float32Array(script.seconds * ROOM_RATE_HZ);
  }

  begin(): void {
    this.#blocks = 0;
    console.log(`began ${Date.now()}`);
  }

  /** @returns false at the end. */
  hear(block: Float32Array): boolean {
    const first = Math.max(0, this.#blocks) * BLOCK_FRAMES;
    const isOn = this.#blocks >= 0;
    const near = isOn ? this.#near.subarray(first, first + BLOCK_FRAMES) : new Float32Array(BLOCK_FRAMES);
    const isLate = this.#microphone.write(this.#model.process(block, near));
    if (!isOn) return true;
    if (isLate) this.#lost++;
    this.#loudspeaker.set(block, first);
    this.#blocks++;
    return (this.#blocks + 1) * BLOCK_FRAMES <= this.#loudspeaker.length;
  }

  end(): void {
    this.#microphone.close();
    const near = this.#near.subarray(0, this.#loudspeaker.length);
    for (const [name, samples] of Object.entries({ loudspeaker: this.#loudspeaker, near })) {
      const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
      writeFileSync(join(this.#folder, `${name}.f32`), bytes);
    }
    console.log(`lost ${this.#lost} of ${this.#script.seconds * 100} blocks`);
  }
}

function main([scriptPath = '', folder = '', pipe = '']: readonly string[]): void {
  const room = new LiveRoom(JSON.parse(readFileSync(scriptPath, 'utf8')) as RoomScript, folder, pipe);
  const source = spawn('parec', [
    '-d',
    'speaker.monitor',
    '--latency-msec=5',
    '--process-time-msec=5',
    ...MICROPHONE_FORMAT,
  ]);
  let rest: Buffer = Buffer.alloc(0);
  source.stdout.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (; rest.length >= BLOCK_BYTES; rest = rest.subarray(BLOCK_BYTES)) {
      const block = new Float32Array(Uint8Array.from(rest.subarray(0, BLOCK_BYTES)).buffer);
      if (room.hear(block)) continue;
      room.end();
      source.kill();
      process.exit(0);
    }
  });
  process.stdin.once('data', () => room.begin());
  console.log('ready');
}

if (process.argv[1]?.endsWith('room-process.ts')) main(process.argv.slice(2));
