import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkProperty } from '../support/check-property.js';
import { DuplexDriver, engineModule } from './duplex-driver.js';
import { CONSUMED_FRAMES, DEPTH_FRAMES } from '../../src/engine/engine-exports.js';

/** At this rate nothing is resampled: outside of fades, what is heard are the samples that were written. */
const RATE_HZ = 24_000;
/** Each sample is its position. All are loud, so that none is skipped as silence. */
const FIRST_VALUE = 5_000;
const MOST_FRAMES = 32_767 - FIRST_VALUE;
const LARGEST_WRITE = 6_000;
/** Faded at either end, and in the rest of a quantum. */
const MOST_FADED = 2 * 120 + 128;

type Command =
  | { readonly type: 'write'; readonly frames: number }
  | { readonly type: 'run'; readonly quanta: number }
  | { readonly type: 'hold' | 'release' | 'end' | 'flush' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .integer({ min: 0, max: LARGEST_WRITE })
      .map((frames): Command => ({ type: 'write', frames })),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 30 }).map((quanta): Command => ({ type: 'run', quanta })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Command>(
      { type: 'hold' },
      { type: 'release' },
      { type: 'end' },
      { type: 'flush' },
    ),
  },
);

interface Played {
  readonly heard: Float32Array;
  readonly writtenFrames: number;
  /** Positions of what was flushed. */
  readonly flushed: readonly { readonly from: number; readonly to: number }[];
}

function play(steps: readonly Command[]): Played {
  const driver = new DuplexDriver(engineModule, 'audio/pcm', RATE_HZ);
  const { engine } = driver;
  const flushed: { from: number; to: number }[] = [];
  let written = 0;
  for (const step of steps) {
    if (step.type === 'write') {
      const length = Math.min(step.frames, MOST_FRAMES - written);
      const samples = Int16Array.from({ length }, (_, at) => FIRST_VALUE + written + at);
      written += engine.write(new Uint8Array(samples.buffer), driver.nowFrames) / 2;
    } else if (step.type === 'run') driver.runUntil(driver.nowMs + (step.quanta * 128_000) / RATE_HZ);
    else if (step.type === 'end') engine.endTalkspurt();
    else {
      if (step.type === 'flush') flushed.push({ from: engine.reading(CONSUMED_FRAMES), to: written });
      engine[step.type]();
    }
  }
  engine.release();
  engine.endTalkspurt();
  driver.runUntil(driver.nowMs + (engine.reading(DEPTH_FRAMES) * 1_000) / RATE_HZ + 300);
  expect(engine.reading(CONSUMED_FRAMES)).toBe(written);
  return { heard: driver.heard, writtenFrames: written, flushed };
}

/** Positions that were heard at full gain, with their successors, in the order in which they were heard. */
function positionsIn(heard: Float32Array): number[] {
  return [...heard].flatMap((sample, at) => {
    const value = sample * 32_768;
    const isFaded = value < FIRST_VALUE || !Number.isInteger(value) || heard[at + 1]! * 32_768 !== value + 1;
    return isFaded ? [] : [value - FIRST_VALUE];
  });
}

it('every sample that was not flushed is heard, in order and once', async () => {
  await checkProperty(
    fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), (steps) => {
      const { heard, writtenFrames, flushed } = play(steps);
      const positions = positionsIn(heard);
      expect(positions.every((position, at) => at === 0 || position > positions[at - 1]!)).toBe(true);
      const wasHeard = new Set(positions);
      let missing = 0;
      for (let position = 0; position < writtenFrames; position++) {
        const isFlushed = flushed.some(({ from, to }) => position >= from && position < to);
        if (!wasHeard.has(position) && !isFlushed) missing++;
      }
      // each command may end in a fade, and each message may come too late
      expect(missing).toBeLessThanOrEqual((steps.length + 2) * MOST_FADED);
    }),
    { name: 'the order of the playback', numRuns: 50, seed: 20_261_129 },
  );
});
