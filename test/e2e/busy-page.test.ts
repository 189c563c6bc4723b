import { expect, test } from '@playwright/test';
import { blockPage, waitForEvents, waitForState } from '../support/agent-page.js';
import { onCalmMachine, type MachineMeter } from '../support/calm-machine.js';
import { openCall } from '../support/open-call.js';
import type { Packet, Speech } from '../support/scripted-call.js';
import { findGaps, findStretches, soundMs } from '../support/sound-level.js';
import { readLatestSpeaker, type SpeakerRecording } from '../support/speaker-recorder.js';
import { fitTone } from '../support/tone-fit.js';
import { makeTone, slice } from '../support/tones.js';

/** `BUSY_SECONDS=60 npx playwright test busy-page` takes as long as you like. */
const BUSY_SECONDS = Number(process.env['BUSY_SECONDS'] ?? 9);

/** A message to the server comes no later than this after it is due. */
const LATENESS_LIMIT_MS = 40;

/**
 * The largest lateness of messages within a time, against a steady pace whose phase is that of the earliest message.
 *
 * @param machine Has watched the server's own event loop meanwhile: when that stalls, every message seems late.
 */
function expectPunctual(packets: readonly Packet[], bytesPerMs: number, machine: MachineMeter): void {
  let sentMs = 0;
  const offsets = packets.map(({ atEpochMs, bytes }) => {
    sentMs += bytes.length / bytesPerMs;
    return atEpochMs - sentMs;
  });
  const latenessMs = Math.max(...offsets) - Math.min(...offsets);
  const serverStallMs = machine.worstStallMs;
  console.log(
    `worst lateness of a message ${latenessMs.toFixed(1)} ms, server stalled ${serverStallMs.toFixed(1)} ms`,
  );
  expect(latenessMs).toBeLessThanOrEqual(LATENESS_LIMIT_MS + serverStallMs);
}

/**
 * Every sample was heard, once and in order: a sine that lasts as long as it should. It may pause only where the server
 * itself was late.
 */
function expectWhole(recording: SpeakerRecording, speech: Speech, frequencyHz: number): void {
  const { rateHz, samples } = speech.reply.sound;
  const sentMs = (samples.length / rateHz) * 1000;
  const heardMs = soundMs(recording, 2);
  const gaps = findGaps(recording, { minGapMs: 2 });
  const pausedMs = gaps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  console.log(
    `heard ${heardMs.toFixed(1)} of ${sentMs} ms, paused ${pausedMs.toFixed(1)} ms; server late by up to ${speech.worstLatenessMs.toFixed(1)} ms`,
  );
  expect(Math.abs(heardMs - sentMs), 'length of the sound').toBeLessThan(5 + 10 * gaps.length);
  expect(pausedMs, 'pauses that the server did not cause').toBeLessThanOrEqual(2 * speech.worstLatenessMs);
  for (const { startMs, endMs } of findStretches(recording, { minGapMs: 2 })) {
    // Each tenth of a second is looked at, since a sum over the whole could hide a short fault.
    for (let fromMs = startMs + 10; fromMs + 110 <= endMs; fromMs += 100) {
      const { snrDb } = fitTone(slice(recording, fromMs, fromMs + 100), frequencyHz);
      expect(snrDb, `purity ${fromMs.toFixed(0)} ms into the recording`).toBeGreaterThan(40);
    }
  }
}

test('a page blocked for 500 ms in mid-reply loses no sound and delays no message', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page, call } = opened;
    const sound = makeTone({ frequencyHz: 440, durationMs: 3_000, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'reply-1', sound });
    await waitForState(page, 'speaking');
    const block = await blockPage(page, Date.now() + 800, 500);
    expect(block.toEpochMs - block.fromEpochMs).toBeGreaterThanOrEqual(500);
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    machine.endTimedPart();
    const packets = call.packets.filter(
      ({ atEpochMs }) => atEpochMs > block.fromEpochMs - 1_000 && atEpochMs < block.toEpochMs + 1_000,
    );
    expect(packets.length, 'messages around the block').toBeGreaterThan(40);
    expectPunctual(packets, 48, machine);
    expectWhole(await readLatestSpeaker(page), speech, 440);
  }));

test('a page that is busy for 200 ms of every second loses no sound and delays no message', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page, call } = opened;
    test.setTimeout(60_000 + BUSY_SECONDS * 6_000);
    const durationMs = (BUSY_SECONDS + 1) * 1_000;
    const sound = makeTone({ frequencyHz: 440, durationMs, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'reply-1', sound });
    await waitForState(page, 'speaking');
    const startEpochMs = Date.now();
    for (let second = 0; second < BUSY_SECONDS; second += 1) {
      await blockPage(page, startEpochMs + second * 1_000 + 500, 200);
    }
    const endEpochMs = Date.now();
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    machine.endTimedPart();
    const packets = call.packets.filter(
      ({ atEpochMs }) => atEpochMs > startEpochMs && atEpochMs < endEpochMs,
    );
    expect(packets.length, 'messages meanwhile').toBeGreaterThan(BUSY_SECONDS * 17);
    expectPunctual(packets, 48, machine);
    expectWhole(await readLatestSpeaker(page), speech, 440);
  }));

test('a muted microphone goes on sending, and sends silence', async () => {
  const loud = makeTone({ frequencyHz: 300, durationMs: 8_000, amplitude: 0.5, rateHz: 48_000 });
  await using opened = await openCall({ microphone: [{ atMs: 0, sound: loud }], attributes: { muted: '' } });
  const { call } = opened;
  const input = await call.inputOfAtLeast(1_000);
  expect(input.samples.every((sample) => sample === 0)).toBe(true);
});
