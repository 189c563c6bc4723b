import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEARD_FRAME_MS, Hearing } from '../../../agent/hearing.js';
import { seededRandom } from '../../../agent/random.js';
import { Voice } from '../../../agent/voice.js';

const voice = new Voice();
afterAll(() => voice.close());

describe.each([24_000, 8_000])('audio at %i Hz', (rateHz) => {
  let speech: Float32Array;
  beforeAll(async () => {
    speech = (await voice.speak('Good morning, how are you today?', 'michael', rateHz)).samples;
  });

  async function voicedMs(samples: Float32Array): Promise<number> {
    const hearing = await Hearing.create();
    hearing.setRate(rateHz);
    hearing.setThreshold(0.5);
    const frames = hearing.hear(samples);
    hearing.close();
    return frames.filter(({ voiced }) => voiced).length * HEARD_FRAME_MS;
  }

  test('nearly all of a voice is detected as speech', async () => {
    const durationMs = (speech.length / rateHz) * 1000;
    expect(await voicedMs(speech)).toBeGreaterThan(durationMs * 0.75);
  });

  test('silence and faint noise are not speech', async () => {
    const random = seededRandom(5);
    const noise = Float32Array.from({ length: rateHz * 2 }, () => (random() - 0.5) * 0.002);
    expect(await voicedMs(new Float32Array(rateHz * 2))).toBe(0);
    expect(await voicedMs(noise)).toBe(0);
  });

  test('the result does not depend on block sizes, and the level is that of the audio', async () => {
    const whole = await Hearing.create();
    const pieces = await Hearing.create();
    whole.setRate(rateHz);
    pieces.setRate(rateHz);
    const expected = whole.hear(speech);
    const heard = [];
    const random = seededRandom(9);
    for (let start = 0; start < speech.length;) {
      const end = start + 1 + Math.floor(random() * 900);
      heard.push(...pieces.hear(speech.subarray(start, end)));
      start = end;
    }
    expect(heard).toEqual(expected);
    const loudestDb = Math.max(...heard.map(({ levelDb }) => levelDb));
    expect(loudestDb).toBeGreaterThan(-20);
    expect(loudestDb).toBeLessThan(-5);
  });
});
