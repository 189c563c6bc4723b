import { readEvents, waitForEvents } from '../support/agent-page.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { findGaps } from '../support/sound-level.js';
import { readLatestSpeaker } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { startControls } from './controls.js';
import { median, percentile, summary, type Scenario } from './scenario.js';

const SECONDS = 20;
const GAPS: Claim = {
  figure: 'gaps in 20 s of speech on a clean line',
  bound: 'at most',
  limit: 0,
  unit: '',
};

export const scenario: Scenario = {
  name: 'jitter',
  about: `One reply of ${SECONDS} s at real-time pace on a clean line: gaps in the audio, and the target of the buffer.`,
  claims: [GAPS],
  async run() {
    await using opened = await openCall({ animated: true });
    const { browser, page, call } = opened;
    await using controls = await startControls(browser);
    const sound = makeTone({ frequencyHz: 440, durationMs: SECONDS * 1_000, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'reply-1', sound });
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    const { worklet } = await controls.read();
    const gaps = findGaps(await readLatestSpeaker(page), { minGapMs: 2 });
    const targets = (await readEvents(page, 'stats')).map(({ detail }) => detail.targetMs);
    const load = machineLoad();
    const worstMs = Math.max(speech.worstLatenessMs, percentile(worklet, 1) - 15);
    return [
      {
        what: 'gaps on a clean line',
        value: gaps.length,
        unit: '',
        claim: GAPS,
        load,
        control: { what: 'server and a bare worklet, worst lateness', value: worstMs, limit: 25, unit: 'ms' },
      },
      {
        what: 'target of the jitter buffer',
        value: median(targets),
        unit: 'ms',
        detail: summary(targets),
        load,
      },
    ];
  },
};
