import { readEvents, waitForEvents } from '../support/agent-page.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { openCall } from '../support/open-call.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { readLatestSpeaker, renderedAtEpochMs } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const WORDS = Array.from({ length: 20 }, (_, index) => `word${index}`);
const WORD_MS = 400;
const CAPTIONS: Claim = {
  figure: 'spoken word to its caption, median',
  bound: 'at most',
  limit: 100,
  unit: 'ms',
};

export const scenario: Scenario = {
  name: 'captions',
  about: `From a word's first sample to the page's event; ${WORDS.length} words of one reply, announced in one burst.`,
  claims: [CAPTIONS],
  async run() {
    await using opened = await openCall({ animated: true });
    const { browser, page, call } = opened;
    await using controls = await startControls(browser);
    const durationMs = WORDS.length * WORD_MS;
    const sound = makeTone({ frequencyHz: 440, durationMs, amplitude: 0.5, rateHz: 24_000 });
    const ids = { reply_id: 'story', item_id: 'item-story' };
    const speech = call.say({ replyId: ids.reply_id, sound, leadMs: 500 });
    WORDS.forEach((word, index) => {
      const times = { start_ms: index * WORD_MS, end_ms: (index + 1) * WORD_MS };
      call.send({ type: 'transcript.agent.delta', ...ids, delta: `${word} `, ...times });
    });
    await speech.finished;
    await waitForEvents(page, 'reply-end');
    const lateness = await controls.read();
    const recording = await readLatestSpeaker(page);
    const start = firstAudibleFrame(recording.samples);
    const updates = (await readEvents(page, 'transcript')).filter(({ detail }) => detail.role === 'agent');
    const delaysMs = WORDS.flatMap((_word, index) => {
      const told = updates.find(({ detail }) => detail.text.split(' ').length > index);
      const frame = Math.round(start + (index * WORD_MS * recording.rateHz) / 1_000);
      return told ? [told.atEpochMs - renderedAtEpochMs(recording, frame)] : [];
    });
    return [
      {
        what: 'spoken word to its caption',
        value: median(delaysMs),
        unit: 'ms',
        detail: summary(delaysMs),
        claim: CAPTIONS,
        control: controlOf(lateness, 'worker', 0.9, 15),
        load: machineLoad(),
      },
    ];
  },
};
