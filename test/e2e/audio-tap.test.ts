/** `tapAudio`: both sides of a call, sample by sample, as two tracks of one clock. */
import { expect, test, type Page } from '@playwright/test';
import { startCall, waitForEvents } from '../support/agent-page.js';
import { openDevicePage, readWholeSpeaker } from '../support/device-call.js';
import { medianPitchHz } from '../support/pitch.js';
import { peak, soundMs } from '../support/sound-level.js';
import { makeTone } from '../support/tones.js';

interface TapWindow {
  tapped: { rateHz: number; microphone: Float32Array; speaker: Float32Array }[];
  endTap: () => void;
  /** Number of blocks from a second tap. */
  tappedBeside: number;
  endTapBeside: () => void;
}

interface TappedAgent {
  tapAudio(port: MessagePort): () => void;
}

const TONE = makeTone({ frequencyHz: 330, durationMs: 1_000, amplitude: 0.5, rateHz: 24_000 });

/** The page records the tap's messages from now on. */
function tap(page: Page): Promise<void> {
  return page.evaluate(() => {
    const tapWindow = window as unknown as TapWindow;
    tapWindow.tapped = [];
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = ({ data }: MessageEvent<TapWindow['tapped'][number]>) => tapWindow.tapped.push(data);
    tapWindow.endTap = (window.agent as unknown as TappedAgent).tapAudio(port1);
  });
}

/** A second tap, which only counts. */
function tapBeside(page: Page): Promise<void> {
  return page.evaluate(() => {
    const tapWindow = window as unknown as TapWindow;
    tapWindow.tappedBeside = 0;
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => tapWindow.tappedBeside++;
    tapWindow.endTapBeside = (window.agent as unknown as TappedAgent).tapAudio(port1);
  });
}

interface Tapped {
  readonly rateHz: number;
  readonly microphone: Float32Array;
  readonly speaker: Float32Array;
}

/** All recorded blocks, concatenated. */
async function readTap(page: Page): Promise<Tapped> {
  const { rates, microphone, speaker } = await page.evaluate(() => {
    const { tapped } = window as unknown as TapWindow;
    return {
      rates: [...new Set(tapped.map(({ rateHz }) => rateHz))],
      microphone: tapped.flatMap((block) => [...block.microphone]),
      speaker: tapped.flatMap((block) => [...block.speaker]),
    };
  });
  expect(rates).toHaveLength(1);
  expect(microphone).toHaveLength(speaker.length);
  return { rateHz: rates[0]!, microphone: new Float32Array(microphone), speaker: new Float32Array(speaker) };
}

const clearTap = (page: Page): Promise<void> =>
  page.evaluate(() => void ((window as unknown as TapWindow).tapped = []));

/** Blocks hold 4096 frames, 85 ms at 48 kHz. */
const untilTapped = (page: Page, blocks: number): Promise<unknown> =>
  page.waitForFunction((count) => (window as unknown as TapWindow).tapped.length >= count, blocks);

test('taps deliver both sides sample by sample, silence while muted, and are independent of each other', async () => {
  await using opened = await openDevicePage();
  const { page, server } = opened;
  // Before the call, because a tap belongs to the agent, not to one call.
  await tap(page);
  expect(await startCall(page)).toBeUndefined();
  const call = await server.call();
  await call.say({ replyId: 'reply-1', sound: TONE, aheadMs: 1_000 }).finished;
  await waitForEvents(page, 'reply-end');
  await untilTapped(page, 30);
  const both = await readTap(page);
  const speaker = { rateHz: both.rateHz, samples: both.speaker };
  expect(Math.abs(soundMs(speaker) - 1_000), 'the whole reply').toBeLessThan(20);
  expect(medianPitchHz(speaker)).toBeCloseTo(330, 0);
  expect(peak(both.speaker)).toBeCloseTo(0.5, 1);
  const played = await readWholeSpeaker(page);
  expect(played.rateHz, 'at the rate of the device').toBe(both.rateHz);
  // The fake microphone beeps once a second, with its own pitch.
  expect(peak(both.microphone)).toBeGreaterThan(0.05);
  const beepMs = soundMs({ rateHz: both.rateHz, samples: both.microphone });
  const tappedMs = (both.microphone.length / both.rateHz) * 1_000;
  expect(beepMs, 'the microphone’s track holds beeps, not the reply').toBeLessThan(tappedMs / 2);

  await page.evaluate(() => window.agent.toggleAttribute('muted', true));
  await page.evaluate(() => (window.agent as unknown as { updateComplete: Promise<unknown> }).updateComplete);
  await waitForEvents(page, 'stats', 2);
  await clearTap(page);
  await untilTapped(page, 16);
  const muted = await readTap(page);
  // Audio that was already in the graph is over after the first block.
  expect(peak(muted.microphone.subarray(4_096)), 'more than a second without a beep').toBe(0);

  await tapBeside(page);
  await clearTap(page);
  await page.waitForFunction(() => (window as unknown as TapWindow).tappedBeside >= 4);
  await untilTapped(page, 4);
  await page.evaluate(() => (window as unknown as TapWindow).endTapBeside());
  await clearTap(page);
  await untilTapped(page, 4);

  await page.evaluate(() => (window as unknown as TapWindow).endTap());
  const ticks = (await waitForEvents(page, 'stats')).length;
  await waitForEvents(page, 'stats', ticks + 1);
  await clearTap(page);
  await waitForEvents(page, 'stats', ticks + 3);
  expect(await page.evaluate(() => (window as unknown as TapWindow).tapped.length), 'nothing more').toBe(0);
});
