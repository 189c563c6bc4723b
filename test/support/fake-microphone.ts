import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav, type Sound } from './wav.js';

export interface MicrophoneEvent {
  /** Start, from the beginning of the track. */
  readonly atMs: number;
  readonly sound: Sound;
}

/**
 * After the end of its file, Chromium's fake microphone repeats the last buffer. With silence at the end, it repeats
 * silence.
 */
const TAIL_MS = 2_000;

/**
 * The audio of a fake microphone: sounds at given times, with silence between and after them. Overlapping sounds are added.
 *
 * @throws Error if the sounds have different rates
 */
export function scheduleMicrophone(events: readonly MicrophoneEvent[]): Sound {
  const rateHz = events[0]?.sound.rateHz ?? 48_000;
  const endMs = (event: MicrophoneEvent) => event.atMs + (event.sound.samples.length / rateHz) * 1000;
  const durationMs = Math.max(0, ...events.map(endMs)) + TAIL_MS;
  const samples = new Float32Array(Math.ceil((durationMs / 1000) * rateHz));
  for (const { atMs, sound } of events) {
    if (sound.rateHz !== rateHz) throw new Error('All sounds of one microphone must have one rate.');
    const start = Math.round((atMs / 1000) * rateHz);
    for (const [index, sample] of sound.samples.entries()) samples[start + index]! += sample;
  }
  return { rateHz, samples };
}

export interface MicrophoneFile extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
}

/** The smallest value of 16 bits: −90 dB, well below the thresholds of all tests and detectors. */
const ROOM_TONE = 1 / 32_768;

/** The silence of a real room. Pure zeros would mean that the microphone is switched off. */
function withRoomTone({ rateHz, samples }: Sound): Sound {
  return {
    rateHz,
    samples: samples.map((sample, index) =>
      sample === 0 ? (index % 7 < 3 ? ROOM_TONE : -ROOM_TONE) : sample,
    ),
  };
}

/** The sound as a file for `launchChromium`, deleted when disposed of. */
export async function writeMicrophoneFile(sound: Sound): Promise<MicrophoneFile> {
  const folder = await mkdtemp(join(tmpdir(), 'microphone-'));
  const path = join(folder, 'microphone.wav');
  await writeFile(path, encodeWav(withRoomTone(sound)));
  return { path, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
