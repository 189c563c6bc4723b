/** The choice of microphone and speaker, before and during a call, and releasing the microphone while muted. */
import { expect, test, type Page } from '@playwright/test';
import { readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { expectSoundWhileAsked, openDeviceCall, openDevicePage } from '../support/device-call.js';
import { untilBeep, untilSilence } from '../support/microphone-packets.js';

const codes = async (page: Page): Promise<string[]> =>
  (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);

/** Ids of the devices of one kind, without the alias of the default, which is the first. */
function deviceIds(page: Page, kind: MediaDeviceKind): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const list = await navigator.mediaDevices.enumerateDevices();
    return list
      .filter(({ kind, deviceId }) => kind === wanted && deviceId !== 'default')
      .map(({ deviceId }) => deviceId);
  }, kind);
}

const setAttribute = (page: Page, name: string, value: string | undefined): Promise<void> =>
  page.evaluate(
    ([key, text]) =>
      text === undefined ? window.agent.removeAttribute(key) : window.agent.setAttribute(key, text),
    [name, value] as const,
  );

/** By script, because markup cannot unmute. */
const setMuted = (page: Page, muted: boolean): Promise<void> =>
  page.evaluate((value) => {
    (window.agent as unknown as { muted: boolean }).muted = value;
  }, muted);

/** The devices of all open microphones. */
const openMicrophones = (page: Page): Promise<(string | undefined)[]> =>
  page.evaluate(() =>
    window.microphoneTracks
      .filter(({ readyState }) => readyState === 'live')
      .map((track) => track.getSettings().deviceId),
  );

const sinkId = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window.audioContexts.at(-1) as unknown as { sinkId: unknown }).sinkId);

test.describe('the microphone', () => {
  test('is the chosen one from the start, can change during a call, and a requested change shows no notice', async () => {
    await using opened = await openDeviceCall();
    const { page, call, server } = opened;
    const [first, second] = await deviceIds(page, 'audioinput');
    expect(first).not.toBe(second);

    await expectSoundWhileAsked(opened, () => setAttribute(page, 'microphone-id', second));
    await expect.poll(() => openMicrophones(page)).toEqual([second]);
    await untilBeep(call);

    // The latest choice wins, even while a device opens.
    await page.evaluate(
      ([one, other]) => {
        const agent = window.agent as unknown as { microphoneId: string };
        agent.microphoneId = one!;
        requestAnimationFrame(() => (agent.microphoneId = other!));
      },
      [first, second] as const,
    );
    await page.waitForFunction(() => window.devices.openedAtEpochMs.length >= 4);
    await expect.poll(() => openMicrophones(page)).toEqual([second]);
    await untilBeep(call);

    expect(await codes(page)).toEqual([]);
    expect(await page.evaluate(() => window.devices.mostLiveTracks), 'never more than one').toBe(1);
    expect(server.calls, 'one connection').toHaveLength(1);
    await page.evaluate(() => window.agent.stop());

    await page.evaluate(() => window.agent.start());
    expect(await openMicrophones(page), 'the next call begins with it').toEqual([second]);
  });

  test('is the default one if the chosen one is not connected', async () => {
    await using opened = await openDeviceCall({ attributes: { 'microphone-id': 'left-at-home' } });
    const { page, call } = opened;
    await untilBeep(call, 0);
    expect(await openMicrophones(page)).toHaveLength(1);
    const before = await openMicrophones(page);
    const [, second] = await deviceIds(page, 'audioinput');
    await setAttribute(page, 'microphone-id', second);
    await expect.poll(() => openMicrophones(page)).toEqual([second]);
    await setAttribute(page, 'microphone-id', undefined);
    await expect.poll(() => openMicrophones(page)).toEqual(before);
    await untilBeep(call);
    expect(await codes(page)).toEqual([]);
  });

  test('that is chosen during the permission prompt is the one that is used', async () => {
    await using opened = await openDevicePage({
      prepare: (page) =>
        page.addInitScript(() => {
          const { mediaDevices } = navigator;
          const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
          mediaDevices.getUserMedia = async (constraints) => {
            await new Promise((resolve) => document.addEventListener('answered', resolve, { once: true }));
            return getUserMedia(constraints);
          };
        }),
    });
    const { page, server } = opened;
    await page.evaluate(() => void window.agent.start());
    await waitForState(page, 'connecting');
    const [, second] = await deviceIds(page, 'audioinput');
    await setAttribute(page, 'microphone-id', second);
    await page.evaluate(async () => {
      await (window.agent as unknown as { updateComplete: Promise<unknown> }).updateComplete;
      document.dispatchEvent(new Event('answered'));
    });
    await page.waitForFunction(() => window.microphoneTracks.length === 1);
    await page.evaluate(() => {
      const again = setInterval(() => document.dispatchEvent(new Event('answered')), 20);
      window.addEventListener('pagehide', () => clearInterval(again));
    });
    await expect.poll(() => openMicrophones(page)).toEqual([second]);
    await untilBeep(await server.call());
    expect(await codes(page)).toEqual([]);
  });
});

test.describe('release-microphone', () => {
  test('closes the device while muted, sends silence, and reopens it without a notice', async () => {
    await using opened = await openDeviceCall({ attributes: { 'release-microphone': '' } });
    const { page, call } = opened;
    await untilBeep(call, 0);
    for (let round = 1; round <= 2; round++) {
      await setMuted(page, true);
      await expect.poll(() => openMicrophones(page)).toEqual([]);
      await untilSilence(call);
      await setMuted(page, false);
      await expect.poll(() => openMicrophones(page)).toHaveLength(1);
      await untilBeep(call);
      expect(await page.evaluate(() => window.microphoneTracks.length)).toBe(round + 1);
    }
    expect(await codes(page)).toEqual([]);
  });

  test('opens no device while muted, even if devices change', async () => {
    await using opened = await openDeviceCall({ attributes: { 'release-microphone': '', muted: '' } });
    const { page, call } = opened;
    expect(await openMicrophones(page), 'it was only asked for').toEqual([]);
    const asked = await page.evaluate(() => window.microphoneTracks.length);
    const [, second] = await deviceIds(page, 'audioinput');
    await setAttribute(page, 'microphone-id', second);
    await page.evaluate(() => void navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    const since = Date.now();
    await call.until(
      '25 packets',
      () => call.packets.filter(({ atEpochMs }) => atEpochMs > since).length >= 25,
    );
    expect(await page.evaluate(() => window.microphoneTracks.length)).toBe(asked);
    await setMuted(page, false);
    await expect.poll(() => openMicrophones(page)).toEqual([second]);
    await untilBeep(call);
    expect(await codes(page)).toEqual([]);
  });

  test('shows a notice if the device is gone when it should be reopened', async () => {
    await using opened = await openDeviceCall({ attributes: { 'release-microphone': '' } });
    const { page } = opened;
    await setMuted(page, true);
    await expect.poll(() => openMicrophones(page)).toEqual([]);
    await page.evaluate(() => (window.devices.unplugged = true));
    await setMuted(page, false);
    await waitForEvents(page, 'agent-error');
    expect(await codes(page)).toEqual(['microphone_lost']);
  });
});

test.describe('the speaker', () => {
  test('is the chosen one, and can change during a call', async () => {
    await using opened = await openDeviceCall();
    const { page } = opened;
    expect(await sinkId(page)).toBe('');
    const [first, second] = await deviceIds(page, 'audiooutput');
    await setAttribute(page, 'speaker-id', second);
    await expect.poll(() => sinkId(page)).toBe(second);
    await setAttribute(page, 'speaker-id', first);
    await expect.poll(() => sinkId(page)).toBe(first);
    await setAttribute(page, 'speaker-id', undefined);
    await expect.poll(() => sinkId(page)).toBe('');
    expect(await codes(page)).toEqual([]);
  });

  test('that is not connected is reported once, and the audio continues', async () => {
    await using opened = await openDeviceCall({ attributes: { 'speaker-id': 'left-at-home' } });
    const { page } = opened;
    const [{ detail } = { detail: undefined }] = await waitForEvents(page, 'agent-error');
    expect(detail).toMatchObject({ code: 'speaker_failed', fatal: false });
    await setAttribute(page, 'volume', '0.5');
    await setAttribute(page, 'muted', '');
    await page.evaluate(
      () => (window.agent as unknown as { updateComplete: Promise<unknown> }).updateComplete,
    );
    // The notice is rendered by now, and a second has passed on the page's clock.
    await waitForEvents(page, 'stats', 2);
    expect(await codes(page)).toEqual(['speaker_failed']);
    expect(await sinkId(page)).toBe('');
    const [first] = await deviceIds(page, 'audiooutput');
    await setAttribute(page, 'speaker-id', first);
    await expect.poll(() => sinkId(page)).toBe(first);
  });

  test('that is unplugged is replaced by the default one, and used again when it is back', async () => {
    await using opened = await openDeviceCall();
    const { page } = opened;
    const [, second] = await deviceIds(page, 'audiooutput');
    await setAttribute(page, 'speaker-id', second);
    await expect.poll(() => sinkId(page)).toBe(second);
    const plug = (unplugged: string | undefined): Promise<void> =>
      page.evaluate((id) => {
        window.devices.speakerUnplugged = id;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      }, unplugged);
    await plug(second);
    await expect.poll(() => sinkId(page)).toBe('');
    expect(await codes(page)).toEqual(['speaker_failed']);
    await plug(undefined);
    await expect.poll(() => sinkId(page)).toBe(second);
    expect(await codes(page)).toEqual(['speaker_failed']);
    const changes = await waitForEvents(page, 'speaker-change', 2);
    expect(changes.map(({ detail }) => detail.status)).toEqual(['lost', 'live']);
  });

  test('is unchanged if the browser cannot select speakers', async () => {
    await using opened = await openDeviceCall({
      attributes: { 'speaker-id': 'any' },
      prepare: (page) =>
        page.addInitScript(() => {
          // The tests' AudioContext replaces the browser's.
          for (
            let made: object | null = AudioContext.prototype;
            made;
            made = Object.getPrototypeOf(made) as object | null
          )
            delete (made as { setSinkId?: unknown }).setSinkId;
        }),
    });
    const { page } = opened;
    await waitForEvents(page, 'stats');
    expect(await codes(page)).toEqual([]);
    expect(await page.evaluate(() => window.agent.state)).toBe('listening');
  });
});
