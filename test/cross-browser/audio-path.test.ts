import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from '@playwright/test';
import { untilEpochMs, type Packet, type Speech } from '../support/scripted-call.js';
import {
  findGaps,
  findStretches,
  largestStep,
  lastAudibleFrame,
  peak,
  soundMs,
} from '../support/sound-level.js';
import { frameAtEpochMs, renderedAtEpochMs, type SpeakerRecording } from '../support/speaker-recorder.js';
import { fitTone } from '../support/tone-fit.js';
import { makeTone, slice } from '../support/tones.js';
import { openFirefox } from './firefox-page.js';
import { RemoteCall } from './remote-call.js';
import { openWebKit } from './webkit-page.js';

/**
 * Both pass the messages of a Worker's WebSocket through the page's main thread (and WebKit those of ports, too), so
 * that a busy page delays sound. Nothing of it may be lost, and the jitter buffer has to learn the page's stalls.
 */
const BROWSERS = [
  { name: 'Firefox', open: () => openFirefox() },
  { name: 'WebKit', open: openWebKit },
] as const;

/** From the server's message to the last audible sample; a burst of rendering is 20 ms in Firefox. */
const SILENT_AFTER_MS = 40;
/** How late messages are at most, once the page is free again. */
const LATENESS_LIMIT_MS = 40;
const BLOCK_MS = 500;
const BLOCK_COUNT = 12;
/** After so many stalls the buffer has learned. */
const LEARNED_AFTER = 4;

const tone = (frequencyHz: number, durationMs: number) =>
  makeTone({ frequencyHz, durationMs, amplitude: 0.5, rateHz: 24_000 });

function since(recording: SpeakerRecording, epochMs: number): SpeakerRecording {
  const frame = frameAtEpochMs(recording, epochMs);
  return {
    ...recording,
    samples: recording.samples.subarray(frame),
    quantumEpochMs: recording.quantumEpochMs.subarray(Math.floor(frame / recording.quantumFrames)),
  };
}

const pausedMs = (recording: SpeakerRecording): number =>
  findGaps(recording, { minGapMs: 2 }).reduce((sum, { durationMs }) => sum + durationMs, 0);

/** The largest lateness of messages against a steady pace. */
function latenessMs(packets: readonly Packet[]): number {
  let sentMs = 0;
  const offsets = packets.map(({ atEpochMs, bytes }) => {
    sentMs += bytes.length / 48;
    return atEpochMs - sentMs;
  });
  return Math.max(...offsets) - Math.min(...offsets);
}

async function speaking(call: RemoteCall, speech: Speech): Promise<void> {
  const { replyId } = speech.reply;
  await call.waitForEvents('reply-start');
  const starts = await call.events('reply-start');
  expect(starts.map(({ detail }) => detail.replyId)).toContain(replyId);
}

for (const { name, open } of BROWSERS) {
  test(`${name}: a conversation both ways, an interruption that is silent at once, the next reply whole`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    await call.until('sound of the microphone', () => peak(call.input().samples) > 0.01);

    const first = call.say({ replyId: 'reply-1', sound: tone(440, 1_500), text: 'hello there' });
    await first.finished;
    await remote.waitForEvents('reply-end');
    const whole = await remote.readSpeaker();
    expect(Math.abs(soundMs(whole) - 1_500), 'the reply is whole').toBeLessThan(20);
    // A loaded machine sends late, and the sound pauses.
    const longest = findStretches(whole, { minGapMs: 5 }).reduce((a, b) =>
      b.endMs - b.startMs > a.endMs - a.startMs ? b : a,
    );
    const fit = fitTone(slice(whole, longest.startMs + 30, longest.startMs + 230), 440);
    expect(fit.snrDb, `its purity from ${longest.startMs} to ${longest.endMs} ms`).toBeGreaterThan(40);

    const secondAtEpochMs = Date.now();
    const second = call.say({ replyId: 'reply-2', sound: tone(550, 6_000), text: 'a long story' });
    await speaking(remote, second);
    await untilEpochMs(secondAtEpochMs + 1_500);
    const cutAtEpochMs = call.interrupt(second, { lateMs: 150 });
    await second.finished;
    const thirdAtEpochMs = Date.now();
    await call.say({ replyId: 'reply-3', sound: tone(660, 800), text: 'short' }).finished;
    await remote.waitForEvents('reply-end', 3);
    const recording = await remote.readSpeaker();
    const third = frameAtEpochMs(recording, thirdAtEpochMs);
    const last = lastAudibleFrame(recording.samples.subarray(0, third));
    const audibleForMs = renderedAtEpochMs(recording, last) - cutAtEpochMs;
    const step = largestStep(recording.samples).size;
    const stats = await remote.waitForEvents('stats');
    const { flushRoundTripMs, playoutDelayMs, captureDelayMs, outputLatencyMs } = stats.at(-1)!.detail;
    console.log(
      `${name}: audible for ${audibleForMs} ms after the interruption, largest step ${step.toFixed(3)};`,
      { flushRoundTripMs, playoutDelayMs, captureDelayMs, outputLatencyMs },
    );
    expect(audibleForMs).toBeLessThanOrEqual(SILENT_AFTER_MS);
    expect(step, 'no click').toBeLessThan(0.12);
    expect(Math.abs(soundMs(since(recording, thirdAtEpochMs)) - 800), 'the next reply is whole').toBeLessThan(
      20,
    );
    expect(await remote.events('interruption')).toHaveLength(1);
    expect(await remote.events('agent-error')).toEqual([]);
  });

  test(`${name}: a page blocked for 500 ms in mid-reply delays sound for as long, and loses none`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    const meter = monitorEventLoopDelay({ resolution: 5 });
    meter.enable();
    const speech = call.say({ replyId: 'reply-1', sound: tone(440, 3_000) });
    await speaking(remote, speech);
    const block = await remote.block(Date.now() + 800, BLOCK_MS);
    await speech.finished;
    await remote.waitForEvents('reply-end');
    meter.disable();
    const recording = await remote.readSpeaker();
    const packets = call.packets.filter(
      ({ atEpochMs }) => atEpochMs > block.fromEpochMs - 500 && atEpochMs < block.toEpochMs + 1_000,
    );
    const serverStallMs = Math.max(0, meter.max / 1e6 - 5);
    const figures = {
      ...{ heardMs: soundMs(recording, 2), pausedMs: pausedMs(recording), latenessMs: latenessMs(packets) },
      ...{ serverStallMs, serverLateMs: speech.worstLatenessMs },
    };
    console.log(`${name}: 3000 ms with a block of 500 ms:`, figures);
    expect(Math.abs(figures.heardMs - 3_000), 'no sound is lost').toBeLessThan(30);
    expect(figures.pausedMs, 'no longer than the page').toBeLessThanOrEqual(
      BLOCK_MS + 2 * speech.worstLatenessMs,
    );
    expect(figures.latenessMs).toBeLessThanOrEqual(BLOCK_MS + LATENESS_LIMIT_MS + serverStallMs);
  });

  test(`${name}: a page that is busy for 200 ms of every second costs no speech once the buffer has learned it`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    const speech = call.say({ replyId: 'reply-1', sound: tone(440, (BLOCK_COUNT + 1) * 1_000) });
    await speaking(remote, speech);
    const startEpochMs = Date.now();
    const blocks = [];
    for (let second = 0; second < BLOCK_COUNT; second += 1) {
      blocks.push(await remote.block(startEpochMs + second * 1_000 + 500, 200));
    }
    await speech.finished;
    await remote.waitForEvents('reply-end');
    const recording = await remote.readSpeaker();
    const learned = since(recording, blocks[LEARNED_AFTER]!.fromEpochMs);
    const stats = await remote.waitForEvents('stats');
    const figures = {
      ...{ pausedMs: pausedMs(recording), pausedAfterLearningMs: pausedMs(learned) },
      ...{ targetMs: stats.at(-1)!.detail.targetMs, serverLateMs: speech.worstLatenessMs },
      heardMs: soundMs(recording, 2),
    };
    console.log(`${name}: ${(BLOCK_COUNT + 1) * 1_000} ms with 200 ms of every second blocked:`, figures);
    expect(Math.abs(figures.heardMs - (BLOCK_COUNT + 1) * 1_000), 'no sound is lost').toBeLessThan(60);
    expect(figures.pausedAfterLearningMs, 'the buffer has learned').toBeLessThanOrEqual(
      2 * speech.worstLatenessMs,
    );
  });
}
