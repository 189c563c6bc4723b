/** When a reply starts and resumes, and how long its pauses are. */
import { describe, expect, it } from 'vitest';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import {
  CONCEALED_FRAMES,
  CONSUMED_FRAMES,
  DISCARDED_FRAMES,
  DROPPED_SILENCE_FRAMES,
  INSERTED_SILENCE_FRAMES,
  TARGET_FRAMES,
  UNDERRUNS,
} from '../../src/engine/engine-exports.js';
import { findGaps, firstAudibleFrame, peak } from '../support/sound-level.js';
import { DuplexDriver, engineModule, headless, join, sine } from './duplex-driver.js';

const PCM = 'audio/pcm';
/** Of 10 ms. */
const MESSAGE_BYTES = 480;
const FIRST_TARGET_MS = 40;

const pcm = (samples: Float32Array): Uint8Array => headless.encode(PCM, samples);
const tone = (ms: number): Float32Array => sine(24_000, 440, ms);
const silence = (ms: number): Float32Array => new Float32Array(24 * ms);
const driver = (): DuplexDriver => new DuplexDriver(engineModule, PCM);

/** When the first sound after `fromMs` was heard. */
function begunMs(play: DuplexDriver, fromMs = 0): number {
  const first = firstAudibleFrame(play.between(fromMs, play.nowMs));
  return first < 0 ? NaN : fromMs + first / 48;
}

describe('a reply starts', () => {
  it('when its first message has waited for the target', () => {
    const play = driver();
    play.sendReply(pcm(tone(500)), 100, MESSAGE_BYTES, 10);
    play.runUntil(300);
    expect(begunMs(play)).toBeGreaterThan(100 + FIRST_TARGET_MS - 3);
    expect(begunMs(play)).toBeLessThan(100 + FIRST_TARGET_MS + 8);
  });

  it('when the target is buffered beyond the latest message', () => {
    const play = driver();
    play.sendReply(pcm(tone(1_000)), 100, 10 * MESSAGE_BYTES, 10);
    play.runUntil(300);
    expect(begunMs(play)).toBeGreaterThan(110);
    expect(begunMs(play)).toBeLessThan(120);
  });

  it('no sooner if another one was held when the format was set', () => {
    const play = driver();
    play.at(0, () => play.engine.write(pcm(tone(1_000)), play.nowFrames));
    play.at(500, () => play.engine.hold());
    play.at(520, () => play.engine.setFormat(PCM, PCM));
    play.sendReply(pcm(tone(300)), 600, MESSAGE_BYTES, 10);
    play.runUntil(800);
    expect(begunMs(play, 520)).toBeGreaterThan(600 + FIRST_TARGET_MS - 3);
  });

  it('no sooner if it comes within the fade of a flush', () => {
    const play = driver();
    play.at(0, () => play.engine.write(pcm(tone(1_000)), play.nowFrames));
    play.at(500, () => play.engine.flush());
    play.sendReply(pcm(tone(300)), 501, MESSAGE_BYTES, 10);
    play.runUntil(700);
    expect(begunMs(play, 510)).toBeGreaterThan(501 + FIRST_TARGET_MS - 3);
  });
});

it('a reply that ran dry resumes when 120 ms are buffered again', () => {
  const play = driver();
  play.sendReply(pcm(tone(1_000)), 0, MESSAGE_BYTES, 10, (i) => (i < 30 ? 0 : 200));
  play.runUntil(1_500);
  expect(play.engine.reading(TARGET_FRAMES) / 24).toBeGreaterThan(120);
  // the first of the late messages comes at 500 ms
  expect(begunMs(play, 400)).toBeGreaterThan(500 + 120 - 3);
  expect(begunMs(play, 400)).toBeLessThan(500 + 120 + 8);
});

it('the time for which a reply that ran dry is held does not count as concealed', () => {
  const play = driver();
  play.sendReply(pcm(tone(1_000)), 0, MESSAGE_BYTES, 10, (i) => (i < 40 ? 0 : 200));
  play.at(550, () => play.engine.hold());
  play.at(2_550, () => play.engine.release());
  play.runUntil(4_000);
  expect(play.engine.reading(UNDERRUNS)).toBe(1);
  expect(play.engine.reading(CONSUMED_FRAMES)).toBe(24_000);
  const concealedMs = play.engine.reading(CONCEALED_FRAMES) / 24;
  expect(concealedMs).toBeGreaterThan(100);
  expect(concealedMs).toBeLessThan(300);
});

it('a reply that begins with silence is heard, although all of it came seconds ahead and more may follow', () => {
  const play = driver();
  play.engine.write(pcm(tone(3_000)), 0);
  play.engine.endTalkspurt();
  play.engine.write(pcm(join(silence(200), tone(300))), 0);
  play.runUntil(3_500);
  expect(peak(play.between(3_300, 3_500))).toBeGreaterThan(0.4);
});

it('a reply of one sample is played', () => {
  const play = driver();
  play.sendReply(pcm(Float32Array.of(0.5)), 0, MESSAGE_BYTES, 10);
  play.runUntil(200);
  expect(play.engine.reading(CONSUMED_FRAMES)).toBe(1);
});

it('a flush before the first sound discards everything', () => {
  const play = driver();
  play.engine.write(pcm(tone(100)), 0);
  play.engine.flush();
  expect(play.engine.reading(DISCARDED_FRAMES)).toBe(2_400);
});

describe('pauses', () => {
  it('keep their length if every message is in time', () => {
    const play = driver();
    const speech = join(tone(300), silence(400), tone(300), silence(700), tone(300));
    play.sendReply(pcm(speech), 0, MESSAGE_BYTES, 10);
    play.runUntil(2_300);
    const gaps = findGaps({ rateHz: 48_000, samples: play.heard }, { minGapMs: 20 });
    expect(gaps.map(({ durationMs }) => Math.round(durationMs / 5) * 5)).toEqual([400, 700]);
    expect(play.engine.reading(INSERTED_SILENCE_FRAMES)).toBe(0);
    expect(play.engine.reading(DROPPED_SILENCE_FRAMES)).toBe(0);
  });

  it('become longer up to the target after a late message, and what is inserted is counted', () => {
    const play = driver();
    // the 150 ms that are missing are heard as silence, too
    play.sendReply(pcm(join(silence(1_500), tone(300))), 0, MESSAGE_BYTES, 10, (i) => (i === 50 ? 150 : 0));
    play.runUntil(2_500);
    const targetMs = play.engine.reading(TARGET_FRAMES) / 24;
    expect(targetMs).toBeGreaterThan(200);
    expect(begunMs(play) - 1_500).toBeGreaterThan(targetMs - 10);
    expect(begunMs(play) - 1_500).toBeLessThan(targetMs + 10);
    const inserted = play.engine.reading(INSERTED_SILENCE_FRAMES) / 24;
    expect(inserted).toBeGreaterThan(targetMs - 150 - 15);
    expect(inserted).toBeLessThan(targetMs - 150 + 15);
  });

  it.each(Object.keys(AUDIO_ENCODINGS) as AudioEncoding[])('of 20 ms suffice for that, in %s', (encoding) => {
    const play = new DuplexDriver(engineModule, encoding);
    const sound = join(...[500, 500].map((ms) => sine(play.rateHz, 440, ms)));
    sound.fill(0, sound.length / 2, sound.length / 2 + play.rateHz / 50);
    const messageBytes = (play.rateHz / 100) * AUDIO_ENCODINGS[encoding].bytesPerSample;
    play.sendReply(headless.encode(encoding, sound), 0, messageBytes, 10, (i) => (i === 30 ? 150 : 0));
    play.runUntil(2_000);
    expect(play.engine.reading(INSERTED_SILENCE_FRAMES) / play.rateHz).toBeGreaterThan(0.05);
  });

  it.each([
    // of one block: the next one is speech again
    ['a silence of 5 ms', (i: number): number => (i % 1_200 < 120 ? 0 : 0.5 * Math.sin(i / 8))],
    ['a pulse every 5 ms', (i: number): number => (i % 120 < 20 ? 0.5 : 0)],
  ])('are not %s', (_name, sample) => {
    const play = driver();
    const sound = Float32Array.from({ length: 24_000 }, (_, i) => sample(i));
    // a block of the ring is written in several messages
    play.sendReply(pcm(sound), 0, 100, 100 / 48, (i) => (i === 144 ? 150 : 0));
    play.runUntil(1_500);
    expect(play.engine.reading(TARGET_FRAMES) / 24).toBeGreaterThan(200);
    expect(play.engine.reading(INSERTED_SILENCE_FRAMES)).toBe(0);
  });

  it('become longer also where the ring was loud a minute before', () => {
    const play = driver();
    play.engine.write(pcm(new Float32Array(60 * 24_000).fill(0.5)), 0);
    play.engine.flush();
    play.sendReply(pcm(join(silence(1_500), tone(300))), 0, MESSAGE_BYTES, 10, (i) => (i === 50 ? 150 : 0));
    play.runUntil(2_500);
    expect(play.engine.reading(INSERTED_SILENCE_FRAMES) / 24).toBeGreaterThan(30);
  });

  it('are not shortened by the delay that an earlier reply had', () => {
    const play = driver();
    play.sendReply(pcm(tone(1_000)), 0, MESSAGE_BYTES, 10, (i) => (i === 40 ? 300 : 0));
    const next = join(tone(200), silence(700), tone(200), silence(300), tone(200));
    // four times faster than real time
    play.sendReply(pcm(next), 2_000, 9_600, 50);
    play.runUntil(4_500);
    expect(play.engine.reading(UNDERRUNS)).toBe(1);
    // at most by what this one has waited before it began
    const [first] = findGaps({ rateHz: 48_000, samples: play.between(1_900, 4_500) }, { minGapMs: 20 });
    expect(first?.durationMs).toBeGreaterThan(550);
  });
});

describe('the target', () => {
  /** After each message of 6 s. */
  function targets(play: DuplexDriver, fromMs: number, latenessMs: (i: number) => number): number[] {
    const result: number[] = [];
    const sound = pcm(silence(6_000));
    play.sendReply(sound, fromMs, MESSAGE_BYTES, 10, latenessMs);
    while (play.nowMs < fromMs + 6_500) {
      play.runUntil(play.nowMs + 50);
      result.push(play.engine.reading(TARGET_FRAMES));
    }
    return result;
  }
  const wifi = (i: number): number => (i * 7919) % 60;

  const targetMs = (play: DuplexDriver): number => play.engine.reading(TARGET_FRAMES) / 24;

  it('is the largest lateness, in steps of 5 ms, and a margin of 8 ms', () => {
    const play = driver();
    play.sendReply(pcm(silence(5_000)), 0, MESSAGE_BYTES, 10, (i) => (i % 10 === 5 ? 32 : 0));
    play.runUntil(5_100);
    // 35 ms, and a fiftieth more, for 50 events
    expect(targetMs(play)).toBeGreaterThan(35 * (1 + 1 / 52) + 8 - 0.1);
    expect(targetMs(play)).toBeLessThan(35 * (1 + 1 / 48) + 8 + 0.1);
  });

  it('does not grow by a pause of the server', () => {
    const play = driver();
    play.sendReply(pcm(silence(4_000)), 0, MESSAGE_BYTES, 10, (i) => (i < 200 ? 0 : 1_500));
    play.runUntil(6_000);
    expect(targetMs(play)).toBeLessThan(40);
  });

  it('does not grow by a server that sends seconds ahead, and unevenly', () => {
    const play = driver();
    for (const [atMs, lengthMs] of [
      [0, 5_000],
      [1_000, 1_000],
      [1_800, 300],
      [2_600, 1_000],
    ] as const)
      play.at(atMs, () => play.engine.write(pcm(silence(lengthMs)), play.nowFrames));
    play.runUntil(3_000);
    expect(targetMs(play)).toBe(FIRST_TARGET_MS);
  });

  it('forgets within a minute that the network was faster', () => {
    const play = driver();
    play.sendReply(pcm(silence(55_000)), 0, MESSAGE_BYTES, 10, (i) => (i < 500 ? 0 : 100));
    play.runUntil(10_000);
    expect(targetMs(play)).toBeGreaterThan(100);
    play.runUntil(55_000);
    expect(targetMs(play)).toBeLessThan(40);
  });

  it('forgets the network when the format is set again', () => {
    const play = driver();
    targets(play, 0, (i) => (i * 7919) % 300);
    // a whole number of quanta and of the periods in which lateness is counted
    play.runUntil(8_000);
    play.engine.setFormat(PCM, PCM);
    const after = targets(play, 8_000, wifi);
    expect(new Set(after).size).toBeGreaterThan(1);
    expect(after).toEqual(targets(driver(), 0, wifi));
  });
});

it.each([24_000, 44_100, 48_000, 192_000])(
  'a reply that begins and ends quietly is heard unchanged at %i Hz, from its first sample to its last',
  (deviceRateHz) => {
    const play = new DuplexDriver(engineModule, PCM, deviceRateHz);
    const bytes = pcm(sine(24_000, 400, 200, 0.05));
    play.sendReply(bytes, 0, MESSAGE_BYTES, 10);
    play.runUntil(400);
    const resampler = headless.createResampler({ inputRate: 24_000, outputRate: deviceRateHz });
    const expected = join(resampler.process(headless.decode(PCM, bytes)), resampler.flush());
    const first = firstAudibleFrame(play.heard, 0) - firstAudibleFrame(expected, 0);
    expect(play.heard.subarray(first, first + expected.length)).toEqual(expected);
  },
);

it('what is resumed after a hold is what would have been heard, sample by sample', () => {
  const run = (held: boolean): Float32Array => {
    const play = driver();
    play.at(0, () => play.engine.write(pcm(tone(2_000)), play.nowFrames));
    play.runUntil(500);
    if (held) {
      play.engine.hold();
      play.runUntil(700);
      play.engine.release();
    }
    const from = play.nowFrames;
    play.runUntil(play.nowMs + 5);
    return play.heard.subarray(from, from + 128);
  };
  // faded in over 5 ms
  const expected = run(false).map((sample, i) => (sample * (i + 1)) / 240);
  const resumed = run(true);
  expect(peak(expected.map((sample, i) => sample - resumed[i]!))).toBeLessThan(1e-6);
});

it.each([8_000, 48_000, 192_000, 384_000])(
  'a flush leaves nothing in the filter at %i Hz',
  (deviceRateHz) => {
    const play = new DuplexDriver(engineModule, PCM, deviceRateHz);
    play.at(0, () => play.engine.write(pcm(tone(1_000)), play.nowFrames));
    play.runUntil(500);
    play.engine.flush();
    while (play.engine.flushing) play.runUntil(play.nowMs + 0.01);
    const end = play.nowFrames;
    play.runUntil(600);
    expect(peak(play.heard.subarray(end))).toBe(0);
  },
);

it.each([256, 512, 1_024])('quanta of %i frames sound like those of 128', (frames) => {
  const render = (quantumFrames: number): Float32Array => {
    const { engine } = driver();
    engine.write(pcm(join(silence(20), tone(500))), 0);
    engine.endTalkspurt();
    const heard = new Float32Array(24 * 1_024);
    for (let at = 0; at < heard.length; at += quantumFrames)
      engine.render(heard.subarray(at, at + quantumFrames), at);
    return heard;
  };
  expect(peak(render(128))).toBeGreaterThan(0.4);
  expect(render(frames)).toEqual(render(128));
});
