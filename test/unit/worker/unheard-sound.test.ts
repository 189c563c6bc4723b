import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnheardSound, type UnheardPiece } from '../../../src/worker/unheard-sound.js';
import { checkProperty } from '../../support/check-property.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const bytesOf = (piece: UnheardPiece) => (piece.type === 'sound' ? [...piece.bytes] : []);
const contents = (sound: UnheardSound) => sound.take().map((piece) => [piece.reply, ...bytesOf(piece)]);

describe('UnheardSound', () => {
  it('keeps what was not consumed, in order, a piece that was begun included', () => {
    const sound = new UnheardSound();
    sound.add(1, bytes(1, 2));
    sound.add(1, bytes(3, 4));
    sound.add(1, bytes(5, 6));
    sound.complete(1);
    sound.consumed(3);
    expect(contents(sound)).toEqual([[1, 3, 4], [1, 5, 6], [1]]);
  });

  it('keeps a copy: the bytes themselves are given away', () => {
    const sound = new UnheardSound();
    const given = bytes(1, 2);
    sound.add(1, given);
    given.fill(9);
    expect(contents(sound)).toEqual([[1, 1, 2]]);
  });

  it('keeps the end of a reply until it was heard', () => {
    const sound = new UnheardSound();
    sound.add(1, bytes(1, 2));
    sound.complete(1);
    sound.add(2, bytes(3, 4));
    sound.consumed(4);
    expect(contents(sound)).toEqual([[1], [2, 3, 4]]);
  });

  it('forgets a reply that was heard and those before it, and no other', () => {
    const sound = new UnheardSound();
    sound.add(1, bytes(1));
    sound.add(2, bytes(2));
    sound.complete(2);
    sound.add(3, bytes(3));
    sound.heard(2);
    expect(contents(sound)).toEqual([[3, 3]]);
  });

  it('forgets everything when told, and goes on counting where the worklet does', () => {
    const sound = new UnheardSound();
    sound.add(1, bytes(1, 2));
    sound.take();
    sound.add(2, bytes(3, 4));
    sound.consumed(3);
    expect(contents(sound)).toEqual([[2, 3, 4]]);
  });

  it('never loses a byte that was not consumed, whatever the sizes', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    await checkProperty(
      fc.property(sizes, fc.nat(2_000), (lengths, consumed) => {
        const sound = new UnheardSound();
        let next = 0;
        for (const length of lengths)
          sound.add(
            1,
            Uint8Array.from({ length }, () => next++ % 251),
          );
        sound.consumed(consumed);
        const kept = sound.take().flatMap(bytesOf);
        expect(kept.length).toBeGreaterThanOrEqual(Math.max(0, next - consumed));
        expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => (next - kept.length + i) % 251));
      }),
      { name: 'sound that was not heard', seed: 7, numRuns: 100 },
    );
  });

  it('is bounded by a minute of sound', () => {
    const sound = new UnheardSound();
    for (let second = 0; second < 70; second++) sound.add(1, new Uint8Array(48_000));
    expect(sound.take()).toHaveLength(60);
  });
});
