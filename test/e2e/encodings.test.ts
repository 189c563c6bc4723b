import { expect, test } from '@playwright/test';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import { firstRows } from '../support/sample.js';
import { findStretches } from '../support/sound-level.js';
import { frameAtEpochMs, readLatestSpeaker } from '../support/speaker-recorder.js';
import { measureTone, type ToneFit } from '../support/tone-fit.js';
import { makeTone, slice } from '../support/tones.js';
import type { Sound } from '../support/wav.js';

/** Tolerance of a tone's pitch, for the device's clock and the resampler. */
const PITCH_TOLERANCE = 0.001;
/** SNR of a tone of half scale in each encoding, less a margin. */
const MIN_SNR_DB: Readonly<Record<AudioEncoding, number>> = {
  'audio/pcm': 75,
  'audio/pcmu': 33,
  'audio/pcma': 33,
};
const SAID_HZ = 620;
const REPLY_HZ = 810;

/** Every encoding in each direction, same and mixed. */
const PAIRS: readonly (readonly [AudioEncoding, AudioEncoding])[] = [
  ['audio/pcm', 'audio/pcmu'],
  ['audio/pcmu', 'audio/pcma'],
  ['audio/pcma', 'audio/pcm'],
  ['audio/pcm', 'audio/pcm'],
  ['audio/pcmu', 'audio/pcmu'],
  ['audio/pcma', 'audio/pcma'],
];

/** Distance from the ends of a stretch, without ramps and the ringing of filters. */
const EDGE_MS = 100;
/** A tone of this length is measured to a hundredth of the tolerances. */
const MEASURED_MS = 600;

/**
 * A piece of the tone without gaps; `undefined` while there is none. Chromium's fake microphone inserts a buffer of
 * silence (10 ms) if it is not served in time, and continues where it was. A fit across that finds two tones of
 * different phase, which look like one that is too quiet.
 */
function findTone(sound: Sound): Sound | undefined {
  const whole = findStretches(sound, { minGapMs: 2, threshold: 0.05 }).find(
    ({ startMs, endMs }) => endMs - startMs >= MEASURED_MS + 2 * EDGE_MS,
  );
  return whole && slice(sound, whole.startMs + EDGE_MS, whole.startMs + EDGE_MS + MEASURED_MS);
}

function expectTone(fit: ToneFit, frequencyHz: number, amplitude: number, minSnrDb: number): void {
  expect(Math.abs(fit.frequencyHz / frequencyHz - 1), 'pitch').toBeLessThan(PITCH_TOLERANCE);
  expect(Math.abs(fit.amplitude / amplitude - 1), 'level').toBeLessThan(0.03);
  expect(fit.snrDb, 'purity').toBeGreaterThan(minSnrDb);
}

function describe({ frequencyHz, amplitude, snrDb }: ToneFit): string {
  return `${frequencyHz.toFixed(3)} Hz, amplitude ${amplitude.toFixed(4)}, ${snrDb.toFixed(1)} dB`;
}

for (const [index, [input, output]] of PAIRS.entries()) {
  test(
    `a tone keeps its pitch, level and SNR with ${input} in and ${output} out`,
    firstRows(3, index),
    async () => {
      const said = makeTone({ frequencyHz: SAID_HZ, durationMs: 30_000, amplitude: 0.4, rateHz: 48_000 });
      await using opened = await openCall({
        microphone: [{ atMs: 0, sound: said }],
        withoutEchoCancellation: true,
        // A tone that the fake microphone interrupts would begin again as speech, and duck the reply.
        attributes: { 'input-encoding': input, 'output-encoding': output, 'barge-in': 'server' },
      });
      const { page, call } = opened;
      expect([call.inputEncoding, call.outputEncoding]).toEqual([input, output]);

      const heard = await call.until('an unbroken tone', () => findTone(call.input()));
      const saidFit = measureTone(heard, SAID_HZ, 10);
      console.log(`${input} → server: ${describe(saidFit)}`);
      expectTone(saidFit, SAID_HZ, 0.4, MIN_SNR_DB[input]);

      const startedAtEpochMs = Date.now();
      const { rateHz } = AUDIO_ENCODINGS[output];
      const sound = makeTone({ frequencyHz: REPLY_HZ, durationMs: 1_500, amplitude: 0.5, rateHz });
      await call.say({ replyId: 'reply-1', sound, aheadMs: 1_500 }).finished;
      await waitForEvents(page, 'reply-end');
      await waitForState(page, 'listening');
      const recording = await readLatestSpeaker(page);
      const from = frameAtEpochMs(recording, startedAtEpochMs);
      const played = { rateHz: recording.rateHz, samples: recording.samples.subarray(from) };
      const playedTone = findTone(played);
      expect(playedTone, 'an unbroken reply').toBeDefined();
      const playedFit = measureTone(playedTone!, REPLY_HZ, 10);
      console.log(`server → ${output}: ${describe(playedFit)}`);
      expectTone(playedFit, REPLY_HZ, 0.5, MIN_SNR_DB[output]);
    },
  );
}
