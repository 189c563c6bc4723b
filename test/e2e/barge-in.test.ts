/** Speech over a reply, in a real browser: how the reply reacts at once, and that no audio is lost. */
import { expect, test, type Page } from '@playwright/test';
import { blockPage, readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall, untilOutputIsSteady } from '../support/open-call.js';
import { frameAtEpochMs, readLatestSpeaker, untilAudible } from '../support/speaker-recorder.js';
import { syntheticVoice } from '../support/synthetic-voice.js';
import { makeTone } from '../support/tones.js';
import { expectWholeReply } from '../support/whole-reply.js';

const MICROPHONE_RATE_HZ = 48_000;
const EVERY_MS = 3_500;
/** Two of these words begin and end within it, whenever it begins. */
const REPLY_MS = 9_500;

/** The same words repeatedly, for longer than the test. */
function speaker(seconds: number): { atMs: number; sound: { rateHz: number; samples: Float32Array } }[] {
  const sound = { rateHz: MICROPHONE_RATE_HZ, samples: syntheticVoice(MICROPHONE_RATE_HZ, 120, seconds) };
  return Array.from({ length: 16 }, (_, i) => ({ atMs: 1_000 + i * EVERY_MS, sound }));
}

/** A long reply while the user speaks again and again. */
async function talkOver(seconds: number, attributes: Readonly<Record<string, string>> = {}) {
  const opened = await openCall({ microphone: speaker(seconds), attributes, withoutEchoCancellation: true });
  await untilOutputIsSteady(opened.call);
  const sound = makeTone({ frequencyHz: 440, durationMs: REPLY_MS, amplitude: 0.5, rateHz: 24_000 });
  opened.call.say({ replyId: 'reply-1', sound, text: 'a long story', aheadMs: REPLY_MS });
  await waitForEvents(opened.page, 'reply-end');
  await waitForState(opened.page, 'listening');
  return opened;
}

/** How long a tone of half scale was attenuated by 12 … 20 dB. */
function quietMs({ samples, rateHz }: { readonly samples: Float32Array; readonly rateHz: number }): number {
  const windowFrames = Math.round(rateHz / 100);
  let ms = 0;
  for (let first = 0; first + windowFrames <= samples.length; first += windowFrames) {
    const peak = samples
      .subarray(first, first + windowFrames)
      .reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (peak > 0.5 * 10 ** (-20 / 20) && peak < 0.5 * 10 ** (-12 / 20)) ms += 10;
  }
  return ms;
}

/** No pause but those in which nothing had arrived, because of the machine. */
async function expectNoHold(page: Page): Promise<void> {
  const { gaps, underruns } = await expectWholeReply(page, REPLY_MS);
  expect(gaps.length, JSON.stringify(gaps)).toBeLessThanOrEqual(underruns);
}

const outcomes = async (page: Page) =>
  (await readEvents(page, 'reply-hold')).map(({ detail }) => detail.outcome);

test('a short word ducks the reply, which keeps its position and loses no audio', async () => {
  await using opened = await talkOver(0.35);
  const told = await outcomes(opened.page);
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'ducked' : 'resumed')));
  await expectNoHold(opened.page);
  expect((await readEvents(opened.page, 'reply-end'))[0]?.detail.status).toBe('completed');
  expect((await readEvents(opened.page, 'speech-start')).length, 'you are heard').toBeGreaterThanOrEqual(2);
});

test('longer speech holds the reply, which continues where it was', async () => {
  await using opened = await talkOver(1.5);
  const told = await outcomes(opened.page);
  expect(told.join(' ')).toContain('ducked held resumed');
  const { gaps } = await expectWholeReply(opened.page, REPLY_MS);
  expect(gaps.length).toBeGreaterThanOrEqual(1);
});

test('the reply is ducked even while the page is blocked, which is informed later', async () => {
  await using opened = await openCall({ microphone: speaker(0.35), withoutEchoCancellation: true });
  const { page, call } = opened;
  const sound = makeTone({ frequencyHz: 440, durationMs: REPLY_MS, amplitude: 0.5, rateHz: 24_000 });
  call.say({ replyId: 'reply-1', sound, text: 'a long story', aheadMs: REPLY_MS });
  await untilAudible(page, 500);
  // Long enough for some of the words to be spoken completely within it.
  const { fromEpochMs, toEpochMs } = await blockPage(page, Date.now(), EVERY_MS + 1_000);
  await waitForEvents(page, 'reply-hold');
  const recording = await readLatestSpeaker(page);
  const blocked = recording.samples.subarray(
    frameAtEpochMs(recording, fromEpochMs),
    frameAtEpochMs(recording, toEpochMs),
  );
  expect(quietMs({ ...recording, samples: blocked })).toBeGreaterThan(100);
});

test('with barge-in="server" the reply continues until the server interrupts', async () => {
  await using opened = await talkOver(1.5, { 'barge-in': 'server' });
  expect(await outcomes(opened.page)).toEqual([]);
  expect(await readEvents(opened.page, 'speech-start')).toEqual([]);
  await expectNoHold(opened.page);
});
