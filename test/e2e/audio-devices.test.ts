import { expect, test, type Page } from '@playwright/test';
import { readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { expectSoundWhileAsked, openDeviceCall, type DeviceCall } from '../support/device-call.js';
import { untilBeep, untilSilence } from '../support/microphone-packets.js';
import { makeTone } from '../support/tones.js';
import { expectWholeReply } from '../support/whole-reply.js';

const codes = async (page: Page): Promise<string[]> =>
  (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);

/** Ends the track as an unplugged device does, which no script can do to a real track. */
function endTrack(page: Page): Promise<void> {
  return page.evaluate(() => {
    const track = window.microphoneTracks.at(-1);
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });
}

const deviceChange = (page: Page): Promise<void> =>
  page.evaluate(() => void navigator.mediaDevices.dispatchEvent(new Event('devicechange')));

async function expectOneMicrophone({ page, server }: DeviceCall): Promise<void> {
  const states = await page.evaluate(() => window.microphoneTracks.map(({ readyState }) => readyState));
  expect(
    states.filter((state) => state === 'live'),
    'one microphone is open',
  ).toHaveLength(1);
  expect(states.at(-1), 'the latest').toBe('live');
  expect(await page.evaluate(() => window.devices.mostLiveTracks), 'never more than one').toBe(1);
  expect(server.calls, 'one connection').toHaveLength(1);
}

test('a microphone whose track ends is reopened, and the call continues', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  await expectSoundWhileAsked(opened, () => endTrack(page));
  await page.waitForFunction(() => window.microphoneTracks.length === 2);
  await untilBeep(call);
  await expectOneMicrophone(opened);
  expect(await codes(page)).toEqual(['microphone_changed']);
});

test('without any microphone the call reports that once, sends silence, and uses the next microphone that is connected', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  await page.evaluate(() => (window.devices.unplugged = true));
  await endTrack(page);
  await waitForEvents(page, 'agent-error');
  await untilSilence(call, 10);
  await deviceChange(page);
  await untilSilence(call, 10);
  const errors = (await readEvents(page, 'agent-error')).map(({ detail }) => detail);
  expect(errors.map(({ code, fatal }) => [code, fatal])).toEqual([['microphone_lost', false]]);
  expect(errors[0]?.hint).toContain('Connect it');

  const speech = call.say({
    replyId: 'reply-1',
    sound: makeTone({ frequencyHz: 440, durationMs: 800, amplitude: 0.5, rateHz: 24_000 }),
    aheadMs: 1_000,
  });
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  // The agent is heard all the same.
  await expectWholeReply(page, 800);

  await page.evaluate(() => (window.devices.unplugged = false));
  await deviceChange(page);
  await untilBeep(call);
  await expectOneMicrophone(opened);
  expect(await codes(page)).toEqual(['microphone_lost', 'microphone_changed']);
});

test('a new default microphone is followed', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  await page.evaluate(() => (window.devices.swapped = true));
  await expectSoundWhileAsked(opened, () => deviceChange(page));
  await page.waitForFunction(() => window.microphoneTracks.length === 2);
  await untilBeep(call);
  await expectOneMicrophone(opened);
  expect(await codes(page)).toEqual(['microphone_changed']);
});

test('other devices that come and go do not affect the default microphone', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await deviceChange(page);
  // Two beeps are two seconds, far longer than a change would take.
  const first = await untilBeep(call, 0);
  await untilBeep(call, first.atEpochMs + 1_500);
  expect(await page.evaluate(() => window.microphoneTracks.length)).toBe(1);
  expect(await codes(page)).toEqual([]);
  await expectOneMicrophone(opened);
});

test('a new default speaker, which the browser follows, interrupts neither side', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  const speech = call.say({
    replyId: 'reply-1',
    sound: makeTone({ frequencyHz: 440, durationMs: 1_500, amplitude: 0.5, rateHz: 24_000 }),
    aheadMs: 1_000,
  });
  await waitForState(page, 'speaking');
  await page.evaluate(() => (window.devices.speakersSwapped = true));
  await deviceChange(page);
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  await expectWholeReply(page, 1_500);
  await untilBeep(call);
  expect(await page.evaluate(() => window.microphoneTracks.length), 'no microphone was asked for').toBe(1);
  expect(await page.evaluate(() => window.audioContexts.length), 'the same audio context').toBe(1);
  await expectOneMicrophone(opened);
  expect(await codes(page)).toEqual([]);
});

/** Mutes the track as the browser or a headset key does, which no script can do to a real track. */
const muteTrack = (page: Page, muted: boolean): Promise<void> =>
  page.evaluate((value) => {
    const track = window.microphoneTracks.at(-1)!;
    track.enabled = !value;
    Object.defineProperty(track, 'muted', { value, configurable: true });
    track.dispatchEvent(new Event(value ? 'mute' : 'unmute'));
  }, muted);

test('a mute by the browser or the headset is shown, and no other microphone is opened until it ends', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  await muteTrack(page, true);
  await waitForEvents(page, 'agent-error');
  await deviceChange(page);
  await untilSilence(call, 25);
  expect(await codes(page)).toEqual(['microphone_muted']);
  expect(await page.evaluate(() => window.devices.openedAtEpochMs.length), 'none was opened').toBe(1);
  await muteTrack(page, false);
  await untilBeep(call);
  expect(await codes(page)).toEqual(['microphone_muted']);
  await expectOneMicrophone(opened);
});

test('a microphone that is muted from the start is explained at once', async () => {
  await using opened = await openDeviceCall({
    prepare: (page) =>
      page.addInitScript(() => {
        Object.defineProperty(MediaStreamTrack.prototype, 'muted', { get: () => true });
      }),
  });
  const { page } = opened;
  await waitForEvents(page, 'agent-error');
  expect(await codes(page)).toEqual(['microphone_muted']);
  expect(await page.evaluate(() => window.devices.openedAtEpochMs.length)).toBe(1);
});

test('a browser that mutes the track with the Mute button, as Safari does, gets no further request', async () => {
  const rejections: string[] = [];
  await using opened = await openDeviceCall({
    prepare: async (page) => {
      page.on('pageerror', (error) => rejections.push(error.message));
      await page.addInitScript(() => {
        Object.assign(navigator.mediaSession, {
          setMicrophoneActive: (active: boolean): Promise<void> => {
            const track = window.microphoneTracks.at(-1);
            if (active && track?.muted)
              return Promise.reject(new DOMException('No gesture.', 'NotAllowedError'));
            if (track && !active) {
              Object.defineProperty(track, 'muted', { value: true, configurable: true });
              track.dispatchEvent(new Event('mute'));
            }
            return Promise.resolve();
          },
        });
      });
    },
  });
  const { page, call } = opened;
  await untilBeep(call, 0);
  await page.evaluate(() => ((window.agent as unknown as { muted: boolean }).muted = true));
  await untilSilence(call, 25);
  expect(await page.evaluate(() => window.devices.openedAtEpochMs.length), 'none was opened').toBe(1);
  expect(await codes(page)).toEqual([]);
  expect(rejections).toEqual([]);
});

test('a microphone that delivers digital zeros is reported, and so is its return', async () => {
  await using opened = await openDeviceCall({
    prepare: (page) =>
      page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => {
          const context = new AudioContext();
          const [gain, out] = [new GainNode(context, { gain: 0 }), context.createMediaStreamDestination()];
          const tone = new OscillatorNode(context);
          tone.connect(gain).connect(out);
          tone.start();
          Object.assign(window, { openSwitch: () => (gain.gain.value = 0.5) });
          return Promise.resolve(out.stream);
        };
      }),
  });
  const { page, call } = opened;
  await waitForEvents(page, 'agent-error');
  expect(await codes(page)).toEqual(['microphone_silent']);
  expect((await call.inputOfAtLeast(4_500)).samples.length, '5 s of zeros').toBeGreaterThan(0);
  await page.evaluate(() => (window as unknown as { openSwitch: () => void }).openSwitch());
  await untilBeep(call);
  expect(await codes(page)).toEqual(['microphone_silent']);
});

test('devices that dispatch devicechange endlessly while they open are opened once', async () => {
  await using opened = await openDeviceCall({
    prepare: (page) =>
      page.addInitScript(() => {
        const { mediaDevices } = navigator;
        const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
        const announce = () => mediaDevices.dispatchEvent(new Event('devicechange'));
        mediaDevices.getUserMedia = async (constraints) => {
          const announcing = setInterval(announce, 50);
          setTimeout(() => clearInterval(announcing), 800);
          await new Promise((resolve) => setTimeout(resolve, 300));
          return getUserMedia(constraints);
        };
      }),
  });
  const { page, call } = opened;
  await untilBeep(call, 0);
  await untilBeep(call, Date.now() + 1_000);
  expect(await page.evaluate(() => window.devices.openedAtEpochMs.length)).toBe(1);
  await expectOneMicrophone(opened);
  // The same with a missing microphone, whose own attempts must not cause further ones.
  await page.evaluate(() => (window.devices.unplugged = true));
  await endTrack(page);
  await waitForEvents(page, 'agent-error');
  const asked = await page.evaluate(() => window.devices.asked);
  // Longer than the events last.
  await untilSilence(call, 25);
  expect((await page.evaluate(() => window.devices.asked)) - asked, 'attempts').toBeLessThanOrEqual(1);
  await page.evaluate(() => (window.devices.unplugged = false));
  await deviceChange(page);
  await untilBeep(call);
});

test('a device that is unplugged while another one opens is not left open when the call ends', async () => {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  await untilBeep(call, 0);
  await page.evaluate(async () => {
    const track = window.microphoneTracks.at(-1);
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
    await window.agent.stop();
  });
  await waitForState(page, 'ended');
  // The request may still be granted after the end.
  await page.waitForFunction(() => window.devices.openedAtEpochMs.length === 2);
  await page.waitForFunction(() => window.microphoneTracks.every(({ readyState }) => readyState === 'ended'));
});
