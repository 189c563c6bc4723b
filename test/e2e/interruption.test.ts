import { expect, test, type Page } from '@playwright/test';
import { blockPage, readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import { untilEpochMs, type ScriptedCall } from '../support/scripted-call.js';
import { findStretches, largestStep } from '../support/sound-level.js';
import { readLatestSpeaker, renderedAtEpochMs, type SpeakerRecording } from '../support/speaker-recorder.js';
import { measureTone } from '../support/tone-fit.js';
import { makeTone, slice } from '../support/tones.js';

/** From the server's message to the last audible sample. */
const LIMIT_MS = 20;
/** Of full scale, on a tone of half of it. */
const CLICK_LIMIT = 0.12;
/** The user has heard that much before the interruption. */
const HEARD_BEFORE_MS = 1_000;

const tone = (frequencyHz: number, durationMs: number) =>
  makeTone({ frequencyHz, durationMs, amplitude: 0.5, rateHz: 24_000 });

interface Outcome {
  readonly recording: SpeakerRecording;
  readonly cutAtEpochMs: number;
}

/** A long reply, cut while it sounds; then, once its late frames have come, a second one. */
async function interruptThenReply(
  page: Page,
  call: ScriptedCall,
  onSpeaking: () => Promise<void>,
): Promise<Outcome> {
  const speech = call.say({ replyId: 'reply-1', sound: tone(440, 8_000), text: 'a long story' });
  await waitForState(page, 'speaking');
  await onSpeaking();
  const cutAtEpochMs = call.interrupt(speech, { lateMs: 150 });
  await speech.finished;
  const lateFrames = speech.sentAtEpochMs.filter((at) => at > cutAtEpochMs);
  expect(lateFrames.length, 'the server went on sending').toBeGreaterThan(5);
  await call.say({ replyId: 'reply-2', sound: tone(660, 1_000), text: 'short' }).finished;
  await waitForEvents(page, 'reply-end', 2);
  await waitForState(page, 'listening');
  return { recording: await readLatestSpeaker(page), cutAtEpochMs };
}

async function judge(page: Page, { recording, cutAtEpochMs }: Outcome): Promise<void> {
  const { rateHz, samples } = recording;
  const stretches = findStretches(recording, { minGapMs: 50 });
  expect(stretches, 'one stretch of sound for each reply, nothing late between').toHaveLength(2);
  const [first, second] = [stretches[0]!, stretches[1]!];

  const lastFrame = Math.round((first.endMs / 1000) * rateHz) - 1;
  const audibleForMs = renderedAtEpochMs(recording, lastFrame) - cutAtEpochMs;
  console.log(`audible for ${audibleForMs} ms after the interruption was sent`);
  expect(audibleForMs, 'silence after the interruption').toBeLessThanOrEqual(LIMIT_MS);
  expect(audibleForMs, 'it sounded until the interruption').toBeGreaterThan(-50);

  const step = largestStep(samples);
  console.log(`largest step ${step.size.toFixed(3)}`);
  expect(step.size, `a click at ${((step.frame / rateHz) * 1000).toFixed(1)} ms`).toBeLessThan(CLICK_LIMIT);

  expect(Math.abs(second.endMs - second.startMs - 1_000), 'the next reply is whole').toBeLessThan(15);
  const fit = measureTone(slice(recording, second.startMs + 20, second.endMs - 20), 660, 5);
  expect(Math.abs(fit.frequencyHz / 660 - 1), 'its pitch').toBeLessThan(0.001);
  expect(fit.amplitude, 'its level').toBeCloseTo(0.5, 2);
  expect(fit.snrDb, 'its purity').toBeGreaterThan(40);

  const interruptions = await readEvents(page, 'interruption');
  expect(interruptions, 'exactly one event, however many messages').toHaveLength(1);
  const { replyId, heardMs, discardedMs } = interruptions[0]!.detail;
  expect(replyId).toBe('reply-1');
  expect(Math.abs(heardMs - (first.endMs - first.startMs)), 'heardMs is what was recorded').toBeLessThan(15);
  expect(discardedMs).toBeGreaterThanOrEqual(0);
  const ends = (await readEvents(page, 'reply-end')).map(({ detail }) => [detail.replyId, detail.status]);
  expect(ends).toEqual([
    ['reply-1', 'interrupted'],
    ['reply-2', 'completed'],
  ]);
}

test('an interruption silences the reply at once, without a click, and the next reply is whole', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const outcome = await interruptThenReply(page, call, () => untilEpochMs(Date.now() + HEARD_BEFORE_MS));
  await judge(page, outcome);
});

test('an interruption silences the reply as fast while the page is blocked', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  let blocking: ReturnType<typeof blockPage> | undefined;
  const outcome = await interruptThenReply(page, call, async () => {
    const blockAtEpochMs = Date.now() + HEARD_BEFORE_MS;
    blocking = blockPage(page, blockAtEpochMs, 500);
    await untilEpochMs(blockAtEpochMs + 200);
  });
  const block = await blocking;
  expect(block?.fromEpochMs, 'the page was blocked when it was interrupted').toBeLessThan(
    outcome.cutAtEpochMs,
  );
  expect(block?.toEpochMs).toBeGreaterThan(outcome.cutAtEpochMs + 100);
  await judge(page, outcome);
});

test('interrupt() silences the reply and keeps the rest of it unheard', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const speech = call.say({ replyId: 'reply-1', sound: tone(440, 3_000), text: 'a long story' });
  await waitForState(page, 'speaking');
  await untilEpochMs(Date.now() + HEARD_BEFORE_MS);
  const cutAtEpochMs = await page.evaluate(() => {
    window.agent.interrupt();
    return Date.now();
  });
  await speech.finished;
  await call.say({ replyId: 'reply-2', sound: tone(660, 500), text: 'short' }).finished;
  await waitForEvents(page, 'reply-end', 2);
  await waitForState(page, 'listening');
  const recording = await readLatestSpeaker(page);
  const stretches = findStretches(recording, { minGapMs: 50 });
  expect(stretches).toHaveLength(2);
  const lastFrame = Math.round((stretches[0]!.endMs / 1000) * recording.rateHz) - 1;
  expect(renderedAtEpochMs(recording, lastFrame) - cutAtEpochMs).toBeLessThanOrEqual(LIMIT_MS);
  expect(largestStep(recording.samples).size).toBeLessThan(CLICK_LIMIT);
  expect(await readEvents(page, 'interruption')).toHaveLength(1);
});

test('a false alarm holds the reply for a moment, and nothing of it is lost', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const speech = call.say({ replyId: 'reply-1', sound: tone(440, 3_000), text: 'a long story' });
  await waitForState(page, 'speaking');
  await untilEpochMs(Date.now() + HEARD_BEFORE_MS);
  call.send({ type: 'input.speech.started' });
  call.send({ type: 'input.speech.stopped' });
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const recording = await readLatestSpeaker(page);
  const stretches = findStretches(recording, { minGapMs: 50 });
  expect(stretches, 'before the hold and after it').toHaveLength(2);
  const soundMs = stretches.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  expect(soundMs, 'the whole reply was heard').toBeGreaterThan(2_985);
  expect(soundMs, 'no more of it was repeated than the ramps hide').toBeLessThan(3_030);
  expect(largestStep(recording.samples).size).toBeLessThan(CLICK_LIMIT);
  expect(await readEvents(page, 'interruption')).toHaveLength(0);
  const holds = (await readEvents(page, 'reply-hold')).map(({ detail }) => detail.outcome);
  expect(holds).toEqual(['held', 'resumed']);
});
