/** Push to talk on the wire: what the server hears, and what it must not. */
import { expect, test } from '@playwright/test';
import { readEvents } from '../support/agent-page.js';
import { openDeviceCall } from '../support/device-call.js';
import type { Packet, ScriptedCall } from '../support/scripted-call.js';
import { peak } from '../support/sound-level.js';
import { decodeWireAudio } from '../support/wire-audio.js';

/** A packet under way, and some for a busy machine. */
const SETTLE_MS = 300;
/** Well over a tap, which would keep the microphone open. */
const HOLD_MS = 500;

const isSound = ({ bytes }: Packet): boolean => peak(decodeWireAudio('audio/pcm', bytes).samples) > 0.05;

function untilBeep(call: ScriptedCall, afterEpochMs: number): Promise<Packet> {
  return call.until('a beep', () =>
    call.packets.find((packet) => packet.atEpochMs > afterEpochMs && isSound(packet)),
  );
}

/** More than a second, in which an open microphone would have beeped. */
async function expectSilence(call: ScriptedCall): Promise<void> {
  const since = Date.now() + SETTLE_MS;
  const packets = await call.until('25 packets', () => {
    const after = call.packets.filter(({ atEpochMs }) => atEpochMs > since);
    return after.length >= 25 && after;
  });
  expect(packets.filter(isSound)).toHaveLength(0);
}

for (const [how, release] of [
  ['kept open', {}],
  ['closed in between', { 'release-microphone': '' }],
] as const) {
  test(`the server hears what is said while the button or Space is held, and nothing else; microphone ${how}`, async () => {
    await using opened = await openDeviceCall({ attributes: { 'push-to-talk': '', ...release } });
    const { page, call } = opened;
    const live = () =>
      page.evaluate(() => window.microphoneTracks.filter(({ readyState }) => readyState === 'live').length);
    await expectSilence(call);
    expect(await live()).toBe('release-microphone' in release ? 0 : 1);

    await page.getByRole('button', { name: 'Hold to talk' }).hover();
    await page.mouse.down();
    await untilBeep(call, Date.now() + HOLD_MS);
    await page.mouse.up();
    await expectSilence(call);

    await page.getByRole('button', { name: 'Hold to talk' }).focus();
    await page.keyboard.down('Space');
    await untilBeep(call, Date.now() + HOLD_MS);
    await page.keyboard.up('Space');
    await expectSilence(call);
    expect(await live()).toBe('release-microphone' in release ? 0 : 1);

    // Enter switches, for who cannot hold a key.
    await page.keyboard.press('Enter');
    await untilBeep(call, Date.now());
    await page.keyboard.press('Enter');
    await expectSilence(call);

    expect(await readEvents(page, 'agent-error')).toEqual([]);
    expect(opened.server.calls, 'one connection').toHaveLength(1);
  });
}
