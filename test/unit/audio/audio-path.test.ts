import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AudioPath, type AudioEvent, type AudioPathOptions } from '../../../src/audio/audio-path.js';
import type { VoiceAgentError } from '../../../src/errors.js';
import { stubPage } from '../../support/client-page.js';
import { FakeAudioContext } from '../../support/fake-audio-context.js';

const told: AudioEvent[] = [];
const failures: VoiceAgentError[] = [];
const replaced: MessagePort[] = [];

const codes = () => told.flatMap((event) => (event.type === 'agent-error' ? [event.detail.code] : []));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  stubPage();
  vi.stubGlobal('isSecureContext', true);
  const track = Object.assign(new EventTarget(), {
    label: 'A microphone',
    muted: false,
    stop: () => undefined,
    getSettings: () => ({ sampleRate: 48_000 }),
  });
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] };
  const mediaDevices = Object.assign(new EventTarget(), {
    getUserMedia: () => Promise.resolve(stream),
    enumerateDevices: () => Promise.resolve([]),
  });
  Object.assign(navigator, { mediaDevices });
  FakeAudioContext.install();
  for (const list of [told, failures, replaced]) list.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function makePath(options: AudioPathOptions = {}): AudioPath {
  return new AudioPath(options, {
    tell: (event) => told.push(event),
    replaced: (port) => replaced.push(port),
    failed: (error) => failures.push(error),
  });
}

/** A path whose sound runs. */
async function running(options?: AudioPathOptions): Promise<AudioPath> {
  const path = makePath(options);
  await Promise.all([path.openMicrophone(), path.load()]);
  await path.run();
  return path;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a worklet that fails', () => {
  it('is replaced at once, again and again, if each lasts', async () => {
    await running();
    for (let n = 1; n <= 10; n++) {
      await pass(20_000);
      FakeAudioContext.latest.node!.fail();
      await pass(0);
      expect(replaced).toHaveLength(n);
    }
    expect(failures).toEqual([]);
    expect(codes()).toEqual([]);
  });

  it('as soon as it runs, each time, ends the sound after five replacements', async () => {
    await running();
    for (let n = 0; n < 20 && failures.length === 0; n++) {
      FakeAudioContext.latest.node!.fail();
      await pass(3_000);
    }
    expect(failures).toMatchObject([{ code: 'audio_failed' }]);
    expect(replaced).toHaveLength(5);
    expect(codes()).toEqual(['audio_interrupted']);
    await pass(60_000);
    expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(Array(6).fill('closed'));
  });

  it('before the context that replaces another runs, is itself replaced', async () => {
    await running();
    await pass(20_000);
    FakeAudioContext.isHeld = true;
    FakeAudioContext.latest.node!.fail();
    await pass(100);
    const [, second] = FakeAudioContext.made;
    second!.node!.fail();
    FakeAudioContext.isHeld = false;
    second!.start();
    await pass(3_000);
    const [, , third] = FakeAudioContext.made;
    expect(third!.node!.types).toContain('session-port');
    expect(second!.node!.types).not.toContain('session-port');
    expect(replaced).toHaveLength(1);
  });

  it('before the sound has started, is the error of the start', async () => {
    const path = makePath();
    await path.load();
    FakeAudioContext.latest.node!.fail();
    await expect(path.run()).rejects.toMatchObject({ code: 'audio_failed' });
    expect(failures).toEqual([]);
    expect(FakeAudioContext.latest.node!.types).not.toContain('session-port');
  });
});

describe('while the sound is rebuilt', () => {
  /** The first context is lost, and the next one waits until `start()`. */
  async function rebuilding(options?: AudioPathOptions): Promise<AudioPath> {
    const path = await running(options);
    await pass(20_000);
    FakeAudioContext.isHeld = true;
    void FakeAudioContext.latest.close();
    await pass(100);
    return path;
  }

  it('a speaker that is chosen is used by the next context, and has not failed', async () => {
    const path = await rebuilding();
    path.set({ speakerId: 'usb' });
    await pass(100);
    FakeAudioContext.latest.start();
    await pass(100);
    expect(FakeAudioContext.latest.sinkId).toBe('usb');
    expect(told).toEqual([{ type: 'microphone-change', detail: { status: 'live' } }]);
  });

  it('a speaker that was lost is forgotten if the default one is chosen', async () => {
    const path = await running({ speakerId: 'usb' });
    const [first] = FakeAudioContext.made;
    first!.setSinkId = () => Promise.reject(new DOMException('It is not there.', 'NotFoundError'));
    path.set({ speakerId: 'other' });
    await pass(100);
    FakeAudioContext.isHeld = true;
    void first!.close();
    await pass(100);
    path.set({ speakerId: '' });
    FakeAudioContext.latest.start();
    await pass(100);
    const statuses = told.flatMap(({ type, detail }) => (type === 'speaker-change' ? [detail.status] : []));
    expect(statuses).toEqual(['lost', 'live']);
  });

  it('a mute reaches the next worklet before the session does', async () => {
    const path = await rebuilding({ volume: 0.5 });
    path.set({ muted: true, volume: 0.5, tap: true });
    FakeAudioContext.latest.start();
    await pass(100);
    const { posted } = FakeAudioContext.latest.node!;
    const at = posted.findIndex(({ type }) => type === 'session-port');
    expect(at).toBeGreaterThan(0);
    expect(posted.slice(0, at)).toContainEqual({ type: 'settings', muted: true, volume: 0.5, tap: true });
  });
});

it('a call that is over leaves nothing on the page, and its audio is what it was', async () => {
  const audioSession = { type: 'auto' };
  Object.assign(navigator, { audioSession });
  const path = await running();
  expect(audioSession.type).toBe('play-and-record');
  await pass(20_000);
  await Promise.all([path.close(), pass(1_000)]);
  expect(audioSession.type).toBe('auto');
  const types = ['visibilitychange', 'pageshow', 'pointerdown', 'pointerup', 'keydown', 'touchend'];
  for (const type of [...types, 'devicechange'])
    for (const target of [window, document, navigator.mediaDevices])
      expect(getEventListeners(target, type), type).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('an interruption that ends with a new context in time is not reported', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.isHeld = true;
  FakeAudioContext.latest.suspend();
  await pass(100);
  FakeAudioContext.isHeld = false;
  FakeAudioContext.latest.node!.fail();
  await pass(5_000);
  expect(replaced).toHaveLength(1);
  expect(codes()).toEqual([]);
});

it('only outages that last are reported, and each of them', async () => {
  await running();
  const context = FakeAudioContext.latest;
  for (const [ms, reported] of [
    [300, 0],
    [1_000, 1],
    [300, 1],
    [1_000, 2],
  ] as const) {
    FakeAudioContext.isHeld = true;
    context.suspend();
    await pass(ms);
    FakeAudioContext.isHeld = false;
    // The system allows it again; after the long ones without saying so.
    if (ms < 400) context.start();
    await pass(1_000);
    expect(context.state).toBe('running');
    expect(codes()).toEqual(Array(reported).fill('audio_interrupted'));
  }
});

it('a context that runs while its clock stands still is replaced', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.latest.stuckAt = 1;
  await pass(5_000);
  expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(['closed', 'running']);
});

it('a call that ends while its sound is rebuilt gets no further context', async () => {
  const path = await running();
  for (let n = 0; n < 2; n++) {
    FakeAudioContext.latest.node!.fail();
    await pass(0);
  }
  const made = FakeAudioContext.made.length;
  await Promise.all([path.close(), pass(20_000)]);
  expect(FakeAudioContext.made).toHaveLength(made);
  expect(FakeAudioContext.latest.state).toBe('closed');
});

it('a context that a tap does not bring back is replaced', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.isHeld = true;
  FakeAudioContext.latest.suspend();
  await pass(10_000);
  expect(FakeAudioContext.made).toHaveLength(1);
  expect(codes()).toEqual(['audio_interrupted']);
  document.dispatchEvent(new Event('pointerup'));
  await pass(2_000);
  expect(FakeAudioContext.made).toHaveLength(2);
});

it('a context whose device fails is replaced', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.latest.dispatchEvent(new Event('error'));
  await pass(100);
  expect(replaced).toHaveLength(1);
});

it('the microphone that was chosen before the call is opened first', async () => {
  const asked = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
  await running({ microphoneId: 'usb' });
  expect(asked).toHaveBeenCalledExactlyOnceWith({
    audio: expect.objectContaining({ deviceId: { exact: 'usb' } }) as object,
  });
});

it('a context that cannot take the microphone is replaced', async () => {
  FakeAudioContext.refusals = 1;
  const path = await running();
  await pass(100);
  expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(['closed', 'running']);
  expect(FakeAudioContext.latest.node!.types).toEqual(['settle', 'settings', 'session-port']);
  expect(replaced).toEqual([path.sessionPort]);
});

it('a touch during a long phone call does not end the sound, which returns after it', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.isHeld = true;
  FakeAudioContext.latest.interrupt();
  await pass(1_000);
  expect(codes()).toEqual(['audio_interrupted']);
  document.dispatchEvent(new Event('pointerdown'));
  await pass(180_000);
  expect(failures).toEqual([]);
  FakeAudioContext.isHeld = false;
  document.dispatchEvent(new Event('pointerdown'));
  await pass(0);
  expect(FakeAudioContext.latest.state).toBe('running');
  expect(FakeAudioContext.latest.node!.types).toContain('session-port');
  expect(codes().length, 'the visitor is not told again and again').toBeLessThan(3);
  // If the sound is lost later, the number of attempts is the usual one.
  await pass(20_000);
  FakeAudioContext.isHeld = true;
  void FakeAudioContext.latest.close();
  await pass(40_000);
  expect(failures).toMatchObject([{ code: 'audio_blocked' }]);
});

it('is closed although the browser never says that its context is', async () => {
  const path = await running();
  FakeAudioContext.latest.close = () => new Promise(() => undefined);
  const closed = vi.fn();
  void path.close().then(closed);
  await pass(1_000);
  expect(closed).toHaveBeenCalled();
});

it('a context whose rate changes, as with another device, is replaced', async () => {
  const path = await running();
  await pass(20_000);
  const before = path.sessionPort;
  FakeAudioContext.latest.sampleRate = 16_000;
  await pass(1_000);
  expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(['closed', 'running']);
  expect(replaced).toEqual([path.sessionPort]);
  expect(path.sessionPort, 'a port can be transferred only once').not.toBe(before);
});

it('a clock that stands still for some seconds, again and again, is not replaced', async () => {
  await running();
  for (let n = 0; n < 4; n++) {
    FakeAudioContext.latest.stuckAt = n;
    await pass(2_000);
    FakeAudioContext.latest.stuckAt = undefined;
    await pass(2_000);
  }
  expect(FakeAudioContext.made).toHaveLength(1);
});

it('a worklet that fails after it was replaced does not end the next one', async () => {
  await running();
  await pass(20_000);
  const first = FakeAudioContext.latest.node!;
  void FakeAudioContext.latest.close();
  await pass(1_000);
  first.fail();
  await pass(10_000);
  expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(['closed', 'running']);
  expect(replaced).toHaveLength(1);
});

it('the kind of audio that the page has chosen during a call stays', async () => {
  const audioSession = { type: 'auto' };
  Object.assign(navigator, { audioSession });
  const path = await running();
  audioSession.type = 'ambient';
  await Promise.all([path.close(), pass(1_000)]);
  expect(audioSession.type).toBe('ambient');
});

it('the kind of audio of a call that begins as soon as another one ends lasts until its own end', async () => {
  const audioSession = { type: 'auto' };
  Object.assign(navigator, { audioSession });
  const first = await running();
  void first.close();
  const second = makePath({ inputMode: 'text' });
  await pass(1_000);
  expect(audioSession.type).toBe('playback');
  await Promise.all([second.close(), pass(1_000)]);
  expect(audioSession.type).toBe('auto');
});

it('an interruption that is over excuses no later loss', async () => {
  await running();
  await pass(20_000);
  FakeAudioContext.latest.interrupt();
  await pass(20_000);
  expect(FakeAudioContext.made).toHaveLength(1);
  FakeAudioContext.isHeld = true;
  void FakeAudioContext.latest.close();
  await pass(40_000);
  expect(failures).toMatchObject([{ code: 'audio_blocked' }]);
});

it('a headset gets the rest of the second that it needs after its microphone was opened', async () => {
  const track = Object.assign(new EventTarget(), {
    label: 'Bluetooth headset',
    stop: () => undefined,
    getSettings: () => ({}),
  });
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] };
  Object.assign(navigator.mediaDevices, { getUserMedia: () => Promise.resolve(stream) });
  await pass(5_000);
  const path = makePath();
  await Promise.all([path.openMicrophone(), path.load()]);
  await pass(400);
  await path.run();
  expect(FakeAudioContext.latest.node!.posted).toContainEqual({ type: 'settle', atLeastMs: 600 });
});

it('a burst of changes of the devices is looked at once, and none after the call', async () => {
  const path = await running();
  await pass(20_000);
  const listed = vi.spyOn(navigator.mediaDevices, 'enumerateDevices');
  const change = (): unknown => navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  for (let n = 0; n < 10; n++) {
    change();
    await pass(100);
  }
  await pass(1_000);
  expect(listed).toHaveBeenCalledOnce();
  change();
  await Promise.all([path.close(), pass(2_000)]);
  expect(listed).toHaveBeenCalledOnce();
});
