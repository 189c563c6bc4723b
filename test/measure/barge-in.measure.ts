import { waitForEvents } from '../support/agent-page.js';
import { machineLoad } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { syntheticVoice } from '../support/synthetic-voice.js';
import { makeTone } from '../support/tones.js';
import { median, summary, type Scenario } from './scenario.js';

const MICROPHONE_RATE_HZ = 48_000;
const EVERY_MS = 4_000;
const WORDS = 6;
const REPLY_MS = 26_000;
/** Pitches of typical male and female voices. */
const PITCHES_HZ = [95, 120, 150, 180, 210, 240];

export const scenario: Scenario = {
  name: 'barge-in',
  about: `From the first sign of speech in the worklet to the duck, as \`stats\` reports it: ${WORDS} short words over a reply, with a synthetic voice in Chromium’s fake microphone and no canceller. Real rooms, voices and cancellers: \`npm run room\`.`,
  claims: [],
  async run() {
    const microphone = PITCHES_HZ.map((pitchHz, i) => ({
      atMs: 3_000 + i * EVERY_MS,
      sound: { rateHz: MICROPHONE_RATE_HZ, samples: syntheticVoice(MICROPHONE_RATE_HZ, pitchHz, 0.35, i) },
    }));
    await using opened = await openCall({ animated: true, microphone, withoutEchoCancellation: true });
    const sound = makeTone({ frequencyHz: 440, durationMs: REPLY_MS, amplitude: 0.5, rateHz: 24_000 });
    opened.call.say({ replyId: 'reply-1', sound, aheadMs: REPLY_MS });
    await waitForEvents(opened.page, 'reply-end');
    const stats = (await waitForEvents(opened.page, 'stats')).map(({ detail }) => detail);
    const firstOfEach = stats.filter(({ ducks }, i) => ducks > (stats[i - 1]?.ducks ?? 0));
    const delays = firstOfEach.flatMap(({ onsetToDuckMs }) => onsetToDuckMs ?? []);
    if (delays.length === 0) throw new Error('Nothing was ducked.');
    return [
      {
        what: 'first sign of speech to duck',
        value: median(delays),
        unit: 'ms',
        detail: summary(delays),
        load: machineLoad(),
      },
    ];
  },
};
