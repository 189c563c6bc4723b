import { describe, expect, test } from 'vitest';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from '../../support/g711-reference.js';

const CODES = Array.from({ length: 256 }, (_, code) => code);

/** The levels of ITU-T G.711 by its tables: 8 segments of 16 steps, each twice as wide as the one before. */
function aLawLevels(): number[] {
  const levels = Array.from({ length: 128 }, (_, index) => {
    const segment = index >> 4;
    const step = index & 15;
    return segment === 0 ? (2 * step + 1) * 8 : (2 * step + 33) * 8 * 2 ** (segment - 1);
  });
  return [...levels.map((level) => -level), ...levels];
}

function muLawLevels(): number[] {
  const levels = Array.from(
    { length: 128 },
    (_, index) => ((2 * (index & 15) + 33) * 2 ** (index >> 4) - 33) * 4,
  );
  return [...levels.map((level) => -level), ...levels];
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b).map((value) => value + 0);
}

describe.each([
  { law: 'A-law', encode: encodeAlaw, decode: decodeAlaw, levels: aLawLevels(), silence: 0xd5 },
  { law: 'µ-law', encode: encodeUlaw, decode: decodeUlaw, levels: muLawLevels(), silence: 0xff },
])('$law', ({ decode, encode, levels, silence }) => {
  test('decodes its 256 codes to exactly the levels of the standard', () => {
    expect(ascending(CODES.map(decode))).toEqual(ascending(levels));
  });

  test('gives every level the code it came from', () => {
    const misplaced = CODES.filter((code) => decode(encode(decode(code))) !== decode(code));
    expect(misplaced).toEqual([]);
  });

  test('encodes all 65 536 samples in order, none further away than half a step of its segment', () => {
    const sorted = ascending(levels);
    const reach = new Map(
      sorted.map((level, index) => {
        const below = level - (sorted[index - 1] ?? -32_768);
        const above = (sorted[index + 1] ?? 32_767) - level;
        // The outermost levels also take what is beyond them.
        const outermost = index === 0 || index === sorted.length - 1;
        return [level, outermost ? 1024 : Math.max(below, above) / 2 + 1];
      }),
    );
    const wrong: number[] = [];
    let previous = Number.NEGATIVE_INFINITY;
    for (let sample = -32_768; sample <= 32_767; sample++) {
      const level = decode(encode(sample)) + 0;
      if (level < previous || Math.abs(level - sample) > reach.get(level)!) wrong.push(sample);
      previous = level;
    }
    expect(wrong).toEqual([]);
  });

  test('has the silence byte that the service names', () => {
    expect(encode(0)).toBe(silence);
    expect(Math.abs(decode(silence))).toBeLessThanOrEqual(8);
  });
});
