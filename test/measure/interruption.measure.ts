import { blockPage, waitForEvents, waitForState } from '../support/agent-page.js';
import { machineLoad, type Claim, type Reading } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { untilEpochMs } from '../support/scripted-call.js';
import { lastAudibleFrame } from '../support/sound-level.js';
import {
  frameAtEpochMs,
  readLatestSpeaker,
  renderedAtEpochMs,
  untilAudible,
} from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls, type Lateness } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const ROUNDS = 7;
const BLOCK_MS = 500;
const claim = (how: string): Claim => ({
  figure: `interruption to silence, ${how}, median`,
  bound: 'at most',
  limit: 20,
  unit: 'ms',
});
const IDLE = claim('page idle');
const BLOCKED = claim('page blocked');

async function measure(isBlocked: boolean): Promise<{ silentAfterMs: number[]; lateness: Lateness }> {
  await using opened = await openCall({ animated: true });
  const { browser, page, call } = opened;
  await using controls = await startControls(browser);
  const silentAfterMs: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const fromEpochMs = Date.now();
    const sound = makeTone({ frequencyHz: 440, durationMs: 6_000, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: `reply-${round}`, sound });
    await waitForState(page, 'speaking');
    await untilAudible(page, 700);
    const blockAtEpochMs = Date.now() + 100;
    const blocking = isBlocked ? blockPage(page, blockAtEpochMs, BLOCK_MS) : undefined;
    await untilEpochMs(blockAtEpochMs + 200);
    const cutAtEpochMs = call.interrupt(speech);
    await speech.finished;
    await blocking;
    await waitForEvents(page, 'interruption', round);
    const recording = await readLatestSpeaker(page);
    const part = recording.samples.subarray(0, frameAtEpochMs(recording, Date.now()));
    const last = lastAudibleFrame(part);
    if (last < frameAtEpochMs(recording, fromEpochMs)) throw new Error('The reply was not heard.');
    silentAfterMs.push(renderedAtEpochMs(recording, last) - cutAtEpochMs);
  }
  return { silentAfterMs, lateness: await controls.read() };
}

export const scenario: Scenario = {
  name: 'interruption',
  about: `From the server's message to the last audible sample; ${ROUNDS} times with an idle page, and ${ROUNDS} times while it is blocked for ${BLOCK_MS} ms.`,
  claims: [IDLE, BLOCKED],
  async run() {
    const readings: Reading[] = [];
    for (const [what, isBlocked, wanted] of [
      ['interruption to silence, page idle', false, IDLE],
      ['interruption to silence, page blocked', true, BLOCKED],
    ] as const) {
      const { silentAfterMs, lateness } = await measure(isBlocked);
      readings.push({
        what,
        value: median(silentAfterMs),
        unit: 'ms',
        detail: summary(silentAfterMs),
        claim: wanted,
        control: controlOf(lateness, 'worklet', 0.9, 15),
        load: machineLoad(),
      });
    }
    return readings;
  },
};
