import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MicrophoneSettings } from '../../../src/audio/microphone-line.js';
import { checkProperty } from '../../support/check-property.js';
import { MicrophoneTrial, type MicrophoneAct, type Refusal } from '../../support/microphone-trial.js';

const settings: fc.Arbitrary<MicrophoneSettings> = fc.record({
  microphoneId: fc.constantFrom(undefined, 'a', 'b', 'gone'),
  muted: fc.boolean(),
  releaseMicrophone: fc.boolean(),
});
const act: fc.Arbitrary<MicrophoneAct> = fc.oneof(
  { weight: 4, arbitrary: settings.map((given): MicrophoneAct => ({ what: 'set', settings: given })) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom<Refusal | undefined>(
        undefined,
        undefined,
        undefined,
        'NotAllowedError',
        'NotReadableError',
        'NotFoundError',
      )
      .map((refusal): MicrophoneAct => ({ what: 'answer', refusal })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<MicrophoneAct>(
      ...[['a', 'b'], ['b', 'a'], ['b'], []].map((ids): MicrophoneAct => ({ what: 'plug', ids })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<MicrophoneAct>(
      { what: 'news', news: 'devices' },
      { what: 'news', news: 'chance' },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 4_000 }).map((ms): MicrophoneAct => ({ what: 'time', ms })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<MicrophoneAct>({ what: 'ended' }, { what: 'mute' }, { what: 'unmute' }),
  },
);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('document', {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('is open as the page and the system want it, one track at a time, after any events', async () => {
  await checkProperty(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 40 }), async (acts) => {
      const trial = new MicrophoneTrial();
      for (const one of acts) await trial.do(one);
      await trial.settle();
      const { devices, settings: wanted, streams, statuses } = trial;
      expect(devices.mostLive).toBeLessThanOrEqual(1);
      const isWanted = !(wanted.muted === true && wanted.releaseMicrophone === true);
      if (!trial.isOpen) {
        expect(devices.live).toEqual([]);
        return;
      }
      const [track] = devices.live;
      expect(devices.live).toHaveLength(isWanted ? 1 : 0);
      expect(streams.at(-1)?.getAudioTracks()).toEqual(isWanted ? [track] : undefined);
      if (!isWanted) expect(statuses.at(-1)).toBe('off');
      else if (track!.muted) expect(statuses.at(-1)).toMatch(wanted.muted ? /live|muted/ : /muted/);
      else expect(statuses.at(-1)).toBe('live');
      // A muted one stays.
      if (track?.muted) await trial.do({ what: 'unmute' });
      await trial.settle();
      // The chosen one is connected.
      if (isWanted && /^[ab]$/.test(wanted.microphoneId ?? ''))
        expect(devices.live.map(({ label }) => label)).toEqual([wanted.microphoneId]);
      // Whatever has happened, the next choice counts.
      for (const microphoneId of [undefined, 'a', 'b']) {
        await trial.do({ what: 'set', settings: { microphoneId } });
        await trial.settle();
        if (microphoneId) expect(devices.live.map(({ label }) => label)).toEqual([microphoneId]);
      }
      trial.line.close();
      expect(devices.live).toEqual([]);
      expect(statuses.at(-1)).toBe('off');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(devices.pending).toBe(0);
    }),
    { name: 'events of a microphone', numRuns: 150, seed: 20_261_130 },
  );
});

it('a chosen one that is connected while another one opens is used', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'set', settings: { microphoneId: 'b' } });
  trial.devices.ids = ['a'];
  await trial.do({ what: 'answer', refusal: undefined });
  // It is not there, so the default one is requested; the visitor sees the prompt, and connects it.
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'plug', ids: ['a', 'b'] });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'answer', refusal: undefined });
  expect(trial.devices.live.map(({ label }) => label)).toEqual(['b']);
});

it('a chosen one that is connected while another one opens is used, also right after another change', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'plug', ids: ['headset', 'a'] });
  await trial.do({ what: 'set', settings: { microphoneId: 'b' } });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'plug', ids: ['headset', 'a', 'b'] });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'time', ms: 10_000 });
  await trial.do({ what: 'answer', refusal: undefined });
  expect(trial.devices.live.map(({ label }) => label)).toEqual(['b']);
});

it('opens without a list of devices that never arrives', async () => {
  const trial = new MicrophoneTrial();
  trial.devices.enumerateDevices = () => new Promise(() => undefined);
  const opened = vi.fn();
  void trial.opening?.then(opened);
  await trial.do({ what: 'answer', refusal: undefined });
  expect(opened).toHaveBeenCalled();
});

describe('the page is told', () => {
  let trial: MicrophoneTrial;
  beforeEach(async () => {
    trial = new MicrophoneTrial();
    await trial.do({ what: 'answer', refusal: undefined });
    expect(trial.statuses).toEqual(['off', 'live']);
  });

  it('once that the microphone is lost, and why, if it ends and no other can be opened', async () => {
    await trial.do({ what: 'ended' });
    await trial.do({ what: 'answer', refusal: 'NotAllowedError' });
    await trial.do({ what: 'news', news: 'chance' });
    await trial.do({ what: 'answer', refusal: 'NotFoundError' });
    expect(trial.statuses).toEqual(['off', 'live', 'lost']);
    expect(trial.notices).toEqual(['microphone_lost/denied']);
  });

  it('nothing of a mute with which a browser answers the page’s own, unless it outlasts that', async () => {
    await trial.do({ what: 'set', settings: { muted: true } });
    await trial.do({ what: 'mute' });
    await trial.do({ what: 'time', ms: 2_000 });
    expect(trial.notices).toEqual([]);
    await trial.do({ what: 'set', settings: {} });
    await trial.do({ what: 'time', ms: 2_000 });
    expect(trial.statuses).toEqual(['off', 'live', 'muted']);
    expect(trial.notices).toEqual(['microphone_muted']);
  });

  it('nothing of a mute that began just before the call ended', async () => {
    await trial.do({ what: 'mute' });
    trial.line.close();
    await trial.do({ what: 'time', ms: 2_000 });
    expect(trial.statuses).toEqual(['off', 'live', 'off']);
    expect(trial.notices).toEqual([]);
  });

  it('that another microphone is muted, instead of its name', async () => {
    trial.devices.areMuted = true;
    await trial.do({ what: 'ended' });
    await trial.do({ what: 'answer', refusal: undefined });
    expect(trial.notices).toEqual(['microphone_muted']);
  });

  it('nothing of such a mute while the page mutes it, too', async () => {
    trial.devices.areMuted = true;
    await trial.do({ what: 'set', settings: { muted: true, microphoneId: 'b' } });
    await trial.do({ what: 'answer', refusal: undefined });
    await trial.do({ what: 'time', ms: 2_000 });
    expect(trial.notices).toEqual([]);
  });

  it('nothing of a track that was replaced', async () => {
    const [before] = trial.devices.live;
    await trial.do({ what: 'set', settings: { microphoneId: 'b' } });
    await trial.do({ what: 'answer', refusal: undefined });
    before!.dispatchEvent(new Event('ended'));
    before!.muted = true;
    before!.dispatchEvent(new Event('mute'));
    await trial.do({ what: 'time', ms: 2_000 });
    expect(trial.devices.live.map(({ label }) => label)).toEqual(['b']);
    expect(trial.statuses.at(-1)).toBe('live');
    expect(trial.devices.pending).toBe(0);
  });
});

it('a microphone that ends as soon as it is opened, twice, is lost', async () => {
  const trial = new MicrophoneTrial();
  for (let n = 0; n < 2; n++) {
    await trial.do({ what: 'answer', refusal: undefined });
    await trial.do({ what: 'ended' });
  }
  expect(trial.statuses.at(-1)).toBe('lost');
  expect(trial.notices).toContain('microphone_lost');
});

it('a microphone stays open if no other one has become the system’s, or if the browser does not tell', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'time', ms: 20_000 });
  await trial.do({ what: 'plug', ids: ['a', 'headset'] });
  trial.devices.enumerateDevices = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));
  await trial.do({ what: 'news', news: 'devices' });
  expect(trial.devices.pending).toBe(0);
  expect(trial.streams).toHaveLength(1);
});

it('a microphone that is chosen while another one is being opened is opened instead', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'set', settings: { microphoneId: 'b' } });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'answer', refusal: undefined });
  expect(trial.devices.live.map(({ label }) => label)).toEqual(['b']);
  expect(trial.streams).toHaveLength(1);
});

it('a microphone that becomes the system’s is used', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'time', ms: 20_000 });
  await trial.do({ what: 'plug', ids: ['headset', 'a', 'b'] });
  await trial.do({ what: 'answer', refusal: undefined });
  expect(trial.devices.live.map(({ label }) => label)).toEqual(['headset']);
  expect(trial.notices).toEqual(['microphone_changed/named']);
});

it('a microphone that the browser or a headset mutes stays, until it is unmuted, whatever is connected', async () => {
  for (const microphoneId of [undefined, 'headset']) {
    const trial = new MicrophoneTrial();
    await trial.do({ what: 'set', settings: { microphoneId } });
    // The chosen one is not there, so the default one is requested.
    for (let n = 0; n < 3; n++) await trial.do({ what: 'answer', refusal: undefined });
    await trial.do({ what: 'time', ms: 20_000 });
    await trial.do({ what: 'mute' });
    await trial.do({ what: 'time', ms: 1_000 });
    await trial.do({ what: 'plug', ids: ['headset', 'a', 'b'] });
    await trial.do({ what: 'time', ms: 20_000 });
    expect(trial.devices.pending, 'another microphone would not be muted').toBe(0);
    expect(trial.devices.live.map(({ label }) => label)).toEqual(['a']);
    await trial.do({ what: 'unmute' });
    await trial.do({ what: 'answer', refusal: undefined });
    expect(trial.devices.live.map(({ label }) => label)).toEqual(['headset']);
  }
});

it('a microphone that was opened in the meantime is not opened once more', async () => {
  const trial = new MicrophoneTrial();
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'time', ms: 2_000 });
  await trial.do({ what: 'ended' });
  await trial.do({ what: 'answer', refusal: 'NotReadableError' });
  // One attempt waits for the other program, and one for the list of devices.
  void trial.line.devicesChanged('devices');
  await trial.do({ what: 'set', settings: { microphoneId: 'a' } });
  await trial.do({ what: 'answer', refusal: undefined });
  await trial.do({ what: 'time', ms: 10_000 });
  expect(trial.devices.live.map(({ label }) => label)).toEqual(['a']);
  expect(trial.devices.pending).toBe(0);
});
