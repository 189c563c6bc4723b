/** Who speaks while muted is told, from what the microphone really hears; the server hears nothing of it. */
import { expect, test } from '@playwright/test';
import { waitForEvents } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import { peak } from '../support/sound-level.js';
import { makeTone } from '../support/tones.js';

const VOICE = makeTone({ frequencyHz: 300, durationMs: 20_000, amplitude: 0.3, rateHz: 48_000 });

test('a muted user who speaks is told so until the microphone is open again, and is not sent', async () => {
  await using opened = await openCall({
    attributes: { muted: '' },
    microphone: [{ atMs: 0, sound: VOICE }],
  });
  const { page, call } = opened;
  const note = page.getByRole('status').filter({ hasText: 'You are muted. The agent cannot hear you.' });
  await expect(note).toBeVisible();
  const sent = await call.inputOfAtLeast(500);
  expect(peak(sent.samples)).toBe(0);
  await page.getByRole('button', { name: 'Mute microphone' }).click();
  await expect(note).toHaveCount(0);
});

test('a muted user who is silent is not told anything', async () => {
  await using opened = await openCall({ attributes: { muted: '' } });
  const { page, call } = opened;
  await call.inputOfAtLeast(1_000);
  await waitForEvents(page, 'stats', 2);
  await expect(page.getByText('The agent cannot hear you')).toHaveCount(0);
});
