import { expect, test, type Page } from '@playwright/test';
import { blockPage, readEvents, waitForEvents, waitForState, type Block } from '../support/agent-page.js';
import { onCalmMachine, type MachineMeter } from '../support/calm-machine.js';
import { openCall, type OpenCall } from '../support/open-call.js';
import { untilEpochMs, type Speech } from '../support/scripted-call.js';
import { findGaps, findStretches, largestStep, lastAudibleFrame, soundMs } from '../support/sound-level.js';
import {
  frameAtEpochMs,
  readLatestSpeaker,
  renderedAtEpochMs,
  type SpeakerRecording,
} from '../support/speaker-recorder.js';
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
  /** The server began the second reply. */
  readonly secondFromEpochMs: number;
}

/** A long reply, cut while it sounds; then, once its late frames have come, a second one. */
async function interruptThenReply(
  { page, call }: OpenCall,
  machine: MachineMeter,
  cut: (speech: Speech) => Promise<number>,
): Promise<Outcome> {
  const speech = call.say({ replyId: 'reply-1', sound: tone(440, 8_000), text: 'a long story' });
  await waitForState(page, 'speaking');
  const cutAtEpochMs = await cut(speech);
  await speech.finished;
  const lateFrames = speech.sentAtEpochMs.filter((at) => at > cutAtEpochMs);
  expect(lateFrames.length, 'the server went on sending').toBeGreaterThan(5);
  const secondFromEpochMs = Date.now();
  await call.say({ replyId: 'reply-2', sound: tone(660, 1_000), text: 'short' }).finished;
  await waitForEvents(page, 'reply-end', 2);
  await waitForState(page, 'listening');
  machine.endTimedPart();
  return { recording: await readLatestSpeaker(page), cutAtEpochMs, secondFromEpochMs };
}

async function judge(page: Page, { recording, cutAtEpochMs, secondFromEpochMs }: Outcome): Promise<void> {
  const { rateHz, samples } = recording;
  const secondFrom = frameAtEpochMs(recording, secondFromEpochMs);
  const first = { rateHz, samples: samples.subarray(0, secondFrom) };
  const second = { rateHz, samples: samples.subarray(secondFrom) };

  const audibleForMs = renderedAtEpochMs(recording, lastAudibleFrame(first.samples)) - cutAtEpochMs;
  console.log(`audible for ${audibleForMs} ms after the interruption was sent`);
  expect(audibleForMs, 'silence after the interruption, whatever came late').toBeLessThanOrEqual(LIMIT_MS);
  expect(audibleForMs, 'it sounded until the interruption').toBeGreaterThan(-100);

  const step = largestStep(samples);
  console.log(`largest step ${step.size.toFixed(3)}`);
  expect(step.size, `a click at ${((step.frame / rateHz) * 1000).toFixed(1)} ms`).toBeLessThan(CLICK_LIMIT);

  expect(Math.abs(soundMs(second) - 1_000), 'the next reply is whole').toBeLessThan(20);
  const stretches = findStretches(second, { minGapMs: 5 });
  const longest = stretches.reduce((a, b) => (b.endMs - b.startMs > a.endMs - a.startMs ? b : a));
  const fit = measureTone(slice(second, longest.startMs + 20, longest.endMs - 20), 660, 5);
  expect(Math.abs(fit.frequencyHz / 660 - 1), 'its pitch').toBeLessThan(0.001);
  expect(fit.amplitude, 'its level').toBeCloseTo(0.5, 2);
  expect(fit.snrDb, 'its purity').toBeGreaterThan(40);

  const interruptions = await readEvents(page, 'interruption');
  expect(interruptions, 'exactly one event, however many messages').toHaveLength(1);
  const { replyId, heardMs, discardedMs } = interruptions[0]!.detail;
  expect(replyId).toBe('reply-1');
  expect(Math.abs(heardMs - soundMs(first)), 'heardMs is what was recorded').toBeLessThan(20);
  expect(discardedMs).toBeGreaterThanOrEqual(0);
  const ends = (await readEvents(page, 'reply-end')).map(({ detail }) => [detail.replyId, detail.status]);
  expect(ends).toEqual([
    ['reply-1', 'interrupted'],
    ['reply-2', 'completed'],
  ]);
}

test('an interruption silences the reply at once, without a click, and the next reply is whole', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page, call } = opened;
    const outcome = await interruptThenReply(opened, machine, async (speech) => {
      await untilEpochMs(Date.now() + HEARD_BEFORE_MS);
      return call.interrupt(speech, { lateMs: 150 });
    });
    await judge(page, outcome);
  }));

test('an interruption silences the reply as fast while the page is blocked', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page, call } = opened;
    let blocking: Promise<Block> | undefined;
    const outcome = await interruptThenReply(opened, machine, async (speech) => {
      const blockAtEpochMs = Date.now() + HEARD_BEFORE_MS;
      blocking = blockPage(page, blockAtEpochMs, 500);
      await untilEpochMs(blockAtEpochMs + 200);
      return call.interrupt(speech, { lateMs: 150 });
    });
    const block = await blocking;
    expect(block?.fromEpochMs, 'the page was blocked when it was interrupted').toBeLessThan(
      outcome.cutAtEpochMs,
    );
    expect(block?.toEpochMs).toBeGreaterThan(outcome.cutAtEpochMs + 100);
    await judge(page, outcome);
  }));

test('interrupt() silences the reply as fast, and keeps the rest of it unheard', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page } = opened;
    const outcome = await interruptThenReply(opened, machine, async (speech) => {
      await untilEpochMs(Date.now() + HEARD_BEFORE_MS);
      speech.endAtEpochMs = Date.now() + 1_000;
      return page.evaluate(() => {
        const atEpochMs = Date.now();
        window.agent.interrupt();
        return atEpochMs;
      });
    });
    await judge(page, outcome);
  }));

test('a false alarm holds the reply for a moment, and nothing of it is lost', () =>
  onCalmMachine(async (machine) => {
    await using opened = await openCall();
    const { page, call } = opened;
    const speech = call.say({ replyId: 'reply-1', sound: tone(440, 3_000), text: 'a long story' });
    await waitForState(page, 'speaking');
    await untilEpochMs(Date.now() + HEARD_BEFORE_MS);
    call.send({ type: 'input.speech.started' });
    call.send({ type: 'input.speech.stopped' });
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    machine.endTimedPart();
    const recording = await readLatestSpeaker(page);
    const heldMs = Math.max(...findGaps(recording, { minGapMs: 50 }).map(({ durationMs }) => durationMs));
    expect(heldMs, 'it paused').toBeGreaterThan(300);
    expect(Math.abs(soundMs(recording) - 3_000), 'the whole reply was heard, and nothing twice').toBeLessThan(
      25,
    );
    expect(largestStep(recording.samples).size).toBeLessThan(CLICK_LIMIT);
    expect(await readEvents(page, 'interruption')).toHaveLength(0);
    const holds = (await readEvents(page, 'reply-hold')).map(({ detail }) => detail.outcome);
    expect(holds).toEqual(['held', 'resumed']);
  }));
