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
