/** A busy page: the audio, sample by sample. `npm run measure` measures the lateness of its messages. */
import { expect, test } from '@playwright/test';
import { blockPage, holdPage, readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall, untilOutputIsSteady } from '../support/open-call.js';
import type { Speech } from '../support/scripted-call.js';
import { findGaps, soundMs } from '../support/sound-level.js';
import {
  frameAtEpochMs,
  readLatestSpeaker,
  untilAudible,
  type SpeakerRecording,
} from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { findToneFaults } from '../support/whole-tone.js';

/** `BUSY_SECONDS=60 npx playwright test busy-page` sets the length. */
const BUSY_SECONDS = Number(process.env['BUSY_SECONDS'] ?? 4);

/** Audio buffered ahead of time. Less than the page is blocked, so the page must not be needed. */
const AHEAD_MS = 500;
const HELD_PACKETS = 40;

const tone = (durationMs: number) =>
  makeTone({ frequencyHz: 440, durationMs, amplitude: 0.5, rateHz: 24_000 });

/**
 * Every sample was heard, once and in order: a sine of the right length. It pauses only where the engine reports that
 * nothing had arrived, because of the network or the machine.
 */
function expectWhole(recording: SpeakerRecording, speech: Speech, underruns: number): void {
  const { rateHz, samples } = speech.reply.sound;
  const sentMs = (samples.length / rateHz) * 1000;
  const heardMs = soundMs(recording, 2);
  const gaps = findGaps(recording, { minGapMs: 2 });
  console.log(`heard ${heardMs.toFixed(1)} of ${sentMs} ms, ${gaps.length} gaps, ${underruns} underruns`);
  const faults = findToneFaults(recording, 440, 0.5);
  expect(faults.breaksMs.length, `breaks at ${faults.breaksMs.join(' ')} ms`).toBeLessThanOrEqual(underruns);
  expect(Math.abs(heardMs - sentMs), 'length of the sound').toBeLessThan(5 + 10 * gaps.length);
  expect(faults.impureMs, 'impure places, ms into the recording').toEqual([]);
  expect(faults.step, 'largest step, of that of the tone').toBeLessThan(1.3);
}

test('while a page is blocked, audio continues in both directions without loss', async () => {
  await using opened = await openCall();
  const { page, call, web } = opened;
  await untilOutputIsSteady(call);
  const speech = call.say({ replyId: 'reply-1', sound: tone(5_000), aheadMs: AHEAD_MS });
  await waitForState(page, 'speaking');
  await untilAudible(page, 500);
  const { release } = await holdPage(page, web);
  const already = call.packets.length;
  await call.until('sound from a blocked page', () => call.packets.length >= already + HELD_PACKETS);
  const { fromEpochMs, toEpochMs } = await release();
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const stats = await waitForEvents(page, 'stats', (await readEvents(page, 'stats')).length + 1);
  const recording = await readLatestSpeaker(page);
  const [from, to] = [frameAtEpochMs(recording, fromEpochMs), frameAtEpochMs(recording, toEpochMs)];
  const during = { rateHz: recording.rateHz, samples: recording.samples.subarray(from, to) };
  expect(soundMs(during), 'more than what had arrived before').toBeGreaterThan(AHEAD_MS + 500);
  expectWhole(recording, speech, stats.at(-1)!.detail.underruns);
});

test('a page that is busy for 200 ms of every second loses no audio', async () => {
  test.setTimeout(60_000 + BUSY_SECONDS * 6_000);
  await using opened = await openCall();
  const { page, call } = opened;
  await untilOutputIsSteady(call);
  const sound = tone((BUSY_SECONDS + 1) * 1_000);
  const speech = call.say({ replyId: 'reply-1', sound, aheadMs: AHEAD_MS });
  await waitForState(page, 'speaking');
  const startEpochMs = Date.now();
  for (let second = 0; second < BUSY_SECONDS; second += 1) {
    await blockPage(page, startEpochMs + second * 1_000 + 500, 200);
  }
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const stats = await waitForEvents(page, 'stats', (await readEvents(page, 'stats')).length + 1);
  expectWhole(await readLatestSpeaker(page), speech, stats.at(-1)!.detail.underruns);
});

test('a muted microphone continues to send, and sends silence', async () => {
  const loud = makeTone({ frequencyHz: 300, durationMs: 8_000, amplitude: 0.5, rateHz: 48_000 });
  await using opened = await openCall({ microphone: [{ atMs: 0, sound: loud }], attributes: { muted: '' } });
  const { call } = opened;
  const input = await call.inputOfAtLeast(1_000);
  expect(input.samples.every((sample) => sample === 0)).toBe(true);
});
