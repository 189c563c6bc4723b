/** An interrupted reply, sample by sample. `npm run measure` measures how soon it is silent. */
import { expect, test, type Page } from '@playwright/test';
import { holdPage, readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall, untilOutputIsSteady, type OpenCall } from '../support/open-call.js';
import type { Speech } from '../support/scripted-call.js';
import { findStretches, largestStep, lastAudibleFrame, soundMs } from '../support/sound-level.js';
import {
  frameAtEpochMs,
  readLatestSpeaker,
  renderedAtEpochMs,
  untilAudible,
  type SpeakerRecording,
} from '../support/speaker-recorder.js';
import { measureTone } from '../support/tone-fit.js';
import { makeTone, slice } from '../support/tones.js';
import { expectWholeReply } from '../support/whole-reply.js';

/** Largest step, of full scale, on a tone of half scale. */
const CLICK_LIMIT = 0.12;
/** The user has heard this much before the interruption. */
const HEARD_BEFORE_MS = 1_000;
/** Audio in the buffer at the interruption: without a flush it would continue for this long. */
const AHEAD_MS = 3_000;
const LEAD_MS = 200;
const FRAME_MS = 10;
const LATE_MS = 150;
/** The page's times are rounded to render quanta and messages. */
const ROUNDING_MS = 20;

const tone = (frequencyHz: number, durationMs: number) =>
  makeTone({ frequencyHz, durationMs, amplitude: 0.5, rateHz: 24_000 });

interface Outcome {
  readonly recording: SpeakerRecording;
  /** Minimum and maximum of the first reply's audio that was sent before the interruption. */
  readonly sentMs: readonly [atLeast: number, atMost: number];
  /** Time at which the server began the second reply. */
  readonly secondFromEpochMs: number;
}

const sentMs = (speech: Speech): number => speech.sentAtEpochMs.length * FRAME_MS - LEAD_MS;

/** A long reply, interrupted while much more of it is buffered; its late frames; then a second reply. */
async function interruptThenReply(
  { page, call }: OpenCall,
  cut: (speech: Speech) => Promise<unknown>,
): Promise<Outcome> {
  const speech = call.say({
    replyId: 'reply-1',
    sound: tone(440, 10_000),
    text: 'a long story',
    aheadMs: AHEAD_MS,
  });
  await waitForState(page, 'speaking');
  await untilAudible(page, HEARD_BEFORE_MS);
  const atLeast = sentMs(speech);
  await cut(speech);
  const atMost = sentMs(speech) - LATE_MS;
  await waitForEvents(page, 'interruption');
  const secondFromEpochMs = Date.now();
  const second = call.say({ replyId: 'reply-2', sound: tone(660, 1_000), text: 'short', aheadMs: AHEAD_MS });
  await second.finished;
  await waitForEvents(page, 'reply-end', 2);
  await waitForState(page, 'listening');
  return { recording: await readLatestSpeaker(page), sentMs: [atLeast, atMost], secondFromEpochMs };
}

/** An interruption by the server, which continues to send for a moment. */
async function announce({ call }: OpenCall, speech: Speech): Promise<void> {
  call.interrupt(speech, { lateMs: LATE_MS });
  await speech.finished;
}

async function judge(page: Page, { recording, sentMs, secondFromEpochMs }: Outcome): Promise<void> {
  const { rateHz, samples } = recording;
  const secondFrom = frameAtEpochMs(recording, secondFromEpochMs);
  const first = { rateHz, samples: samples.subarray(0, secondFrom) };
  const second = { rateHz, samples: samples.subarray(secondFrom) };

  const interruptions = await readEvents(page, 'interruption');
  expect(interruptions, 'exactly one event, however many messages').toHaveLength(1);
  const { replyId, heardMs, discardedMs } = interruptions[0]!.detail;
  console.log(
    `heard ${heardMs.toFixed(0)} ms, recorded ${soundMs(first).toFixed(0)} ms, ${discardedMs} ms discarded`,
  );
  expect(replyId).toBe('reply-1');
  expect(heardMs).toBeGreaterThanOrEqual(HEARD_BEFORE_MS - ROUNDING_MS);
  expect(Math.abs(heardMs - soundMs(first)), 'heardMs is what was recorded').toBeLessThan(ROUNDING_MS);
  // Everything that was sent is accounted for, and late audio is not counted.
  expect(heardMs + discardedMs).toBeGreaterThan(sentMs[0] - ROUNDING_MS);
  expect(heardMs + discardedMs).toBeLessThan(sentMs[1] + ROUNDING_MS);
  expect(discardedMs, 'it was cut, not played to its end').toBeGreaterThan(ROUNDING_MS);

  const step = largestStep(samples);
  expect(step.size, `a click at ${((step.frame / rateHz) * 1000).toFixed(1)} ms`).toBeLessThan(CLICK_LIMIT);

  expect(Math.abs(soundMs(second) - 1_000), 'the next reply is whole').toBeLessThan(ROUNDING_MS);
  const [stretch, ...rest] = findStretches(second, { minGapMs: 5 });
  expect(rest, 'in one piece').toEqual([]);
  const fit = measureTone(slice(second, stretch!.startMs + 20, stretch!.endMs - 20), 660, 5);
  expect(Math.abs(fit.frequencyHz / 660 - 1), 'its pitch').toBeLessThan(0.001);
  expect(fit.amplitude, 'its level').toBeCloseTo(0.5, 2);
  expect(fit.snrDb, 'its purity').toBeGreaterThan(40);

  const ends = (await readEvents(page, 'reply-end')).map(({ detail }) => [detail.replyId, detail.status]);
  expect(ends).toEqual([
    ['reply-1', 'interrupted'],
    ['reply-2', 'completed'],
  ]);
}

test('an interruption silences the reply without a click, and the next reply is complete', async () => {
  await using opened = await openCall();
  await judge(opened.page, await interruptThenReply(opened, (speech) => announce(opened, speech)));
});

test('an interruption silences the reply while the page is blocked', async () => {
  await using opened = await openCall();
  const { page, web } = opened;
  let releasedAtEpochMs = NaN;
  const outcome = await interruptThenReply(opened, async (speech) => {
    const { release } = await holdPage(page, web);
    await announce(opened, speech);
    // The last late frame follows the interruption by its length. More time than that has passed on the wire.
    releasedAtEpochMs = Date.now();
    const block = await release();
    expect(block.fromEpochMs).toBeLessThanOrEqual(releasedAtEpochMs - LATE_MS);
  });
  const { recording, secondFromEpochMs } = outcome;
  const first = recording.samples.subarray(0, frameAtEpochMs(recording, secondFromEpochMs));
  const silentAtEpochMs = renderedAtEpochMs(recording, lastAudibleFrame(first));
  expect(silentAtEpochMs, 'silent before the page could do anything').toBeLessThan(releasedAtEpochMs);
  await judge(page, outcome);
});

test('interrupt() silences the reply, and its later audio is not heard', async () => {
  await using opened = await openCall();
  const { page } = opened;
  const outcome = await interruptThenReply(opened, async (speech) => {
    await page.evaluate(() => window.agent.interrupt());
    speech.endAfter(LATE_MS);
    await speech.finished;
  });
  await judge(page, outcome);
});

test('a false alarm holds the reply for a moment, and none of it is lost', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  await untilOutputIsSteady(call);
  // Longer than the audio sent ahead, so the server has not completed it.
  const sound = tone(440, 6_000);
  const speech = call.say({ replyId: 'reply-1', sound, text: 'a long story', aheadMs: AHEAD_MS });
  await waitForState(page, 'speaking');
  await untilAudible(page, HEARD_BEFORE_MS);
  call.send({ type: 'input.speech.started' });
  call.send({ type: 'input.speech.stopped' });
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const { recording, gaps, underruns } = await expectWholeReply(page, 6_000);
  expect(gaps.length, 'it paused').toBeGreaterThanOrEqual(1);
  expect(gaps.length, JSON.stringify(gaps)).toBeLessThanOrEqual(1 + underruns);
  expect(largestStep(recording.samples).size).toBeLessThan(CLICK_LIMIT);
  expect(await readEvents(page, 'interruption')).toHaveLength(0);
  const holds = (await readEvents(page, 'reply-hold')).map(({ detail }) => detail.outcome);
  expect(holds).toEqual(['held', 'resumed']);
});
