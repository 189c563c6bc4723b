import { describe, expect, it } from 'vitest';
import { noise, syntheticVoice } from '../support/synthetic-voice.js';
import { DuplexDriver, engineModule, headless } from './duplex-driver.js';
import {
  CONSUMED_FRAMES,
  DUCKS,
  FALSE_DUCKS,
  GIVING_WAY,
  ONSET_TO_DUCK_MS,
} from '../../src/engine/engine-exports.js';

const RATE_HZ = 48_000;
const DUCKED = 10 ** (-15 / 20);

/** A call with a headset: a reply of this length from 100 ms on, and a near voice in these spans (seconds). */
function call(
  replySeconds: number,
  spans: readonly (readonly [number, number])[],
  allowed = true,
): DuplexDriver {
  const driver = new DuplexDriver(engineModule, 'audio/pcm');
  driver.engine.allowGivingWay(allowed);
  // a steady sound shows every gain at any position
  const reply = Float32Array.from(
    { length: replySeconds * 24_000 },
    (_, i) => 0.3 * Math.sin(i / 7) + 1e-4 * (i % 64),
  );
  driver.sendReply(headless.encode('audio/pcm', reply), 100, 2_400, 50);
  const hiss = noise(1);
  const voice = syntheticVoice(RATE_HZ, 130, 10);
  driver.microphone = (frame) => {
    const span = spans.find(([from, to]) => frame >= from * RATE_HZ && frame < to * RATE_HZ);
    return hiss() * 0.0005 + (span ? (voice[frame - Math.round(span[0] * RATE_HZ)] ?? 0) : 0);
  };
  return driver;
}

/** Times in ms at which `givingWay` changed, checked once per quantum, and its values. */
function steps(driver: DuplexDriver, untilMs: number): [number, number][] {
  const result: [number, number][] = [];
  let was = 0;
  while (driver.nowMs < untilMs) {
    driver.runUntil(driver.nowMs + 1);
    const now = driver.engine.reading(GIVING_WAY);
    if (now !== was) result.push([now, driver.nowMs]);
    was = now;
  }
  return result;
}

/** The same reply without speech over it. */
function undisturbed(replySeconds: number, untilMs: number): Float32Array {
  const driver = call(replySeconds, []);
  driver.runUntil(untilMs);
  return driver.heard;
}

/** Maximum of `heard` relative to that of `plain`, in 10 ms from `ms` on. */
function gainAt(heard: Float32Array, plain: Float32Array, ms: number): number {
  const span = (samples: Float32Array) =>
    samples
      .subarray((ms / 1_000) * RATE_HZ, ((ms + 10) / 1_000) * RATE_HZ)
      .reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return span(heard) / span(plain);
}

describe('a short word', () => {
  const driver = call(5, [[2, 2.3]]);
  const found = steps(driver, 6_000);
  const plain = undisturbed(5, 6_000);
  const [[, duckedMs] = [0, NaN], [, backMs] = [0, NaN]] = found;

  it('ducks the reply, but does not hold it', () => {
    expect(found.map(([state]) => state)).toEqual([1, 0]);
    expect(duckedMs).toBeLessThan(2_150);
    expect(driver.engine.reading(DUCKS)).toBe(1);
    expect(driver.engine.reading(FALSE_DUCKS)).toBe(1);
    expect(driver.engine.reading(ONSET_TO_DUCK_MS)).toBeLessThanOrEqual(duckedMs - 2_000 + 10);
    expect(driver.engine.reading(ONSET_TO_DUCK_MS)).toBeGreaterThan(duckedMs - 2_000 - 40);
  });

  it('attenuates by 12 dB within 20 ms of the decision, then by 15 dB', () => {
    expect(gainAt(driver.heard, plain, duckedMs + 20)).toBeLessThan(0.25);
    expect(gainAt(driver.heard, plain, duckedMs + 100)).toBeCloseTo(DUCKED, 2);
  });

  it('returns 250 … 450 ms after the word, within 60 ms', () => {
    expect(backMs).toBeGreaterThan(2_550);
    expect(backMs).toBeLessThan(2_750);
    expect(gainAt(driver.heard, plain, backMs + 65)).toBeCloseTo(1, 3);
  });

  it('changes the level evenly: by 15 dB in 15 ms, and back in 60 ms', () => {
    // the quantum of the decision, 2.7 ms, is part of the ramp
    const ramp = (ms: number, lengthMs: number): number => ((1 - DUCKED) * (ms + 2.7)) / lengthMs;
    expect(gainAt(driver.heard, plain, duckedMs + 5)).toBeCloseTo(1 - ramp(5, 15), 1);
    // of the 10 ms that begin there, the last sample
    expect(gainAt(driver.heard, plain, backMs + 30)).toBeCloseTo(DUCKED + ramp(40, 60), 1);
  });

  it('keeps positions: every sample is where it was, only fainter', () => {
    const { heard } = driver;
    const wrong = heard.findIndex((sample, i) => {
      const original = plain[i] ?? 0;
      const least = Math.abs(original) * (DUCKED - 0.001) - 1e-6;
      return (
        Math.abs(sample) < least || Math.abs(sample) > Math.abs(original) + 1e-6 || sample * original < 0
      );
    });
    expect(wrong).toBe(-1);
  });
});

describe('longer speech', () => {
  const driver = call(6, [[2, 3.2]]);
  const found = steps(driver, 9_000);
  const plain = undisturbed(6, 9_000);

  it('holds the reply after half a second, and resumes it after 300 ms of silence', () => {
    expect(found.map(([state]) => state)).toEqual([1, 2, 0]);
    const [, [, heldMs] = [0, NaN], [, onMs] = [0, NaN]] = found;
    expect(heldMs).toBeGreaterThan(2_400);
    expect(heldMs).toBeLessThan(2_650);
    expect(onMs).toBeGreaterThan(3_450);
    expect(onMs).toBeLessThan(3_650);
    expect(driver.between(heldMs + 10, onMs - 6).every((sample) => sample === 0)).toBe(true);
  });

  it('loses no sample: after the hold the reply continues exactly where it stopped', () => {
    const [, [, heldMs] = [0, NaN], [, onMs] = [0, NaN]] = found;
    expect(driver.engine.reading(CONSUMED_FRAMES)).toBe(6 * 24_000);
    // 200 ms later, at full level, the audio equals the plain reply, delayed by one span
    const later = driver.heard.subarray(((onMs + 200) / 1_000) * RATE_HZ, ((onMs + 1_200) / 1_000) * RATE_HZ);
    const heldForMs = onMs - heldMs;
    let best = Infinity;
    const around = Math.round(((onMs + 200 - heldForMs) / 1_000) * RATE_HZ);
    for (let shift = -1_200; shift <= 1_200; shift++) {
      let worst = 0;
      for (let i = 0; i < later.length && worst < best; i += 7) {
        worst = Math.max(worst, Math.abs((later[i] ?? 0) - (plain[around + shift + i] ?? 0)));
      }
      best = Math.min(best, worst);
    }
    expect(best).toBeLessThan(1e-4);
  });
});

describe('giving way', () => {
  it('ends after three seconds without an interruption, and does not begin again in the same speech', () => {
    const found = steps(call(12, [[2, 9]]), 9_000);
    expect(found.map(([state]) => state)).toEqual([1, 2, 0]);
    expect(found[2]?.[1]).toBeGreaterThan(4_900);
    expect(found[2]?.[1]).toBeLessThan(5_200);
  });

  it('begins again with the next speech after that', () => {
    const found = steps(
      call(14, [
        [2, 6],
        [8, 9.2],
      ]),
      10_500,
    );
    expect(found.map(([state]) => state)).toEqual([1, 2, 0, 1, 2, 0]);
  });

  it('changes no bit of a reply unless it is allowed', () => {
    const driver = call(4, [[2, 3]], false);
    driver.runUntil(5_000);
    expect(driver.engine.reading(DUCKS)).toBe(0);
    expect(driver.heard).toEqual(undisturbed(4, 5_000));
  });

  it('ends as soon as it is forbidden', () => {
    const driver = call(5, [[2, 4]]);
    driver.runUntil(2_800);
    expect(driver.engine.reading(GIVING_WAY)).toBe(2);
    driver.engine.allowGivingWay(false);
    driver.runUntil(2_900);
    expect(driver.engine.reading(GIVING_WAY)).toBe(0);
    expect(Math.max(...driver.between(2_870, 2_900))).toBeGreaterThan(0.1);
  });

  it('ends with a flush: the next reply has its full level from the start', () => {
    const driver = call(5, [[2, 2.9]]);
    driver.runUntil(2_700);
    expect(driver.engine.reading(GIVING_WAY)).toBe(2);
    driver.engine.flush();
    expect(driver.engine.reading(GIVING_WAY)).toBe(0);
    driver.runUntil(3_600);
    const next = new Float32Array(24_000).fill(0.3);
    driver.engine.write(headless.encode('audio/pcm', next), driver.nowFrames);
    driver.engine.endTalkspurt();
    driver.runUntil(4_000);
    const loudest = Math.max(...driver.between(3_700, 4_000));
    expect(loudest).toBeGreaterThan(0.29);
    expect(loudest).toBeLessThan(0.32);
  });

  it('ends with a flush, also for a reply that follows at once', () => {
    const driver = call(5, [[2, 2.9]]);
    driver.runUntil(2_300);
    expect(driver.engine.reading(GIVING_WAY)).toBe(1);
    driver.engine.flush();
    driver.engine.allowGivingWay(false);
    driver.runUntil(2_310);
    driver.engine.write(headless.encode('audio/pcm', new Float32Array(2_400).fill(0.3)), driver.nowFrames);
    driver.engine.endTalkspurt();
    driver.runUntil(2_330);
    expect(Math.max(...driver.between(2_310, 2_330))).toBeGreaterThan(0.29);
  });

  it('and a hold by command do not affect each other', () => {
    const driver = call(6, [[2, 3]]);
    driver.at(2_700, () => driver.engine.hold());
    driver.runUntil(3_900);
    // the speech is over, the command still holds
    expect(driver.engine.reading(GIVING_WAY)).toBe(0);
    expect(driver.engine.held).toBe(true);
    expect(driver.between(2_750, 3_900).every((sample) => sample === 0)).toBe(true);
    driver.engine.release();
    driver.runUntil(4_100);
    expect(Math.max(...driver.between(3_950, 4_100))).toBeGreaterThan(0.2);
  });

  it('does not happen while a command holds the reply', () => {
    const driver = call(4, [[2, 3]]);
    driver.at(1_500, () => driver.engine.hold());
    driver.runUntil(3_500);
    expect(driver.engine.reading(DUCKS)).toBe(0);
  });

  it('does not happen while nothing is played', () => {
    const driver = call(1, [[2, 3]]);
    driver.runUntil(4_000);
    expect(driver.engine.reading(DUCKS)).toBe(0);
  });
});
