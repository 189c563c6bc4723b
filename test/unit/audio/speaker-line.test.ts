import { afterEach, expect, it, vi } from 'vitest';
import { SpeakerLine } from '../../../src/audio/speaker-line.js';

afterEach(() => vi.unstubAllGlobals());

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('nothing is lost any more when the default speaker is chosen instead of one that is not connected', async () => {
  const told: string[] = [];
  const line = new SpeakerLine({
    status: (status) => told.push(status),
    notice: (key) => told.push(key),
  });
  line.connect({
    setSpeaker: (id) => (id === '' ? Promise.resolve() : Promise.reject(new Error('no such device'))),
  });
  line.choose('left-at-home');
  await settled();
  expect(told).toEqual(['lost', 'speaker_failed']);
  line.choose('');
  await settled();
  expect(told).toEqual(['lost', 'speaker_failed', 'live']);
});

it('a speaker is not lost because the browser hides the ids of all devices', async () => {
  const hidden = [{ kind: 'audiooutput', deviceId: '', groupId: '', label: '' }];
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => Promise.resolve(hidden) } });
  const told: string[] = [];
  const line = new SpeakerLine({ status: (status) => told.push(status), notice: (key) => told.push(key) });
  line.connect({ setSpeaker: () => Promise.resolve() });
  line.choose('usb');
  await settled();
  await line.devicesChanged();
  expect(told).toEqual([]);
});

it('the failure of an output that was replaced says nothing about the next one', async () => {
  const told: string[] = [];
  const line = new SpeakerLine({ status: (status) => told.push(status), notice: (key) => told.push(key) });
  let fail = (): void => undefined;
  line.connect({
    setSpeaker: () =>
      new Promise(
        (_, reject) => (fail = () => reject(new DOMException('It is closed.', 'InvalidStateError'))),
      ),
  });
  line.choose('usb');
  const used: string[] = [];
  line.connect({ setSpeaker: (id) => Promise.resolve(void used.push(id)) });
  fail();
  await settled();
  expect(used).toEqual(['usb']);
  expect(told).toEqual([]);
});

it('the output is set to the default speaker when the chosen one disappears, because it might stay silent', async () => {
  const device = (deviceId: string) => ({ kind: 'audiooutput', deviceId, groupId: '', label: '' });
  const speakers = [device('built-in'), device('usb')];
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => Promise.resolve(speakers) } });
  const used: string[] = [];
  const line = new SpeakerLine({ status: () => undefined, notice: () => undefined });
  line.connect({ setSpeaker: (id) => Promise.resolve(void used.push(id)) });
  line.choose('usb');
  speakers.pop();
  await line.devicesChanged();
  expect(used).toEqual(['usb', '']);
});

it('a speaker that is not connected is reported once, however often the output is replaced, and another one as well', async () => {
  const told: string[] = [];
  const line = new SpeakerLine({ status: (status) => told.push(status), notice: (key) => told.push(key) });
  const output = {
    setSpeaker: (id: string) => (id ? Promise.reject(new Error('no such device')) : Promise.resolve()),
  };
  line.choose('left-at-home');
  for (let n = 0; n < 3; n++) {
    line.connect(undefined);
    line.connect(output);
    await settled();
  }
  expect(told).toEqual(['lost', 'speaker_failed']);
  line.choose('lent');
  await settled();
  expect(told).toEqual(['lost', 'speaker_failed', 'speaker_failed']);
});
