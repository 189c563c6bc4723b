import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkProperty } from '../support/check-property.js';
import { largestStep } from '../support/sound-level.js';
import { DuplexDriver, engineModule, headless, sine } from './duplex-driver.js';
import { CONSUMED_FRAMES, DEPTH_FRAMES, WRITTEN_FRAMES } from '../../src/engine/engine-exports.js';

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

/** Applies a command. Each write continues the tone where the last one ended, so that its own steps are small. */
function apply(play: DuplexDriver, step: Command, phase: { bytes: number }): void {
  const { engine } = play;
  switch (step.type) {
    case 'write': {
      const first = phase.bytes % 96_000;
      const bytes = OLD.subarray(first, first + step.bytes);
      phase.bytes += engine.write(bytes, play.nowFrames);
      break;
    }
    case 'end':
      engine.endTalkspurt();
      // an odd byte is dropped with the talkspurt
      phase.bytes += phase.bytes % 2;
      break;
    case 'hold':
      engine.hold();
      break;
    case 'release':
      engine.release();
      break;
    case 'flush':
      engine.flush();
      phase.bytes += phase.bytes % 2;
      break;
    case 'volume':
      engine.setVolume(step.linear);
      break;
    case 'run':
      play.runUntil(play.nowMs + (step.quanta * 128) / 48);
      break;
  }
}

it('never clicks, never repeats and never invents audio, for any order of commands', async () => {
  await checkProperty(
    fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), (commands) => {
      const play = new DuplexDriver(engineModule, 'audio/pcm');
      const phase = { bytes: 0 };
      let consumed = 0;
      for (const step of commands) {
        apply(play, step, phase);
        const consumedFrames = play.engine.reading(CONSUMED_FRAMES);
        const writtenFrames = play.engine.reading(WRITTEN_FRAMES);
        expect(consumedFrames).toBeGreaterThanOrEqual(consumed);
        expect(consumedFrames).toBeLessThanOrEqual(writtenFrames);
        expect(play.engine.reading(DEPTH_FRAMES)).toBe(writtenFrames - consumedFrames);
        consumed = consumedFrames;
      }
      const samples = play.heard;
      expect(largestStep(samples).size).toBeLessThan(LARGEST_STEP);
      expect(samples.every((sample) => Math.abs(sample) < 0.52)).toBe(true);
      // after a release and the end of the reply, it always plays to its end
      play.engine.release();
      play.engine.endTalkspurt();
      play.runUntil(play.nowMs + play.engine.reading(DEPTH_FRAMES) / 24 + 100);
      expect(play.engine.reading(CONSUMED_FRAMES)).toBe(play.engine.reading(WRITTEN_FRAMES));
      expect(play.engine.flushing).toBe(false);
    }),
    { name: 'commands to the playback', numRuns: 80, seed: 20_260_923 },
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
