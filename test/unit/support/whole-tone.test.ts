import { expect, test } from 'vitest';
import { UNDERRUNS } from '../../../src/engine/engine-exports.js';
import { findToneFaults } from '../../support/whole-tone.js';
import type { Sound } from '../../support/wav.js';
import { DuplexDriver, engineModule, headless, sine } from '../../wasm/duplex-driver.js';

const RATE_HZ = 44_100;
const AHEAD_MS = 500;
const STALL_AT_MS = 1_000;

/** Three seconds of a tone, sent 500 ms ahead of time; for `stallMs`, nothing arrives. */
function played(stallMs: number): { recording: Sound; underruns: number } {
  const play = new DuplexDriver(engineModule, 'audio/pcm', RATE_HZ);
  const bytes = headless.encode('audio/pcm', sine(24_000, 440, 3_000));
  for (let from = 0; from < bytes.length; from += 480) {
    const pacedMs = 100 + Math.max(0, from / 48 - AHEAD_MS);
    const isLate = pacedMs > STALL_AT_MS && pacedMs < STALL_AT_MS + stallMs;
    const atMs = isLate ? STALL_AT_MS + stallMs : pacedMs;
    play.at(atMs, () => play.engine.write(bytes.subarray(from, from + 480), (atMs / 1000) * RATE_HZ));
  }
  play.at(3_500, () => play.engine.endTalkspurt());
  play.runUntil(4_500);
  return {
    recording: { rateHz: RATE_HZ, samples: play.heard },
    underruns: play.engine.reading(UNDERRUNS),
  };
}

function faultsOf(recording: Sound) {
  return findToneFaults(recording, 440, 0.5);
}

/** The recording, with samples replaced in the middle of the tone. */
function spliced({ rateHz, samples }: Sound, remove: number, insert: number[] = []): Sound {
  const at = 2 * RATE_HZ + 25;
  const all = [...samples.subarray(0, at), ...insert, ...samples.subarray(at + remove)];
  return { rateHz, samples: new Float32Array(all) };
}

test('a tone that arrives in time is whole', () => {
  const { recording, underruns } = played(0);
  const { breaksMs, impureMs, step } = faultsOf(recording);
  expect({ breaksMs, impureMs, underruns }).toEqual({ breaksMs: [], impureMs: [], underruns: 0 });
  expect(step).toBeLessThan(1.3);
});

test('audio that arrives around the moment in which the buffer runs dry: every break is an underrun, and nothing clicks', () => {
  const underrunsSeen = new Set<number>();
  for (let stallMs = 500; stallMs < 530; stallMs += 1) {
    const { recording, underruns } = played(stallMs);
    const { breaksMs, impureMs, step } = faultsOf(recording);
    expect(breaksMs.length, `breaks after ${stallMs} ms`).toBeLessThanOrEqual(underruns);
    expect(impureMs, `impure after ${stallMs} ms`).toEqual([]);
    expect(step, `step after ${stallMs} ms`).toBeLessThan(1.3);
    underrunsSeen.add(underruns);
  }
  expect([...underrunsSeen]).toEqual([0, 1]);
});

test.each([
  ['one sample is lost', 1, []],
  ['ten samples are lost', 10, []],
  ['one sample is played twice', 0, [0.3]],
])('%s: a break', (_, remove, insert) => {
  expect(faultsOf(spliced(played(0).recording, remove, insert)).breaksMs).toHaveLength(1);
});

test('a millisecond is replaced by silence: a click', () => {
  expect(faultsOf(spliced(played(0).recording, 44, new Array<number>(44).fill(0))).step).toBeGreaterThan(2);
});

test('one sample is wrong: impure', () => {
  expect(faultsOf(spliced(played(0).recording, 1, [0.5])).impureMs).toHaveLength(1);
});
