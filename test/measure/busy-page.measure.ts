import { blockPage, waitForEvents, waitForState } from '../support/agent-page.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { findGaps } from '../support/sound-level.js';
import { readLatestSpeaker } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { percentile, summary, type Scenario } from './scenario.js';

const SECONDS = 12;
const LATENESS: Claim = {
  figure: 'lateness of audio messages, page busy for 200 ms of every second, p99',
  bound: 'at most',
  limit: 40,
  unit: 'ms',
};
const PAUSES: Claim = {
  figure: 'gaps in a reply, page busy for 200 ms of every second',
  bound: 'at most',
  limit: 0,
  unit: '',
};

export const scenario: Scenario = {
  name: 'busy-page',
  about: `A page whose main thread is busy for 200 ms of every second, and once for 500 ms; ${SECONDS} s.`,
  claims: [LATENESS, PAUSES],
  async run() {
    await using opened = await openCall({ animated: true });
    const { browser, page, call } = opened;
    await using controls = await startControls(browser);
    const durationMs = (SECONDS + 1) * 1_000;
    const sound = makeTone({ frequencyHz: 440, durationMs, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'reply-1', sound });
    await waitForState(page, 'speaking');
    const from = call.packets.length;
    const startEpochMs = Date.now();
    for (let second = 0; second < SECONDS; second += 1) {
      await blockPage(page, startEpochMs + second * 1_000 + 400, second === 3 ? 500 : 200);
    }
    const packets = call.packets.slice(from);
    const lateness = await controls.read();
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    const gaps = findGaps(await readLatestSpeaker(page), { minGapMs: 2 });
    let sentMs = 0;
    const offsets = packets.map(({ atEpochMs, bytes }) => {
      sentMs += bytes.length / 48;
      return atEpochMs - sentMs;
    });
    const lateMs = offsets.map((offset) => offset - Math.min(...offsets));
    const load = machineLoad();
    return [
      {
        what: 'lateness of messages from a busy page',
        value: percentile(lateMs, 0.99),
        unit: 'ms',
        detail: summary(lateMs),
        claim: LATENESS,
        control: controlOf(lateness, 'socket', 0.99, 30),
        load,
      },
      {
        what: 'gaps in a reply on a busy page',
        value: gaps.length,
        unit: '',
        claim: PAUSES,
        load,
        // Frames that the server itself sent late show that the machine was busy.
        control: {
          what: 'the server’s own frames, worst lateness',
          value: speech.worstLatenessMs,
          limit: 25,
          unit: 'ms',
        },
      },
    ];
  },
};
