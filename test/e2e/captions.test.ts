/** The agent's words appear on the page as they are heard. `npm run measure` measures the delay. */
import { expect, test, type Page } from '@playwright/test';
import { readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import type { ScriptedCall } from '../support/scripted-call.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { readLatestSpeaker, renderedAtEpochMs, untilAudible } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';

const WORDS = ['Once', 'upon', 'a', 'time', 'there', 'was', 'a', 'room', 'for', 'two.'];
const WORD_MS = 400;
/** Audio is rendered in bursts, and a busy machine stamps them late: a word may seem early by less than a word. */
const BURST_MS = WORD_MS / 2;
const TEXT = WORDS.join(' ');
const IDS = { reply_id: 'story', item_id: 'item-story' };

/** A reply whose words are all announced in one burst, long before they are audible, as by the service. */
function tellStory(call: ScriptedCall) {
  const sound = makeTone({
    frequencyHz: 440,
    durationMs: WORDS.length * WORD_MS,
    amplitude: 0.5,
    rateHz: 24_000,
  });
  const speech = call.say({ replyId: IDS.reply_id, sound, leadMs: 500, aheadMs: 1_000 });
  WORDS.forEach((word, index) =>
    call.send({
      type: 'transcript.agent.delta',
      ...IDS,
      delta: `${word} `,
      start_ms: index * WORD_MS,
      end_ms: (index + 1) * WORD_MS,
    }),
  );
  return speech;
}

async function agentUpdates(page: Page) {
  return (await readEvents(page, 'transcript')).filter(({ detail }) => detail.role === 'agent');
}

/** For each word, the delay from its first sample to the page's event. */
async function delaysMs(page: Page): Promise<number[]> {
  const recording = await readLatestSpeaker(page);
  const start = firstAudibleFrame(recording.samples);
  const updates = await agentUpdates(page);
  const heardWords = updates.at(-1)!.detail.text.split(' ').length;
  return WORDS.slice(0, heardWords).map((_word, index) => {
    const told = updates.find(({ detail }) => detail.text.split(' ').length > index);
    const frame = start + (index * WORD_MS * recording.rateHz) / 1_000;
    return told!.atEpochMs - renderedAtEpochMs(recording, Math.round(frame));
  });
}

test('each word of a reply appears when it is audible', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const speech = tellStory(call);
  call.send({ type: 'transcript.agent', ...IDS, text: TEXT, interrupted: false });
  await speech.finished;
  await waitForEvents(page, 'reply-end');

  const delays = await delaysMs(page);
  expect(delays).toHaveLength(WORDS.length);
  expect(Math.min(...delays), 'not before').toBeGreaterThanOrEqual(-BURST_MS);
  const updates = (await agentUpdates(page)).map(({ detail }) => detail);
  expect(updates.filter(({ final }) => final)).toHaveLength(1);
  expect(updates.at(-1)).toMatchObject({ text: TEXT, final: true, interrupted: false });
  // On a busy machine, one update may contain two words. The last update is always sent.
  expect(updates.length, 'one for each word, and the last').toBeLessThanOrEqual(WORDS.length + 1);
  const counts = updates.map(({ text }) => text.split(' ').length);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  for (const { text, unheardText = '' } of updates) expect(`${text} ${unheardText}`.trim()).toBe(TEXT);
  await expect(page.locator('voice-agent')).toContainText(TEXT);
});

test('an interruption strikes through the words that were not heard', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  const speech = tellStory(call);
  await waitForState(page, 'speaking');
  await untilAudible(page, 1_500);
  // The server believes that more was heard than was.
  call.interrupt({ ...speech, reply: { ...speech.reply, text: WORDS.slice(0, 7).join(' ') } }, { lateMs: 0 });
  const [interruption] = await waitForEvents(page, 'interruption');
  await waitForEvents(page, 'reply-end');

  const { detail } = (await agentUpdates(page)).at(-1)!;
  const { heardMs, heardText } = interruption!.detail;
  expect(heardMs).toBeGreaterThan(1_400);
  expect(detail).toMatchObject({ text: heardText, final: true, interrupted: true });
  expect(`${detail.text} ${detail.unheardText}`).toBe(TEXT);
  expect(detail.text.split(' ').length, 'the words whose time had come').toBe(Math.ceil(heardMs / WORD_MS));
  const struck = page.getByText(detail.unheardText ?? 'nothing', { exact: true });
  await expect(struck).toHaveCSS('text-decoration-line', 'line-through');
});
