/**
 * G.711 as ITU-T G.191's `alaw_expand`, `ulaw_expand`, `alaw_compress` and `ulaw_compress` define it, transcribed
 * independently of the engine.
 */

/** @returns int16 of an A-law code (even bits inverted, as on the line). */
export function decodeAlaw(code: number): number {
  const ix = code ^ 0x55;
  const magnitude = ix & 0x7f;
  const exponent = magnitude >> 4;
  let mantissa = magnitude & 0x0f;
  if (exponent > 0) mantissa += 16;
  mantissa = (mantissa << 4) + 8;
  if (exponent > 1) mantissa <<= exponent - 1;
  return (ix & 0x80) !== 0 ? mantissa : -mantissa;
}

/** @returns int16 of a µ-law code (all bits inverted, as on the line). */
export function decodeUlaw(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const mantissa = inverted & 0x0f;
  const magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84;
  return (inverted & 0x80) !== 0 ? 0 - magnitude : magnitude;
}

/** @param sample int16. @returns A-law code. */
export function encodeAlaw(sample: number): number {
  let ix = sample < 0 ? ~sample >> 4 : sample >> 4;
  if (ix > 15) {
    let exponent = 1;
    while (ix > 16 + 15) {
      ix >>= 1;
      exponent += 1;
    }
    ix -= 16;
    ix += exponent << 4;
  }
  if (sample >= 0) ix |= 0x80;
  return ix ^ 0x55;
}

/** @param sample int16. @returns µ-law code. */
export function encodeUlaw(sample: number): number {
  const magnitude = Math.min((sample < 0 ? ~sample >> 2 : sample >> 2) + 33, 0x1fff);
  let segment = 1;
  for (let rest = magnitude >> 6; rest !== 0; rest >>= 1) segment += 1;
  const high = 8 - segment;
  const low = 0x0f - ((magnitude >> segment) & 0x0f);
  const code = (high << 4) | low;
  return sample >= 0 ? code | 0x80 : code;
}
