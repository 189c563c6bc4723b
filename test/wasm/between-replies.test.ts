/** Volume, duck and hold of one reply have no audible effect on the next. */
import { describe, expect, it } from 'vitest';
import { CONSUMED_FRAMES, UNDERRUNS, WRITTEN_FRAMES } from '../../src/engine/engine-exports.js';
import { firstAudibleFrame, largestStep, peak } from '../support/sound-level.js';
import { noise, syntheticVoice } from '../support/synthetic-voice.js';
import { DuplexDriver, engineModule, headless, join, sine } from './duplex-driver.js';

const PCM = 'audio/pcm';
const pcm = (samples: Float32Array): Uint8Array => headless.encode(PCM, samples);
const silence = (ms: number): Float32Array => new Float32Array(24 * ms);
/** Begins at its largest sample. */
const loudStart = (ms: number): Float32Array => sine(24_000, 440, ms + 5).subarray(14, 14 + 24 * ms);
/** Largest step of the tone itself; a start without a fade has 0.3. */
const CLICK = 0.12;

const driver = (deviceRateHz = 48_000): DuplexDriver => new DuplexDriver(engineModule, PCM, deviceRateHz);

describe('a reply that is there before the previous one ends', () => {
  it.each([24_000, 44_100, 48_000])('begins without a click at %i Hz', (rateHz) => {
    for (let offset = 0; offset < 16; offset++) {
      const play = driver(rateHz);
      const quietEnd = join(sine(24_000, 440, 200), silence(20), new Float32Array(offset * 9));
      for (const sound of [quietEnd, loudStart(200)]) {
        play.engine.write(pcm(sound), 0);
        play.engine.endTalkspurt();
      }
      play.runUntil(700);
      expect(largestStep(play.heard).size, `offset ${offset}`).toBeLessThan((CLICK * 48_000) / rateHz);
      expect(play.engine.reading(CONSUMED_FRAMES)).toBe(play.engine.reading(WRITTEN_FRAMES));
    }
  });
});

describe('any number of replies that are there before the first ends', () => {
  it.each([24_000, 44_100, 48_000])('follow one another whole and without a click at %i Hz', (rateHz) => {
    const play = driver(rateHz);
    // Each begins and ends at its largest sample, of the other sign than its neighbours.
    const sounds = [1, -1, 1, -1].map((sign) => pcm(loudStart(100).map((sample) => sign * sample)));
    const waiting = [...sounds];
    const feed = (): void => {
      for (let next = waiting[0]; next; next = waiting[0]) {
        const taken = play.engine.write(next, play.nowFrames);
        waiting[0] = next.subarray(taken);
        if (waiting[0].length > 0) return;
        play.engine.endTalkspurt();
        waiting.shift();
      }
    };
    for (let ms = 0; ms < 600; ms += 20) play.at(ms, feed);
    play.runUntil(700);
    expect(waiting).toEqual([]);
    expect(play.engine.reading(CONSUMED_FRAMES)).toBe(4 * 2_400);
    expect(largestStep(play.heard).size).toBeLessThan((CLICK * 48_000) / rateHz);
  });

  it('are heard as soon as they may, if a flush makes place for them', () => {
    const play = driver();
    for (let reply = 0; reply < 2; reply++) {
      play.engine.write(pcm(loudStart(500)), 0);
      play.engine.endTalkspurt();
    }
    expect(play.engine.write(pcm(loudStart(100)), 0)).toBe(0);
    play.at(200, () => {
      play.engine.flush();
      expect(play.engine.write(pcm(loudStart(100)), play.nowFrames)).toBe(4_800);
      play.engine.endTalkspurt();
    });
    play.runUntil(400);
    expect(peak(play.between(215, 250))).toBeGreaterThan(0.4);
    expect(play.engine.reading(CONSUMED_FRAMES)).toBe(play.engine.reading(WRITTEN_FRAMES));
  });
});

it('nothing of a flushed reply is heard at the start of the next, although another one waits behind it', () => {
  const play = driver();
  play.engine.write(pcm(loudStart(100)), 0);
  play.engine.flush();
  const quiet = pcm(new Float32Array(240).fill(0.02));
  play.engine.write(quiet, 0);
  play.engine.endTalkspurt();
  play.engine.write(quiet, 0);
  play.runUntil(100);
  expect(peak(play.heard)).toBeLessThan(0.03);
});

it('a hold at the very end of a reply does not make the next one start too early', () => {
  const play = driver();
  play.sendReply(pcm(join(sine(24_000, 440, 290), silence(10))), 0, 14_400, 1);
  while (play.engine.reading(CONSUMED_FRAMES) < 7_200) play.runUntil(play.nowMs + 1);
  play.engine.hold();
  play.at(600, () => play.engine.release());
  play.sendReply(pcm(loudStart(300)), 1_000, 480, 10);
  play.runUntil(1_500);
  const begunMs = firstAudibleFrame(play.between(800, 1_500)) / 48 + 800;
  expect(begunMs).toBeGreaterThan(1_035);
  expect(play.engine.reading(UNDERRUNS)).toBe(0);
});

it('a volume that is set between two replies applies to the first sample of the next', () => {
  const play = driver();
  play.sendReply(pcm(sine(24_000, 440, 300)), 0, 14_400, 1);
  play.at(500, () => play.engine.setVolume(0));
  play.sendReply(pcm(loudStart(300)), 800, 14_400, 1);
  play.runUntil(1_300);
  expect(peak(play.between(700, 1_300))).toBe(0);
});

it('a volume that is no number is silence, one above 1 is 1, and neither stays', () => {
  for (const [linear, level] of [
    [Number.NaN, 0],
    [-1, 0],
    [5, 0.5],
  ] as const) {
    const play = driver();
    play.engine.setVolume(linear);
    play.sendReply(pcm(sine(24_000, 440, 300)), 100, 14_400, 1);
    play.at(1_000, () => play.engine.setVolume(1));
    play.sendReply(pcm(sine(24_000, 440, 300)), 1_100, 14_400, 1);
    play.runUntil(1_500);
    expect(peak(play.between(0, 900))).toBeCloseTo(level, 2);
    expect(peak(play.between(1_000, 1_500))).toBeCloseTo(0.5, 2);
  }
});

it('a quantum that is longer than 1024 frames ends in silence', () => {
  const play = driver();
  play.engine.write(pcm(sine(24_000, 440, 500)), 0);
  play.engine.endTalkspurt();
  const quantum = new Float32Array(1_536).fill(1);
  play.engine.render(quantum, 0);
  expect(peak(quantum.subarray(0, 1_024))).toBeGreaterThan(0.4);
  expect(peak(quantum.subarray(1_024))).toBe(0);
});

it('a duck ends with its speech, even if the reply has ended before', () => {
  const play = driver();
  play.engine.allowGivingWay(true);
  play.sendReply(pcm(sine(24_000, 440, 2_200, 0.3)), 100, 2_400, 50);
  play.sendReply(pcm(loudStart(300)), 4_000, 14_400, 1);
  const hiss = noise(1);
  const voice = syntheticVoice(48_000, 130, 10);
  play.microphone = (frame) => {
    const spoken = frame - 2 * 48_000;
    return hiss() * 0.0005 + (spoken >= 0 && spoken < 24_000 ? (voice[spoken] ?? 0) : 0);
  };
  play.runUntil(4_500);
  expect(peak(play.between(2_250, 2_290)), 'ducked at its end').toBeLessThan(0.1);
  const next = play.between(4_000, 4_500);
  const first = firstAudibleFrame(next);
  expect(peak(next.subarray(first, first + 15 * 48))).toBeGreaterThan(0.49);
});
