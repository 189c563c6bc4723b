/** Whole calls on a phone, by touch only, in portrait and landscape. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openDevicePage, type DevicePage } from '../support/device-call.js';
import { untilBeep, untilSilence } from '../support/microphone-packets.js';
import { firstRows } from '../support/sample.js';
import { makeTone } from '../support/tones.js';
import { answerInWriting } from '../support/written-answer.js';

const REPLY = makeTone({ frequencyHz: 440, durationMs: 600, amplitude: 0.5, rateHz: 24_000 });
/** Minimum target size, by WCAG 2.5.8. */
const SMALLEST_TARGET_PX = 24;

const PHONES = {
  upright: { width: 390, height: 844 },
  'on its side': { width: 844, height: 390 },
} as const;
type Hold = keyof typeof PHONES;

const openPhone = (hold: Hold, attributes: Readonly<Record<string, string>>): Promise<DevicePage> =>
  openDevicePage({ attributes, context: { viewport: PHONES[hold], isMobile: true, hasTouch: true } });

/** Every control is on the screen and large enough, and nothing scrolls sideways. */
async function expectInReach(page: Page, parts: Locator): Promise<void> {
  const { width, height } = page.viewportSize()!;
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  for (const part of await parts.all()) {
    await part.scrollIntoViewIfNeeded();
    const box = (await part.boundingBox())!;
    const name = await part.getAttribute('part');
    expect(Math.min(box.width, box.height), name!).toBeGreaterThanOrEqual(SMALLEST_TARGET_PX);
    expect(box.x, name!).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, name!).toBeLessThanOrEqual(width);
    expect(box.y, name!).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height, name!).toBeLessThanOrEqual(height);
  }
}

async function hangUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'End conversation' }).tap();
  await waitForState(page, 'ended');
  expect((await readEvents(page, 'session-end')).map(({ detail }) => detail.reason)).toEqual(['stopped']);
  expect(await readEvents(page, 'agent-error')).toEqual([]);
}

for (const [index, hold] of (['upright', 'on its side'] as const).entries()) {
  test(
    `a phone ${hold}: open the card, talk, mute, and close the card again`,
    firstRows(1, index),
    async () => {
      await using opened = await openPhone(hold, { layout: 'floating' });
      const { page, server } = opened;
      const sheet = page.getByRole('dialog');
      await expect(sheet).toBeHidden();
      await page.getByRole('button', { name: 'Voice conversation' }).tap();
      await expect(sheet).toBeVisible();
      const buttons = sheet.getByRole('button');
      await expectInReach(page, buttons);
      await page.getByRole('button', { name: 'Start conversation' }).tap();
      await waitForState(page, 'listening');
      const call = await server.call();
      await call.say({ replyId: 'reply-1', sound: REPLY, text: 'Hello there.' }).finished;
      await waitForEvents(page, 'reply-end');
      await expect(page.getByRole('log', { name: 'Transcript' })).toContainText('Hello there.');
      await expectInReach(page, buttons);
      await page.getByRole('button', { name: 'Mute microphone' }).tap();
      await expect(page.getByRole('button', { name: 'Mute microphone' })).toHaveAttribute(
        'aria-pressed',
        'true',
      );
      await hangUp(page);
      await page.getByRole('button', { name: 'Close' }).tap();
      await expect(sheet).toBeHidden();
    },
  );

  test(
    `a phone ${hold}: the panel asks for consent, and accepts typed messages`,
    firstRows(1, index),
    async () => {
      await using opened = await openPhone(hold, { 'text-input': '', 'require-consent': '' });
      const { page, server } = opened;
      await page.getByRole('button', { name: 'Start conversation' }).tap();
      await expectInReach(page, page.getByRole('button'));
      expect(server.calls, 'nothing happens before the answer').toHaveLength(0);
      await page.getByRole('button', { name: 'Agree and start' }).tap();
      await waitForState(page, 'listening');
      await answerInWriting(page, await server.call(), async (text) => {
        const field = page.getByRole('textbox', { name: 'Type a message' });
        await field.tap();
        await page.keyboard.type(text);
        await page.getByRole('button', { name: 'Send' }).tap();
      });
      await expectInReach(page, page.getByRole('button'));
      await hangUp(page);
    },
  );
}

test('touching the talk button opens the microphone, and lifting the finger closes it', async () => {
  await using opened = await openPhone('upright', { 'push-to-talk': '' });
  const { page, server } = opened;
  await page.getByRole('button', { name: 'Start conversation' }).tap();
  await waitForState(page, 'listening');
  const call = await server.call();
  const box = (await page.getByRole('button', { name: 'Hold to talk' }).boundingBox())!;
  const finger = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  // Longer than a tap, and longer than the long press that opens a menu.
  const heldSince = Date.now() + 1_000;
  await untilBeep(call, heldSince);
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(page.getByRole('button', { name: 'Hold to talk' })).toHaveAttribute('aria-pressed', 'false');
  await untilSilence(call);
  await hangUp(page);
});
