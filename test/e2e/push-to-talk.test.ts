/** Push to talk on the wire: the audio that the server receives, and the audio that it must not receive. */
import { expect, test } from '@playwright/test';
import { readEvents } from '../support/agent-page.js';
import { openDeviceCall } from '../support/device-call.js';
import { untilBeep, untilSilence } from '../support/microphone-packets.js';

/** Much longer than a tap, which would keep the microphone open. */
const HOLD_MS = 500;

for (const [how, release] of [
  ['kept open', {}],
  ['closed in between', { 'release-microphone': '' }],
] as const) {
  test(`the server receives speech only while the button or Space is held; microphone ${how}`, async () => {
    await using opened = await openDeviceCall({ attributes: { 'push-to-talk': '', ...release } });
    const { page, call } = opened;
    const live = () =>
      page.evaluate(() => window.microphoneTracks.filter(({ readyState }) => readyState === 'live').length);
    await untilSilence(call);
    expect(await live()).toBe('release-microphone' in release ? 0 : 1);

    await page.getByRole('button', { name: 'Hold to talk' }).hover();
    await page.mouse.down();
    await untilBeep(call, Date.now() + HOLD_MS);
    await page.mouse.up();
    await untilSilence(call);

    await page.getByRole('button', { name: 'Hold to talk' }).focus();
    await page.keyboard.down('Space');
    await untilBeep(call, Date.now() + HOLD_MS);
    await page.keyboard.up('Space');
    await untilSilence(call);
    expect(await live()).toBe('release-microphone' in release ? 0 : 1);

    // Enter toggles, for users who cannot hold a key.
    await page.keyboard.press('Enter');
    // An earlier second press would count as part of the first.
    await untilBeep(call, Date.now() + HOLD_MS);
    await page.keyboard.press('Enter');
    await untilSilence(call);

    expect(await readEvents(page, 'agent-error')).toEqual([]);
    expect(opened.server.calls, 'one connection').toHaveLength(1);
  });
}
