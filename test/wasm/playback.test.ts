import { describe, expect, it } from 'vitest';
import type { AudioEncoding } from '../../src/audio-encoding.js';
import { findGaps, firstAudibleFrame, lastAudibleFrame, largestStep, rms } from '../support/sound-level.js';
import { fitTone } from '../support/tone-fit.js';
import { DuplexDriver, engineModule, headless, join, sine } from './duplex-driver.js';
import * as readings from '../../src/engine/engine-exports.js';

/** Largest step, of full scale; the tone itself has 0.03 at 48 kHz. */
const CLICK = 0.12;
const PCM = 'audio/pcm';

function driver(output: AudioEncoding = PCM, deviceRateHz = 48_000): DuplexDriver {
  return new DuplexDriver(engineModule, output, deviceRateHz);
}

function pcm(samples: Float32Array): Uint8Array {
  return headless.encode(PCM, samples);
}

const TONE = pcm(sine(24_000, 440, 2000));
const SILENCE = (ms: number) => new Float32Array(24 * ms);

describe.each([
  ['audio/pcm', 480, 10],
  ['audio/pcmu', 300, 37.5],
  ['audio/pcma', 300, 37.5],
] as const)('playing %s', (encoding, messageBytes, messageMs) => {
  it.each([8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000, 384_000])(
    'at %i Hz is whole and clean',
    (deviceRateHz) => {
      const play = driver(encoding, deviceRateHz);
      play.sendReply(headless.encode(encoding, sine(play.rateHz, 440, 1000)), 100, messageBytes, messageMs);
      play.runUntil(1500);
      const { heard, engine } = play;
      const first = firstAudibleFrame(heard);
      const last = lastAudibleFrame(heard);
      expect(((last - first) / deviceRateHz) * 1000).toBeCloseTo(1000, -1);
      expect(findGaps({ rateHz: deviceRateHz, samples: heard }, { minGapMs: 2 })).toEqual([]);
      const middle = heard.subarray(first + deviceRateHz / 5, last - deviceRateHz / 5);
      const fit = fitTone({ rateHz: deviceRateHz, samples: middle }, 440);
      expect(fit.amplitude).toBeCloseTo(0.5, 2);
      expect(fit.snrDb).toBeGreaterThan(encoding === PCM ? 80 : 35);
      expect(engine.reading(readings.UNDERRUNS)).toBe(0);
      expect(engine.reading(readings.CONSUMED_FRAMES)).toBe(engine.reading(readings.WRITTEN_FRAMES));
    },
  );

  it('begins at most 10 ms plus the target after the first message', () => {
    const play = driver(encoding);
    let targetMs = 0;
    play.at(100, () => {
      targetMs = (play.engine.reading(readings.TARGET_FRAMES) / play.rateHz) * 1000;
    });
    play.sendReply(headless.encode(encoding, sine(play.rateHz, 440, 1000)), 100, messageBytes, messageMs);
    play.runUntil(1000);
    const begunMs = (firstAudibleFrame(play.heard) / play.deviceRateHz) * 1000;
    expect(begunMs - 100).toBeLessThan(targetMs + 10);
    expect(targetMs).toBeLessThanOrEqual(40);
  });
});

describe('a transition without a click', () => {
  it('flush: silent within 8 ms, and no old audio returns', () => {
    for (let offset = 0; offset < 40; offset++) {
      const play = driver();
      play.sendReply(TONE, 0, 480, 10);
      const flushMs = 500 + offset * 0.7;
      play.at(flushMs, () => play.engine.flush());
      play.runUntil(flushMs + 600);
      // messages in flight would still arrive; the caller drops them, so here they stop
      expect(lastAudibleFrame(play.heard.subarray(0, Math.round((flushMs + 8) * 48)))).toBeGreaterThan(
        flushMs * 48 - 200,
      );
      expect(largestStep(play.heard).size).toBeLessThan(CLICK);
    }
  });

  it('flush: later writes are played completely', () => {
    const play = driver();
    play.at(0, () => play.engine.write(TONE, play.nowFrames));
    play.at(500, () => play.engine.flush());
    play.at(501, () => {
      expect(play.engine.flushing).toBe(true);
      play.engine.write(pcm(join(SILENCE(20), sine(24_000, 1000, 300))), play.nowFrames);
      play.engine.endTalkspurt();
    });
    play.runUntil(1500);
    const second = play.between(508, 1500);
    const first = firstAudibleFrame(second);
    const last = lastAudibleFrame(second);
    expect((last - first) / 48).toBeCloseTo(300, 0);
    expect(
      fitTone({ rateHz: 48_000, samples: second.subarray(first + 500, last - 500) }, 1000).snrDb,
    ).toBeGreaterThan(70);
    expect(largestStep(play.heard).size).toBeLessThan(CLICK);
    const { engine } = play;
    expect(engine.reading(readings.DISCARDED_FRAMES) / 24).toBeCloseTo(2000 - 500 + 40, -2);
    expect(engine.reading(readings.CONSUMED_FRAMES)).toBe(engine.reading(readings.WRITTEN_FRAMES));
  });

  it('flush: the discarded count is exactly what was not consumed', () => {
    const play = driver();
    play.at(0, () => play.engine.write(TONE, play.nowFrames));
    let consumed = 0;
    play.at(700, () => {
      play.engine.flush();
      consumed = play.engine.reading(readings.CONSUMED_FRAMES);
    });
    play.runUntil(720);
    const during = 48_000 - play.engine.reading(readings.DISCARDED_FRAMES) - consumed;
    expect(play.engine.flushing).toBe(false);
    expect(during).toBeGreaterThan(0);
    // the fade of 5 ms plus the rest of its quantum
    expect(during).toBeLessThanOrEqual(24 * 8);
  });

  it('hold and release: continues where hold was called', () => {
    const play = driver();
    play.sendReply(TONE, 0, 480, 10);
    let heldAt = 0;
    play.at(600, () => {
      heldAt = play.engine.reading(readings.CONSUMED_FRAMES);
      play.engine.hold();
    });
    play.at(900, () => {
      expect(play.engine.held).toBe(true);
      expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(heldAt);
      play.engine.release();
    });
    play.runUntil(2800);
    expect(rms(play.between(609, 900))).toBe(0);
    expect(rms(play.between(910, 1500))).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(largestStep(play.heard).size).toBeLessThan(CLICK);
    // both sides of the hold fit the same sine, so only the two fades were lost or repeated
    const before = fitTone({ rateHz: 48_000, samples: play.between(300, 595) }, 440);
    const after = fitTone({ rateHz: 48_000, samples: play.between(1000, 1500) }, 440);
    expect(after.snrDb).toBeGreaterThan(70);
    expect(before.amplitude).toBeCloseTo(after.amplitude, 3);
    const heardMs =
      (play.heard.filter((sample) => Math.abs(sample) > 0.01).length / play.heard.length) * 2800;
    expect(heardMs).toBeGreaterThan(1950);
  });

  it('release: audible from the first sample on, without the delay of the filter', () => {
    // several times, because the tone may cross zero at one of them
    const levels = [600, 600.6, 601.1, 601.7].map((holdMs) => {
      const play = driver();
      play.sendReply(TONE, 0, 480, 10);
      play.at(holdMs, () => play.engine.hold());
      let released = 0;
      play.at(900, () => {
        released = play.nowFrames;
        play.engine.release();
      });
      play.runUntil(1000);
      return rms(play.heard.subarray(released, released + 50));
    });
    expect(Math.max(...levels)).toBeGreaterThan(0.015);
  });

  it('flush during the fade of a hold: discards from where hold was called', () => {
    const play = driver();
    play.at(0, () => play.engine.write(TONE, play.nowFrames));
    let heldAt = 0;
    play.at(600, () => {
      heldAt = play.engine.reading(readings.CONSUMED_FRAMES);
      play.engine.hold();
    });
    play.at(602, () => play.engine.flush());
    play.runUntil(700);
    expect(play.engine.reading(readings.DISCARDED_FRAMES)).toBe(48_000 - heldAt);
    expect(play.engine.held).toBe(false);
  });

  it('release during the fade: the audio fades in again', () => {
    const play = driver();
    play.sendReply(TONE, 0, 480, 10);
    play.at(600, () => play.engine.hold());
    play.at(603, () => play.engine.release());
    play.runUntil(2500);
    expect(findGaps({ rateHz: 48_000, samples: play.heard }, { minGapMs: 2 })).toEqual([]);
    expect(largestStep(play.heard).size).toBeLessThan(CLICK);
    expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(48_000);
  });

  it('flush while held: final, and the next reply is played', () => {
    const play = driver();
    play.sendReply(TONE, 0, 480, 10);
    play.at(600, () => play.engine.hold());
    play.at(800, () => play.engine.flush());
    play.at(3000, () => {
      play.engine.write(TONE, play.nowFrames);
      play.engine.endTalkspurt();
    });
    play.runUntil(3500);
    expect(play.engine.held).toBe(false);
    expect(rms(play.between(3100, 3500))).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('running dry, refilling and the end of a reply', () => {
    for (let offset = 0; offset < 12; offset++) {
      const play = driver(PCM, offset % 2 === 0 ? 48_000 : 44_100);
      const toneMs = 1000 + offset * 1.3;
      play.sendReply(pcm(sine(24_000, 440, toneMs)), 0, 480, 10, (i) => (i === 50 ? 150 + offset : 0));
      play.runUntil(2000);
      expect(largestStep(play.heard).size).toBeLessThan(CLICK);
      expect(play.engine.reading(readings.UNDERRUNS)).toBe(1);
      expect(play.engine.reading(readings.CONCEALED_FRAMES) / 24).toBeGreaterThan(90);
      const gaps = findGaps({ rateHz: play.deviceRateHz, samples: play.heard }, { minGapMs: 5 });
      expect(gaps).toHaveLength(1);
      expect(
        Math.abs(gaps[0]!.durationMs - play.engine.reading(readings.CONCEALED_FRAMES) / 24),
      ).toBeLessThan(8);
      expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(
        play.engine.reading(readings.WRITTEN_FRAMES),
      );
    }
  });

  it('volume down and up', () => {
    const play = driver();
    play.sendReply(TONE, 0, 480, 10);
    play.at(500, () => play.engine.setVolume(0));
    play.at(700, () => play.engine.setVolume(1));
    play.at(900, () => play.engine.setVolume(0.25));
    play.runUntil(1500);
    expect(rms(play.between(508, 700))).toBe(0);
    expect(rms(play.between(1000, 1500))).toBeCloseTo(0.125 / Math.SQRT2, 2);
    expect(largestStep(play.heard).size).toBeLessThan(CLICK);
  });
});

describe('the end of a reply', () => {
  it('is not an underrun if the server announces it, even late', () => {
    const play = driver();
    const bytes = pcm(sine(24_000, 440, 500));
    for (let i = 0; i < 50; i++)
      play.at(i * 10, () => play.engine.write(bytes.subarray(i * 480, i * 480 + 480), play.nowFrames));
    play.at(900, () => play.engine.endTalkspurt());
    play.sendReply(TONE, 1500, 480, 10);
    play.runUntil(4000);
    expect(play.engine.reading(readings.UNDERRUNS)).toBe(0);
    expect(play.engine.reading(readings.CONCEALED_FRAMES)).toBe(0);
  });

  it('plays a reply shorter than the target', () => {
    const play = driver();
    play.at(50, () => {
      play.engine.write(pcm(sine(24_000, 440, 8)), play.nowFrames);
      play.engine.endTalkspurt();
    });
    play.runUntil(200);
    expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(192);
    expect(rms(play.between(50, 65))).toBeGreaterThan(0.1);
  });

  it('plays two successive replies completely', () => {
    const play = driver();
    for (const frequency of [440, 660]) {
      play.at(0, () => {
        play.engine.write(pcm(sine(24_000, frequency, 500)), play.nowFrames);
        play.engine.endTalkspurt();
      });
    }
    play.runUntil(1500);
    expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(24_000);
    const audibleMs = play.heard.filter((sample) => Math.abs(sample) > 0.005).length / 48;
    expect(audibleMs).toBeGreaterThan(980);
    expect(largestStep(play.heard).size).toBeLessThan(CLICK);
  });
});

describe('concealment', () => {
  it('ends with a flush: the silence afterwards is not concealment', () => {
    const play = driver();
    const bytes = pcm(sine(24_000, 440, 600));
    const send = (i: number) => () =>
      play.engine.write(bytes.subarray(i * 480, i * 480 + 480), play.nowFrames);
    for (let i = 0; i < 40; i++) play.at(i * 10, send(i));
    play.at(600, send(40));
    play.at(602, () => play.engine.flush());
    play.sendReply(TONE, 3000, 480, 10);
    play.runUntil(5500);
    expect(play.engine.reading(readings.UNDERRUNS)).toBe(1);
    expect(play.engine.reading(readings.CONCEALED_FRAMES) / 24).toBeLessThan(250);
  });

  it('counts an underrun once, for any size of the messages that end it', () => {
    const play = driver();
    const bytes = pcm(sine(24_000, 440, 600));
    for (let i = 0; i < 40; i++) {
      play.at(i * 10, () => play.engine.write(bytes.subarray(i * 480, i * 480 + 480), play.nowFrames));
    }
    // one byte at a time: half a sample adds no frame
    for (let i = 0; i < 200; i++) {
      play.at(600, () => play.engine.write(bytes.subarray(19_200 + i, 19_201 + i), play.nowFrames));
    }
    play.at(600, () => play.engine.write(bytes.subarray(19_400), play.nowFrames));
    play.at(601, () => play.engine.endTalkspurt());
    play.runUntil(1500);
    expect(play.engine.reading(readings.UNDERRUNS)).toBe(1);
    expect(play.engine.reading(readings.CONSUMED_FRAMES)).toBe(14_400);
  });
});

describe('a server that sends faster than real time', () => {
  it('does not shorten pauses', () => {
    const speech = join(
      SILENCE(500),
      sine(24_000, 440, 400),
      SILENCE(700),
      sine(24_000, 440, 400),
      SILENCE(300),
      sine(24_000, 440, 400),
    );
    for (const [messageBytes, messageMs] of [
      [9600, 50],
      [200_000, 1],
      [4800, 33],
    ] as const) {
      const play = driver();
      play.sendReply(pcm(speech), 0, messageBytes, messageMs);
      play.runUntil(4000);
      // no more than the wait before the reply, taken from the silence before its first word
      expect(play.engine.reading(readings.DROPPED_SILENCE_FRAMES) / 24).toBeLessThanOrEqual(40);
      const gaps = findGaps({ rateHz: 48_000, samples: play.heard }, { minGapMs: 20 });
      expect(gaps.map((gap) => Math.round(gap.durationMs / 10) * 10)).toEqual([700, 300]);
    }
  });
});

describe('the delay of a stall', () => {
  it('is removed in the next pause, and no speech is lost', () => {
    const play = driver();
    const speech = join(sine(24_000, 440, 800), SILENCE(600), sine(24_000, 660, 800));
    // after ten seconds a single late message is ignored, so start with a long quiet reply
    play.sendReply(pcm(SILENCE(12_000)), 0, 480, 10);
    play.sendReply(pcm(speech), 13_000, 480, 10, (i) => (i === 40 ? 300 : 0));
    play.runUntil(17_000);
    const { engine } = play;
    expect(engine.reading(readings.UNDERRUNS)).toBe(1);
    expect(engine.reading(readings.DROPPED_SILENCE_FRAMES) / 24).toBeGreaterThan(230);
    const spoken = play.heard.filter((sample) => Math.abs(sample) > 0.005).length / 48;
    expect(spoken).toBeGreaterThan(1580);
    expect(engine.reading(readings.CONSUMED_FRAMES)).toBe(engine.reading(readings.WRITTEN_FRAMES));
  });
});

describe('positions', () => {
  it('report the first and the last audible frame of a write', () => {
    const play = driver();
    play.engine.write(pcm(SILENCE(100)), 0);
    expect(play.engine.reading(readings.FIRST_AUDIBLE_FRAME)).toBe(-1);
    expect(play.engine.reading(readings.LAST_AUDIBLE_FRAME)).toBe(-1);
    const quiet = new Float32Array(1000).fill(57 / 32_768);
    quiet[333] = 0.1;
    quiet[777] = -0.1;
    play.engine.write(pcm(quiet), 0);
    expect(play.engine.reading(readings.FIRST_AUDIBLE_FRAME)).toBe(2400 + 333);
    expect(play.engine.reading(readings.LAST_AUDIBLE_FRAME)).toBe(2400 + 777);
    expect(play.engine.reading(readings.WRITTEN_FRAMES)).toBe(3400);
    play.engine.write(pcm(SILENCE(1)), 0);
    expect(play.engine.reading(readings.FIRST_AUDIBLE_FRAME)).toBe(-1);
  });

  it('are whole frames, although messages end within samples', () => {
    const whole = driver();
    const odd = driver();
    whole.engine.write(TONE, 0);
    for (let at = 0, length = 0; at < TONE.length; at += length) {
      length = 1 + ((at * 31) % 77);
      expect(odd.engine.write(TONE.subarray(at, at + length), 0)).toBe(Math.min(length, TONE.length - at));
    }
    expect(odd.engine.reading(readings.WRITTEN_FRAMES)).toBe(48_000);
    for (const play of [whole, odd]) {
      play.engine.endTalkspurt();
      play.runUntil(2200);
    }
    expect(odd.heard).toEqual(whole.heard);
  });
});

describe('the ring', () => {
  it('takes 60 s, returns how much it took, and continues when there is space', () => {
    const play = driver();
    const minute = pcm(sine(24_000, 440, 70_000));
    const taken = play.engine.write(minute, 0);
    expect(taken / 48_000).toBeCloseTo(60, 0);
    expect(play.engine.write(minute.subarray(taken), 0)).toBe(0);
    play.runUntil(15_000);
    const more = play.engine.write(minute.subarray(taken), play.nowFrames);
    expect(taken + more).toBe(minute.length);
    play.engine.endTalkspurt();
    play.runUntil(71_000);
    expect(findGaps({ rateHz: 48_000, samples: play.heard }, { minGapMs: 2 })).toEqual([]);
    expect(fitTone({ rateHz: 48_000, samples: play.between(1000, 69_000) }, 440).snrDb).toBeGreaterThan(80);
  });
});
