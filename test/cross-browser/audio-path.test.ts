import { expect, test } from '@playwright/test';
import { untilEpochMs, type Speech } from '../support/scripted-call.js';
import { findGaps, largestStep, peak, soundMs } from '../support/sound-level.js';
import { frameAtEpochMs, type SpeakerRecording } from '../support/speaker-recorder.js';
import { measurePurest } from '../support/tone-fit.js';
import { makeTone } from '../support/tones.js';
import { openFirefox } from './firefox-page.js';
import { RemoteCall } from './remote-call.js';
import { openWebKit } from './webkit-page.js';

/**
 * Both browsers route the messages of a Worker's WebSocket through the page's main thread (WebKit those of ports, too), so
 * a busy page delays audio. No audio may be lost, and the jitter buffer must learn the page's stalls.
 */
const BROWSERS = [
  { name: 'Firefox', open: () => openFirefox() },
  { name: 'WebKit', open: openWebKit },
] as const;

/** Audio in the buffer at the interruption, which would be heard without a flush. */
const AHEAD_MS = 2_000;
const BLOCK_MS = 500;
const BLOCK_COUNT = 12;
/** The minimum target depth after stalls of 200 ms. */
const LEARNED_MS = 100;

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

/** Waits for the reply, which is the `count`-th of the call. */
async function speaking(call: RemoteCall, speech: Speech, count = 1): Promise<void> {
  const { replyId } = speech.reply;
  const starts = await call.waitForEvents('reply-start', count);
  expect(starts.map(({ detail }) => detail.replyId)).toContain(replyId);
}

for (const { name, open } of BROWSERS) {
  test(`${name}: a conversation both ways, an interruption that is silent at once, the next reply whole`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    await call.until('sound of the microphone', () => peak(call.input().samples) > 0.01);

    const first = call.say({
      replyId: 'reply-1',
      sound: tone(440, 1_500),
      text: 'hello there',
      aheadMs: AHEAD_MS,
    });
    await first.finished;
    await remote.waitForEvents('reply-end');
    const whole = await remote.readSpeaker();
    expect(Math.abs(soundMs(whole) - 1_500), 'the reply is whole').toBeLessThan(20);
    expect(measurePurest(whole, 440).snrDb, 'its purity').toBeGreaterThan(40);

    const secondAtEpochMs = Date.now();
    const second = call.say({
      replyId: 'reply-2',
      sound: tone(550, 8_000),
      text: 'a long story',
      aheadMs: AHEAD_MS,
    });
    await speaking(remote, second, 2);
    await untilEpochMs(secondAtEpochMs + 1_500);
    call.interrupt(second, { lateMs: 150 });
    await second.finished;
    await remote.waitForEvents('interruption');
    const thirdAtEpochMs = Date.now();
    await call.say({ replyId: 'reply-3', sound: tone(660, 800), text: 'short', aheadMs: AHEAD_MS }).finished;
    await remote.waitForEvents('reply-end', 3);
    const recording = await remote.readSpeaker();
    const [from, until] = [secondAtEpochMs, thirdAtEpochMs].map((at) => frameAtEpochMs(recording, at));
    const cut = { ...recording, samples: recording.samples.subarray(from, until) };
    const step = largestStep(recording.samples).size;
    const [interruption, ...more] = await remote.events('interruption');
    expect(more).toEqual([]);
    const { heardMs, discardedMs } = interruption!.detail;
    console.log(
      `${name}: heard ${heardMs.toFixed(0)} ms, recorded ${soundMs(cut).toFixed(0)} ms, step ${step.toFixed(3)}`,
    );
    expect(Math.abs(soundMs(cut) - heardMs), 'nothing more is heard').toBeLessThan(40);
    expect(discardedMs, 'it was cut, not played to its end').toBeGreaterThan(AHEAD_MS / 2);
    expect(step, 'no click').toBeLessThan(0.12);
    expect(Math.abs(soundMs(since(recording, thirdAtEpochMs)) - 800), 'the next reply is whole').toBeLessThan(
      20,
    );
    expect(await remote.faults()).toEqual([]);
  });

  test(`${name}: a page blocked for 500 ms in mid-reply delays sound, and loses none`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    const speech = call.say({ replyId: 'reply-1', sound: tone(440, 3_000) });
    await speaking(remote, speech);
    const block = await remote.block(Date.now() + 800, BLOCK_MS);
    await speech.finished;
    await remote.waitForEvents('reply-end');
    const recording = await remote.readSpeaker();
    const stats = await remote.waitForEvents('stats', (await remote.events('stats')).length + 1);
    const { underruns } = stats.at(-1)!.detail;
    const gaps = findGaps(recording, { minGapMs: 2 }).length;
    const figures = { heardMs: soundMs(recording, 2), pausedMs: pausedMs(recording), gaps, underruns, block };
    console.log(`${name}: 3000 ms with a block of 500 ms:`, figures);
    expect(Math.abs(figures.heardMs - 3_000), 'no sound is lost').toBeLessThan(30);
    // One underrun may cause more than one gap.
    expect(gaps > 0 && underruns === 0, 'gaps that no underrun explains').toBe(false);
  });

  test(`${name}: a page that is busy for 200 ms of every second costs no sound, and the buffer learns it`, async () => {
    await using remote = await RemoteCall.open(open);
    const { call } = remote;
    const speech = call.say({ replyId: 'reply-1', sound: tone(440, (BLOCK_COUNT + 1) * 1_000) });
    await speaking(remote, speech);
    const startEpochMs = Date.now();
    for (let second = 0; second < BLOCK_COUNT; second += 1) {
      await remote.block(startEpochMs + second * 1_000 + 500, 200);
    }
    await speech.finished;
    await remote.waitForEvents('reply-end');
    const recording = await remote.readSpeaker();
    const stats = await remote.waitForEvents('stats');
    const figures = {
      pausedMs: pausedMs(recording),
      targetMs: stats.at(-1)!.detail.targetMs,
      serverLateMs: speech.worstLatenessMs,
      heardMs: soundMs(recording, 2),
    };
    console.log(`${name}: ${(BLOCK_COUNT + 1) * 1_000} ms with 200 ms of every second blocked:`, figures);
    expect(Math.abs(figures.heardMs - (BLOCK_COUNT + 1) * 1_000), 'no sound is lost').toBeLessThan(60);
    expect(stats.at(-1)!.detail.targetMs, 'the buffer has learned the stalls').toBeGreaterThan(LEARNED_MS);
  });
}
