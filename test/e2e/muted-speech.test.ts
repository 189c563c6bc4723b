/** A notice for users who speak while muted, from the microphone's real audio. The server receives none of it. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { projectRoot } from '../../scripts/project-root.mjs';
import { waitForEvents } from '../support/agent-page.js';
import { openCall } from '../support/open-call.js';
import { peak } from '../support/sound-level.js';
import { makeTone } from '../support/tones.js';

const VOICE = makeTone({ frequencyHz: 300, durationMs: 20_000, amplitude: 0.3, rateHz: 48_000 });

test('a muted user who speaks sees a notice until unmuted, and none of the speech is sent', async () => {
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

test('a muted user who is silent sees no notice', async () => {
  await using opened = await openCall({ attributes: { muted: '' } });
  const { page, call } = opened;
  await call.inputOfAtLeast(1_000);
  await waitForEvents(page, 'stats', 2);
  await expect(page.getByText('The agent cannot hear you')).toHaveCount(0);
});

test('a muted user stays silent to the server when a framework morphs the markup of the page', async () => {
  await using opened = await openCall({ microphone: [{ atMs: 0, sound: VOICE }] });
  const { page, call } = opened;
  const before = await call.inputOfAtLeast(500);
  expect(peak(before.samples), 'heard before').toBeGreaterThan(0.1);
  await page.getByRole('button', { name: 'Mute microphone' }).click();
  await expect(page.getByText('The agent cannot hear you')).toBeVisible();
  const muted = await call.inputOfAtLeast(0);
  const mutedMs = (muted.samples.length / muted.rateHz) * 1_000;
  await page.addScriptTag({ path: join(projectRoot, 'node_modules/idiomorph/dist/idiomorph.js') });
  await page.evaluate(() =>
    (window as unknown as { Idiomorph: { morph(node: Element, html: string): void } }).Idiomorph.morph(
      document.querySelector('voice-agent')!,
      '<voice-agent></voice-agent>',
    ),
  );
  const after = await call.inputOfAtLeast(mutedMs + 1_000);
  expect(peak(after.samples.subarray(muted.samples.length))).toBe(0);
  await expect(page.getByRole('button', { name: 'Mute microphone', pressed: true })).toBeVisible();
});
