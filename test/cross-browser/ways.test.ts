/** Variants of a call in Firefox and WebKit: every encoding, an unusual device rate, text mode. */
import { expect, test } from '@playwright/test';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { peak } from '../support/sound-level.js';
import { measurePurest } from '../support/tone-fit.js';
import { makeTone } from '../support/tones.js';
import { openFirefox } from './firefox-page.js';
import { RemoteCall } from './remote-call.js';
import { openWebKit } from './webkit-page.js';

const REPLY_HZ = 810;
/** SNR of a tone of half scale in each encoding, less a margin. */
const MIN_SNR_DB: Readonly<Record<AudioEncoding, number>> = {
  'audio/pcm': 40,
  'audio/pcmu': 30,
  'audio/pcma': 30,
};

/** WebKitGTK always uses 44.1 kHz. */
const BROWSERS = [
  { name: 'Firefox', open: () => openFirefox(), rateHz: 48_000 },
  { name: 'Firefox on a device of 44.1 kHz', open: () => openFirefox(44_100), rateHz: 44_100 },
  { name: 'WebKit', open: openWebKit, rateHz: 44_100 },
] as const;

const PAIRS: readonly (readonly [AudioEncoding, AudioEncoding])[] = [
  ['audio/pcm', 'audio/pcmu'],
  ['audio/pcmu', 'audio/pcma'],
  ['audio/pcma', 'audio/pcm'],
];

for (const { name, open, rateHz } of BROWSERS)
  for (const [input, output] of PAIRS)
    test(`${name}: ${input} in and ${output} out, at the device's own rate`, async () => {
      const attributes = { 'input-encoding': input, 'output-encoding': output };
      await using remote = await RemoteCall.open(open, attributes);
      const { call } = remote;
      expect([call.inputEncoding, call.outputEncoding]).toEqual([input, output]);
      await call.until('sound of the microphone', () => peak(call.input().samples) > 0.01);
      const wireHz = AUDIO_ENCODINGS[output].rateHz;
      const sound = makeTone({ frequencyHz: REPLY_HZ, durationMs: 1_500, amplitude: 0.5, rateHz: wireHz });
      await call.say({ replyId: 'reply-1', sound }).finished;
      await remote.waitForEvents('reply-end');
      const recording = await remote.readSpeaker();
      expect(recording.rateHz, 'the rate of the device, not of the wire').toBe(rateHz);
      const fit = measurePurest(recording, REPLY_HZ, 300);
      console.log(`${name}, ${output}: ${fit.frequencyHz.toFixed(2)} Hz, ${fit.snrDb.toFixed(1)} dB`);
      expect(Math.abs(fit.frequencyHz / REPLY_HZ - 1), 'pitch').toBeLessThan(0.001);
      expect(fit.snrDb, 'purity').toBeGreaterThan(MIN_SNR_DB[output]);
      expect(await remote.faults()).toEqual([]);
    });

for (const { name, open } of [BROWSERS[0], BROWSERS[2]])
  test(`${name}: what is written is answered aloud, and no microphone is asked for`, async () => {
    await using remote = await RemoteCall.open(open, { 'input-mode': 'text' });
    const { call, page } = remote;
    await page.evaluate(() => (window.agent as unknown as { say(text: string): void }).say('What is left?'));
    await call.until('what was written', () =>
      call.received.find(({ message }) => JSON.stringify(message).includes('What is left?')),
    );
    const sound = makeTone({ frequencyHz: REPLY_HZ, durationMs: 600, amplitude: 0.5, rateHz: 24_000 });
    await call.say({ replyId: 'reply-1', sound, text: 'Two rooms are left.' }).finished;
    await remote.waitForEvents('reply-end');
    expect(peak((await remote.readSpeaker()).samples), 'the answer was heard').toBeGreaterThan(0.4);
    const words = await remote.events('transcript');
    expect(words.map(({ detail }) => detail.text).join()).toContain('Two rooms are left.');
    expect(call.packets, 'the server is sent no sound').toEqual([]);
    expect(await page.evaluate(() => window.microphoneTracks.length)).toBe(0);
    expect(await remote.faults()).toEqual([]);
  });
