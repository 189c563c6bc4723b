import { describe, expect, it } from 'vitest';
import type { AudioEncoding } from '../../src/audio-encoding.js';
import { DUCKS, ECHO_ABOVE_NOISE_DB, PLAYED_SECONDS } from '../../src/engine/engine-exports.js';
import { noise, syntheticVoice } from '../support/synthetic-voice.js';
import { DuplexDriver, engineModule, headless, sine } from './duplex-driver.js';

const ENCODINGS: readonly AudioEncoding[] = ['audio/pcm', 'audio/pcmu', 'audio/pcma'];
/** A room at −66 dBFS. */
const ROOM_LEVEL = 0.0005;

type Microphone = NonNullable<DuplexDriver['microphone']>;

/** Runs until `seconds` and returns the ms at which `speaking` changed. */
function changes(driver: DuplexDriver, seconds: number): number[] {
  const result: number[] = [];
  let was = false;
  while (driver.nowMs < seconds * 1_000) {
    driver.runUntil(driver.nowMs + 1);
    if (driver.engine.speaking !== was) result.push(driver.nowMs);
    was = driver.engine.speaking;
  }
  return result;
}

/** A near voice from 1 s on, in a quiet room, in addition to other sounds. */
function room(
  rateHz: number,
  near: Float32Array,
  fromSeconds: number,
  other: Microphone = () => 0,
): Microphone {
  const hiss = noise(1);
  const first = Math.round(fromSeconds * rateHz);
  return (frame, heard) => hiss() * ROOM_LEVEL + (near[frame - first] ?? 0) + other(frame, heard);
}

function reply(driver: DuplexDriver, seconds: number, pitchHz = 210): void {
  const sound = syntheticVoice(24_000, pitchHz, seconds, 3);
  driver.sendReply(headless.encode('audio/pcm', sound), 100, 2_400, 50);
}

/** The echo that a canceller leaves: delayed, fainter, with a tail. */
function echo(rateHz: number, leakDb: number, delayMs = 90): Microphone {
  const gain = 10 ** (leakDb / 20);
  const taps = [0, 11, 23, 37, 52].map((ms, i) => ({
    frames: Math.round(((delayMs + ms) * rateHz) / 1_000),
    gain: gain * 0.7 ** i,
  }));
  return (frame, heard) => taps.reduce((sum, tap) => sum + tap.gain * heard(frame - tap.frames), 0);
}

describe('a voice', () => {
  it('is detected within 150 ms beside a fan', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    const hiss = noise(7);
    let fan = 0;
    const near = syntheticVoice(48_000, 130, 1, 1).map((sample) => sample / 2);
    driver.microphone = room(48_000, near, 8, () => (fan = 0.97 * fan + 0.0045 * hiss()));
    const [start = NaN] = changes(driver, 9);
    expect(start).toBeGreaterThan(8_000);
    expect(start).toBeLessThan(8_150);
  });

  it.each(
    [8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000].flatMap((rateHz) =>
      ENCODINGS.map((encoding) => [rateHz, encoding] as const),
    ),
  )(
    'is detected within 150 ms at %i Hz, sent as %s, and ends 300 … 450 ms after the voice',
    (rateHz, encoding) => {
      const driver = new DuplexDriver(engineModule, encoding, rateHz, encoding);
      driver.microphone = room(rateHz, syntheticVoice(rateHz, 120, 1), 1);
      const [start = NaN, end = NaN, ...more] = changes(driver, 3);
      expect(start).toBeGreaterThan(1_000);
      expect(start).toBeLessThan(1_150);
      expect(end).toBeGreaterThan(2_250);
      expect(end).toBeLessThan(2_450);
      expect(more).toEqual([]);
    },
  );

  it.each([90, 120, 180, 240, 320])('of %i Hz is detected, although it is faint', (pitchHz) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = room(
      48_000,
      syntheticVoice(48_000, pitchHz, 1).map((sample) => sample * 0.1),
      1,
    );
    const [start = NaN] = changes(driver, 2);
    expect(start).toBeGreaterThan(1_000);
    expect(start).toBeLessThan(1_200);
  });

  it('with holes of 120 ms, as a canceller cuts them, is one utterance', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    const near = syntheticVoice(48_000, 120, 2).map((sample, i) => (i % 9_600 < 3_840 ? sample : 0));
    driver.microphone = room(48_000, near, 1);
    const found = changes(driver, 4);
    expect(found).toHaveLength(2);
    expect(found[0]).toBeLessThan(1_300);
  });

  it('of 20 s is one utterance', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = room(48_000, syntheticVoice(48_000, 120, 20), 1);
    const [start = NaN, end = NaN, ...more] = changes(driver, 24);
    expect(start).toBeLessThan(1_150);
    expect(end).toBeGreaterThan(21_000);
    expect(more).toEqual([]);
  });

  it('into a muted microphone is not detected', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.setMuted(true);
    driver.microphone = room(48_000, syntheticVoice(48_000, 120, 2), 1);
    expect(changes(driver, 4)).toEqual([]);
  });

  it('ends at once when the microphone is muted', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = room(48_000, syntheticVoice(48_000, 120, 2), 1);
    driver.at(1_500, () => driver.engine.setMuted(true));
    const [, end] = changes(driver, 3);
    expect(end).toBeLessThan(1_520);
  });
});

describe('not a voice', () => {
  it('is noise, from silence to the loudest', () => {
    const hiss = noise(2);
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = (frame) => hiss() * 10 ** (-4 + frame / 48_000 / 5);
    expect(changes(driver, 15)).toEqual([]);
  });

  it('is a fan that starts', () => {
    const hiss = noise(3);
    let low = 0;
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = (frame) => {
      low = 0.97 * low + 0.03 * hiss();
      return frame < 96_000 ? hiss() * ROOM_LEVEL : low * 0.2;
    };
    expect(changes(driver, 10)).toEqual([]);
  });

  it.each([
    ['a hum of the mains', 100, 12],
    ['a horn', 400, 6],
    ['a whistle', 300, 1],
  ])('is %s that starts and stays, after 10 s', (_name, pitchHz, harmonics) => {
    const hiss = noise(5);
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = (frame) => {
      let sample = hiss() * ROOM_LEVEL;
      const phase = (2 * Math.PI * pitchHz * frame) / 48_000;
      if (frame > 96_000) for (let n = 1; n <= harmonics; n++) sample += (0.01 / n) * Math.sin(n * phase + n);
      return sample;
    };
    const [, end = NaN, ...more] = changes(driver, 40);
    expect(end).toBeLessThan(12_000);
    expect(more).toEqual([]);
  });

  it('is typing', () => {
    const hiss = noise(4);
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = (frame) => {
      const intoKey = frame % 7_000;
      return hiss() * (ROOM_LEVEL + 0.3 * Math.exp(-intoKey / 300));
    };
    expect(changes(driver, 20)).toEqual([]);
  });

  it.each([0.01, 0.1])('is typing at a microphone with an offset of %d', (offset) => {
    const hiss = noise(4);
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.microphone = (frame) => {
      const intoKey = frame % 7_000;
      return offset + hiss() * (ROOM_LEVEL + 0.3 * Math.exp(-intoKey / 300));
    };
    expect(changes(driver, 10)).toEqual([]);
  });

  it('is a click in a room of −90 dBFS', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const hiss = noise(seed);
      const driver = new DuplexDriver(engineModule, 'audio/pcm', 24_000);
      driver.microphone = (frame) => hiss() * 3e-5 + (frame % 2_999 === 7 ? 1 : 0);
      expect(changes(driver, 6)).toEqual([]);
    }
  });
});

/** A switch on the device, or its noise gate. */
describe('a microphone that delivers zeros during a reply', () => {
  it('has no echo', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 12);
    driver.microphone = () => 0;
    expect(changes(driver, 12)).toEqual([]);
    expect(driver.engine.echoLeakDb).toBeLessThan(-45);
  });

  it('does not hide the voice that opens its gate for longer than 150 ms', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 14);
    const voice = syntheticVoice(48_000, 120, 1, 1);
    driver.microphone = (frame) => voice[frame - 12 * 48_000] ?? 0;
    const [start = NaN] = changes(driver, 14);
    expect(start).toBeGreaterThan(12_000);
    expect(start).toBeLessThan(12_150);
  });
});

describe('the echo of a reply', () => {
  it.each([-60, -40, -25])('at %i dB in the microphone is not speech', (leakDb) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 30);
    driver.microphone = room(48_000, new Float32Array(0), 0, echo(48_000, leakDb));
    expect(changes(driver, 31)).toEqual([]);
  });

  it('is not speech where the canceller sometimes lets more of it pass, once that is known', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 40);
    const usual = echo(48_000, -45);
    // 17 dB more for 120 ms in every 2.5 s
    const opens = (frame: number) => frame % 120_000 < 5_760;
    driver.microphone = room(
      48_000,
      new Float32Array(0),
      0,
      (frame, heard) => usual(frame, heard) * (opens(frame) ? 7 : 1),
    );
    expect(changes(driver, 40).filter((ms) => ms > 10_000)).toEqual([]);
  });

  it.each([
    [-60, 150],
    [-40, 150],
    [-30, 250],
  ])('at %i dB does not hide a near voice for longer than %i ms', (leakDb, withinMs) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 20);
    driver.microphone = room(48_000, syntheticVoice(48_000, 120, 1, 1), 12, echo(48_000, leakDb));
    const [start = NaN] = changes(driver, 14);
    expect(start).toBeGreaterThan(12_000);
    expect(start).toBeLessThan(12_000 + withinMs);
  });

  it.each([
    [-60, 0],
    [-40, 5],
    [-25, 10],
  ])('at %i dB is measured: its level, and that it is %i dB above the noise', (leakDb, aboveNoiseDb) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    expect(driver.engine.echoLeakDb).toBeUndefined();
    reply(driver, 20);
    driver.microphone = room(48_000, new Float32Array(0), 0, echo(48_000, leakDb));
    driver.runUntil(20_000);
    expect(driver.engine.echoLeakDb).toBeGreaterThan(leakDb);
    // five echoes are louder than the first; the noise hides the faintest
    expect(driver.engine.echoLeakDb).toBeLessThan(Math.max(leakDb + 6, -45));
    expect(driver.engine.reading(ECHO_ABOVE_NOISE_DB)).toBeGreaterThanOrEqual(aboveNoiseDb);
    expect(driver.engine.reading(ECHO_ABOVE_NOISE_DB)).toBeLessThan(aboveNoiseDb + 5);
    expect(driver.engine.reading(PLAYED_SECONDS)).toBeCloseTo(19.5, 0);
  });

  it('does not hide a near voice for longer after a door has slammed', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 14);
    const hiss = noise(6);
    const usual = echo(48_000, -50);
    const door = (frame: number): number =>
      frame > 480_000 ? 0.5 * hiss() * Math.exp((480_000 - frame) / 3_000) : 0;
    const near = syntheticVoice(48_000, 120, 1, 1).map((sample) => sample / 4);
    driver.microphone = room(48_000, near, 12, (frame, heard) => usual(frame, heard) + door(frame));
    const [start = NaN] = changes(driver, 13);
    expect(start).toBeGreaterThan(12_000);
    expect(start).toBeLessThan(12_150);
  });

  it.each([
    [0.5, 0.5],
    [0.7, 0.4],
    [0.9, 0.5],
  ])('does not hide words of %f s with pauses of %f s', (wordSeconds, pauseSeconds) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.allowGivingWay(true);
    reply(driver, 40);
    const word = syntheticVoice(48_000, 120, wordSeconds, 1).map((sample) => sample / 4);
    const startsMs = Array.from({ length: 8 }, (_, i) => 1_000 * i * (wordSeconds + pauseSeconds));
    const near = new Float32Array(20 * 48_000);
    for (const ms of startsMs) near.set(word, Math.round(48 * ms));
    driver.microphone = room(48_000, near, 10, echo(48_000, -40));
    const isHeard = startsMs.map((ms) => {
      driver.runUntil(10_000 + ms + 150);
      return driver.engine.speaking;
    });
    expect(isHeard).toEqual(startsMs.map(() => true));
  });

  it.each([
    ['with a loudspeaker in place of a headset', -60, 1],
    ['behind a microphone that was switched off', -15, 0],
  ])('that becomes louder, %s, does not stop the reply for long', (_, leakDb, gain) => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.allowGivingWay(true);
    reply(driver, 40);
    const before = echo(48_000, leakDb);
    const after = echo(48_000, -15);
    const other: Microphone = (frame, heard) =>
      frame < 480_000 ? before(frame, heard) : after(frame, heard);
    const microphone = room(48_000, new Float32Array(0), 0, other);
    const isOff = (frame: number): boolean => frame >= 240_000 && frame < 480_000;
    driver.microphone = (frame, heard) => microphone(frame, heard) * (isOff(frame) ? gain : 1);
    expect(changes(driver, 30).filter((ms) => ms > 20_000)).toEqual([]);
  });

  it('hides no word of a user who repeats it, although the reply returns each time', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.allowGivingWay(true);
    reply(driver, 17);
    const leak = echo(48_000, -40);
    const word = syntheticVoice(48_000, 120, 0.5, 1).map((sample) => sample / 6);
    const said = (frame: number): number =>
      frame < 6 * 48_000 ? 0 : (word[(frame - 6 * 48_000) % (1.2 * 48_000)] ?? 0);
    driver.microphone = room(
      48_000,
      new Float32Array(0),
      0,
      (frame, heard) => leak(frame, heard) + said(frame),
    );
    driver.runUntil(15_500);
    expect(driver.engine.reading(DUCKS)).toBe(8);
  });

  it('is known at every volume of the reply', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.setVolume(0.1);
    reply(driver, 14);
    driver.at(10_000, () => driver.engine.setVolume(1));
    driver.microphone = room(48_000, new Float32Array(0), 0, echo(48_000, -30));
    expect(changes(driver, 14)).toEqual([]);
  });

  it('that ducks its own reply does not keep it ducked, because what is expected does not get fainter', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.engine.allowGivingWay(true);
    reply(driver, 13);
    const [before, after] = [echo(48_000, -35), echo(48_000, -23)];
    driver.microphone = room(48_000, new Float32Array(0), 0, (frame, heard) =>
      frame < 480_000 ? before(frame, heard) : after(frame, heard),
    );
    const [start = NaN, end = NaN] = changes(driver, 12);
    expect(start).toBeGreaterThan(10_000);
    // 300 ms of them are the end of every speech
    expect(end - start).toBeLessThan(550);
  });

  it('is expected only in the bands that were played: a tone hides no voice, even one that is 25 dB fainter', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    driver.sendReply(headless.encode('audio/pcm', sine(24_000, 500, 3_000)), 100, 2_400, 50);
    driver.microphone = room(
      48_000,
      syntheticVoice(48_000, 120, 1, 1).map((sample) => sample / 5),
      1,
    );
    const [start = NaN] = changes(driver, 2.5);
    expect(start).toBeGreaterThan(1_000);
    expect(start).toBeLessThan(1_150);
  });

  it('is bounded before anything is learned: at −25 dB from the first word on', () => {
    const driver = new DuplexDriver(engineModule, 'audio/pcm');
    reply(driver, 3);
    driver.microphone = room(48_000, new Float32Array(0), 0, echo(48_000, -25));
    expect(changes(driver, 4)).toEqual([]);
  });
});
