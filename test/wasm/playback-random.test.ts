import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkProperty } from '../support/check-property.js';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { largestStep } from '../support/sound-level.js';
import { DuplexDriver, engineModule, headless, sine } from './duplex-driver.js';
import {
  CONSUMED_FRAMES,
  DEPTH_FRAMES,
  TARGET_FRAMES,
  WRITTEN_FRAMES,
} from '../../src/engine/engine-exports.js';

const AMPLITUDE = 0.5;
const DEVICE_RATE_HZ = 48_000;
/** Largest step of the tone itself from one frame of the device to the next. */
const TONE_STEP = (AMPLITUDE * 2 * Math.PI * 440) / DEVICE_RATE_HZ;
/**
 * If one reply ends in mid-wave and the next begins, each is faded for 5 ms (240 frames). The edge of either leaves the
 * filter 64 frames after it entered, so the fades meet above zero, at the gain of twice these 64 frames.
 */
const GAIN_AT_EDGE = (2 * 64) / 240;
/** Share of its height by which a single missing sample, the sharpest edge, changes from frame to frame at twice its rate. */
const SHARPEST_EDGE = 2 / Math.PI;
/** 0.19. Without fades: 0.32 for a missing sample, 0.3 for an edge. */
const LARGEST_STEP = GAIN_AT_EDGE * (AMPLITUDE * SHARPEST_EDGE + TONE_STEP);
/** 440 Hz for audio that must not be heard after a flush, 660 Hz for later audio; separated by a notch filter. */
const OLD = headless.encode('audio/pcm', sine(24_000, 440, 4000, AMPLITUDE));

type Command =
  | { readonly type: 'write'; readonly bytes: number }
  | { readonly type: 'end' | 'hold' | 'release' | 'flush' }
  | { readonly type: 'volume'; readonly linear: number }
  | { readonly type: 'run'; readonly quanta: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('write' as const), bytes: fc.integer({ min: 0, max: 9000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('run' as const), quanta: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 3, arbitrary: fc.constantFrom({ type: 'hold' } as const, { type: 'release' } as const) },
  { weight: 2, arbitrary: fc.constantFrom({ type: 'flush' } as const, { type: 'end' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('volume' as const),
      linear: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

/** A tone of whole periods in two seconds, and how much of it was written. */
interface Source {
  readonly sound: Uint8Array;
  readonly bytesPerSample: number;
  bytes: number;
}

/** Applies a command. Each write continues the tone where the last one ended, so that its own steps are small. */
function apply(play: DuplexDriver, step: Command, source: Source): void {
  const { engine } = play;
  switch (step.type) {
    case 'write': {
      const first = source.bytes % (2 * play.rateHz * source.bytesPerSample);
      const bytes = source.sound.subarray(first, first + step.bytes);
      source.bytes += engine.write(bytes, play.nowFrames);
      break;
    }
    case 'end':
      engine.endTalkspurt();
      // an odd byte is dropped with the talkspurt
      source.bytes += source.bytes % source.bytesPerSample;
      break;
    case 'hold':
      engine.hold();
      break;
    case 'release':
      engine.release();
      break;
    case 'flush':
      engine.flush();
      source.bytes += source.bytes % source.bytesPerSample;
      break;
    case 'volume':
      engine.setVolume(step.linear);
      break;
    case 'run':
      play.runUntil(play.nowMs + (step.quanta * 128) / 48);
      break;
  }
}

const commands = fc.array(command, { minLength: 5, maxLength: 60 });
/** How much is left before the ring wraps around, of the first audio: up to 125 ms at 24 kHz. */
const framesBeforeWrap = fc.integer({ min: 0, max: 3_000 });

/** Plays by commands, and then to the end, from a position shortly before the ring wraps around. */
function playAll(play: DuplexDriver, source: Source, toWrap: number, steps: readonly Command[]): void {
  const { engine } = play;
  // loud in most encodings, so that none of it may be heard
  engine.write(new Uint8Array((60 * play.rateHz - toWrap) * source.bytesPerSample).fill(0x80), 0);
  engine.flush();
  let consumed = 60 * play.rateHz - toWrap;
  for (const step of steps) {
    apply(play, step, source);
    const consumedFrames = engine.reading(CONSUMED_FRAMES);
    const writtenFrames = engine.reading(WRITTEN_FRAMES);
    expect(consumedFrames).toBeGreaterThanOrEqual(consumed);
    expect(consumedFrames).toBeLessThanOrEqual(writtenFrames);
    expect(engine.reading(DEPTH_FRAMES)).toBe(writtenFrames - consumedFrames);
    consumed = consumedFrames;
  }
  // after a release and the end of the reply, it always plays to its end
  engine.release();
  engine.endTalkspurt();
  play.runUntil(play.nowMs + (engine.reading(DEPTH_FRAMES) * 1_000) / play.rateHz + 100);
  expect(engine.reading(CONSUMED_FRAMES)).toBe(engine.reading(WRITTEN_FRAMES));
  expect(engine.flushing).toBe(false);
}

it('never clicks, never repeats and never invents audio, for any order of commands', async () => {
  await checkProperty(
    fc.property(framesBeforeWrap, commands, (toWrap, steps) => {
      const play = new DuplexDriver(engineModule, 'audio/pcm');
      playAll(play, { sound: OLD, bytesPerSample: 2, bytes: 0 }, toWrap, steps);
      expect(largestStep(play.heard).size).toBeLessThan(LARGEST_STEP);
      expect(play.heard.every((sample) => Math.abs(sample) < 0.52)).toBe(true);
    }),
    { name: 'commands to the playback', numRuns: 80, seed: 20_260_923 },
  );
});

it('plays all encodings to their end on every device, for any order of commands', async () => {
  const encodings = Object.keys(AUDIO_ENCODINGS) as AudioEncoding[];
  const sounds = new Map(
    encodings.map((name) => [
      name,
      headless.encode(name, sine(AUDIO_ENCODINGS[name].rateHz, 440, 4_000, AMPLITUDE)),
    ]),
  );
  const devices = fc.constantFrom(8_000, 16_000, 22_050, 24_000, 44_100, 96_000, 384_000);
  await checkProperty(
    fc.property(
      fc.constantFrom(...encodings),
      devices,
      framesBeforeWrap,
      commands,
      (name, device, ...rest) => {
        const play = new DuplexDriver(engineModule, name, device);
        const { bytesPerSample } = AUDIO_ENCODINGS[name];
        playAll(play, { sound: sounds.get(name)!, bytesPerSample, bytes: 0 }, ...rest);
        // the filter overshoots at an edge
        expect(play.heard.every((sample) => Math.abs(sample) < 0.6)).toBe(true);
      },
    ),
    { name: 'commands to the playback on any device', numRuns: 40, seed: 20_261_128 },
  );
});

it('plays a reply whole, with a delay within its limits, however late or early its messages are', async () => {
  const message = fc.record({
    bytes: fc.integer({ min: 1, max: 20_000 }),
    // most arrive in time or in bursts, a few after the server has slept
    waitMs: fc.oneof({ weight: 8, arbitrary: fc.nat(120) }, { weight: 1, arbitrary: fc.nat(3_000) }),
  });
  await checkProperty(
    fc.property(fc.array(message, { minLength: 1, maxLength: 40 }), (messages) => {
      const play = new DuplexDriver(engineModule, 'audio/pcm');
      const { engine } = play;
      let atMs = 0;
      let sent = 0;
      for (const { bytes, waitMs } of messages) {
        const first = sent % 96_000;
        play.at((atMs += waitMs), () => engine.write(OLD.subarray(first, first + bytes), play.nowFrames));
        play.at(atMs, () => {
          const targetMs = engine.reading(TARGET_FRAMES) / 24;
          expect(targetMs).toBeGreaterThanOrEqual(20);
          expect(targetMs).toBeLessThanOrEqual(400);
        });
        sent += bytes;
      }
      play.at(atMs, () => engine.endTalkspurt());
      play.runUntil(atMs + sent / 48 + 100);
      expect(engine.reading(WRITTEN_FRAMES)).toBe(Math.floor(sent / 2));
      expect(engine.reading(CONSUMED_FRAMES)).toBe(Math.floor(sent / 2));
      expect(largestStep(play.heard).size).toBeLessThan(LARGEST_STEP);
    }),
    { name: 'arrivals', numRuns: 30, seed: 20_261_132 },
  );
});

it('plays none of a flushed reply, at any time of the flush', async () => {
  const next = headless.encode('audio/pcm', sine(24_000, 660, 400));
  await checkProperty(
    fc.property(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 12 }),
      fc.boolean(),
      (flushMs, afterMs, heldBefore) => {
        const play = new DuplexDriver(engineModule, 'audio/pcm');
        play.engine.write(OLD, 0);
        if (heldBefore) play.at(flushMs / 2, () => play.engine.hold());
        play.at(flushMs, () => play.engine.flush());
        play.at(flushMs + afterMs, () => {
          play.engine.write(next, play.nowFrames);
          play.engine.endTalkspurt();
        });
        play.runUntil(flushMs + afterMs + 700);
        const after = play.between(flushMs + 9 + 8, flushMs + afterMs + 700);
        expect(leakOf440(after)).toBeLessThan(0.003);
        expect(play.engine.reading(CONSUMED_FRAMES)).toBe(play.engine.reading(WRITTEN_FRAMES));
      },
    ),
    { name: 'flushes', numRuns: 40, seed: 42 },
  );
});

/** Amplitude of 440 Hz by correlation over whole periods of both tones (50 ms holds 22 of 440 Hz and 33 of 660 Hz). */
function leakOf440(samples: Float32Array): number {
  let worst = 0;
  for (let first = 0; first + 2400 <= samples.length; first += 2400) {
    const span = samples.subarray(first, first + 2400);
    // blocks in which the new tone begins or ends contain every frequency
    if (Math.abs(energy(span) - 0.125) > 0.002 && energy(span) > 1e-9) continue;
    let re = 0;
    let im = 0;
    for (const [i, sample] of span.entries()) {
      re += sample * Math.cos((2 * Math.PI * 440 * i) / 48_000);
      im += sample * Math.sin((2 * Math.PI * 440 * i) / 48_000);
    }
    worst = Math.max(worst, Math.hypot(re, im) / 1200);
  }
  return worst;
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}
