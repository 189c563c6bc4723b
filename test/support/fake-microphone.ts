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
 * Chromium's fake microphone repeats the last buffer of a file that has ended for as long as it is open: silence at the
 * end makes it repeat silence.
 */
const TAIL_MS = 2_000;

/**
 * What a fake microphone hears: sounds at given times, silence between and after them. Sounds that overlap are added.
 *
 * @throws Error when a sound has another rate than the first.
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

/** The least that 16 bits can hold: −90 dB, well below what any test or detector takes for sound. */
const ROOM_TONE = 1 / 32_768;

/** As a real room: its silence is never all zeros, which would be a switched-off microphone. */
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
