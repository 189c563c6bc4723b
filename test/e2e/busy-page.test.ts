import { expect, test } from '@playwright/test';
import { blockPage, waitForEvents, waitForState, type Block } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import type { Packet, ScriptedCall } from '../support/scripted-call.js';
import { findGaps, firstAudibleFrame, lastAudibleFrame } from '../support/sound-level.js';
import { readLatestSpeaker, type SpeakerRecording } from '../support/speaker-recorder.js';
import { fitTone, measureTone } from '../support/tone-fit.js';
import { makeTone } from '../support/tones.js';
import type { Sound } from '../support/wav.js';

/** A message to the server comes no later than this after it is due. */
const LATENESS_LIMIT_MS = 40;

/** The largest lateness against a steady pace, whose phase is that of the earliest message. */
function worstLatenessMs(call: ScriptedCall, packets: readonly Packet[]): number {
  const bytesPerMs = call.inputEncoding === 'audio/pcm' ? 48 : 8;
  let sentMs = 0;
  const offsets = packets.map(({ atEpochMs, bytes }) => {
    sentMs += bytes.length / bytesPerMs;
    return atEpochMs - sentMs;
  });
  return Math.max(...offsets) - Math.min(...offsets);
}

/** Every sample was heard, once and in order: one tone without a gap whose phase never jumps. */
function expectWhole(recording: SpeakerRecording, tone: { frequencyHz: number; durationMs: number }): void {
  const first = firstAudibleFrame(recording.samples);
  const last = lastAudibleFrame(recording.samples);
  const heard: Sound = {
    rateHz: recording.rateHz,
    samples: recording.samples.subarray(first, last + 1),
  };
  expect(findGaps(heard, { minGapMs: 2 })).toEqual([]);
  const heardMs = (heard.samples.length / heard.rateHz) * 1000;
  console.log(`heard ${heardMs.toFixed(1)} of ${tone.durationMs} ms`);
  expect(Math.abs(heardMs - tone.durationMs), 'length of the sound').toBeLessThan(5);
  const middle = heard.samples.subarray(500, -500);
  const fit = measureTone({ rateHz: heard.rateHz, samples: middle }, tone.frequencyHz, 1);
  console.log(`tone ${fit.frequencyHz.toFixed(3)} Hz, ${fit.snrDb.toFixed(1)} dB`);
  expect(fit.snrDb, 'one unbroken sine').toBeGreaterThan(40);
  // The sum over the whole could hide a short fault; each tenth of a second is looked at, too.
  const windowFrames = Math.round(heard.rateHz / 10);
  for (let start = 0; start + windowFrames <= middle.length; start += windowFrames) {
    const samples = middle.subarray(start, start + windowFrames);
    const part = fitTone({ rateHz: heard.rateHz, samples }, fit.frequencyHz);
    expect(part.snrDb, `${((start / heard.rateHz) * 1000).toFixed(0)} ms into the tone`).toBeGreaterThan(40);
  }
}

test('a page blocked for 500 ms in mid-reply loses no sound and delays no message', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const tone = { frequencyHz: 440, durationMs: 3_000 };
  const sound = makeTone({ ...tone, amplitude: 0.5, rateHz: 24_000 });
  const speech = call.say({ replyId: 'reply-1', sound });
  await waitForState(page, 'speaking');
  const block = await blockPage(page, Date.now() + 800, 500);
  expect(block.toEpochMs - block.fromEpochMs).toBeGreaterThanOrEqual(500);
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const recording = await readLatestSpeaker(page);
  const packets = call.packets.filter(
    ({ atEpochMs }) => atEpochMs > block.fromEpochMs - 1_000 && atEpochMs < block.toEpochMs + 1_000,
  );
  expect(packets.length, 'messages around the block').toBeGreaterThan(40);
  const latenessMs = worstLatenessMs(call, packets);
  console.log(`worst lateness of a message ${latenessMs.toFixed(1)} ms`);
  expect(latenessMs).toBeLessThanOrEqual(LATENESS_LIMIT_MS);
  expectWhole(recording, tone);
});

test('a page that is busy for 200 ms of every second loses no sound and delays no message', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const tone = { frequencyHz: 440, durationMs: 10_000 };
  const sound = makeTone({ ...tone, amplitude: 0.5, rateHz: 24_000 });
  const speech = call.say({ replyId: 'reply-1', sound });
  await waitForState(page, 'speaking');
  const startEpochMs = Date.now();
  const blocks: Block[] = [];
  for (let second = 0; second < 9; second += 1) {
    blocks.push(await blockPage(page, startEpochMs + second * 1_000 + 500, 200));
  }
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const recording = await readLatestSpeaker(page);
  const packets = call.packets.filter(
    ({ atEpochMs }) => atEpochMs > startEpochMs && atEpochMs < blocks.at(-1)!.toEpochMs,
  );
  const latenessMs = worstLatenessMs(call, packets);
  console.log(`worst lateness of a message ${latenessMs.toFixed(1)} ms`);
  expect(latenessMs).toBeLessThanOrEqual(LATENESS_LIMIT_MS);
  expectWhole(recording, tone);
});

test('a muted microphone goes on sending, and sends silence', async () => {
  const loud = makeTone({ frequencyHz: 300, durationMs: 8_000, amplitude: 0.5, rateHz: 48_000 });
  await using opened = await openCall({ microphone: [{ atMs: 0, sound: loud }], attributes: { muted: '' } });
  const { call } = opened;
  const input = await call.inputOfAtLeast(1_000);
  expect(input.samples.every((sample) => sample === 0)).toBe(true);
});
