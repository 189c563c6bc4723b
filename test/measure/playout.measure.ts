import { readEvents, waitForEvents } from '../support/agent-page.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { frameAtEpochMs, readLatestSpeaker, renderedAtEpochMs } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const REPLIES = 12;
const LEAD_MS = 300;
const PLAYOUT: Claim = {
  figure: 'network to speaker, beyond the target of the jitter buffer, median',
  bound: 'at most',
  limit: 10,
  unit: 'ms',
};

export const scenario: Scenario = {
  name: 'playout',
  about: `From an audio message to its first audible sample; ${REPLIES} replies.`,
  claims: [PLAYOUT],
  async run() {
    await using opened = await openCall({ animated: true });
    const { browser, page, call } = opened;
    await using controls = await startControls(browser);
    const excessMs: number[] = [];
    const measuredMs: number[] = [];
    for (let index = 1; index <= REPLIES; index += 1) {
      const sound = makeTone({
        frequencyHz: 440,
        durationMs: 700,
        amplitude: 0.5,
        rateHz: 24_000,
        rampMs: 0,
      });
      const fromEpochMs = Date.now();
      const speech = call.say({ replyId: `reply-${index}`, sound, leadMs: LEAD_MS });
      await speech.finished;
      await waitForEvents(page, 'reply-end', index);
      const sentAtEpochMs = speech.sentAtEpochMs[LEAD_MS / 10]!;
      const recording = await readLatestSpeaker(page);
      const from = frameAtEpochMs(recording, fromEpochMs);
      const onset = from + firstAudibleFrame(recording.samples.subarray(from), 0.01);
      const delayMs = renderedAtEpochMs(recording, onset) - sentAtEpochMs;
      const { targetMs } = (await waitForEvents(page, 'stats')).at(-1)!.detail;
      // If the server itself sends late, the buffer is deeper than it will be a moment later.
      excessMs.push(delayMs - Math.max(targetMs, speech.worstLatenessMs));
      measuredMs.push(delayMs);
    }
    const lateness = await controls.read();
    const stats = (await readEvents(page, 'stats')).map(({ detail }) => detail);
    const reported = stats.flatMap(({ playoutDelayMs, outputLatencyMs }) =>
      playoutDelayMs === undefined ? [] : [playoutDelayMs - outputLatencyMs],
    );
    const load = machineLoad();
    return [
      {
        what: 'network to speaker, beyond the target',
        value: median(excessMs),
        unit: 'ms',
        detail: summary(excessMs),
        claim: PLAYOUT,
        control: controlOf(lateness, 'worklet', 0.9, 15),
        load,
      },
      {
        what: 'network to speaker',
        value: median(measuredMs),
        unit: 'ms',
        detail: summary(measuredMs),
        load,
      },
      {
        what: 'the same, from `stats`',
        value: median(reported),
        unit: 'ms',
        detail: summary(reported),
        load,
      },
    ];
  },
};
