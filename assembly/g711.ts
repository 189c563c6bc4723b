/**
 * ITU-T G.711, equal to the reference of ITU-T G.191 for every input. Both laws split a magnitude into a segment (its
 * exponent) and the four bits after its leading one, exactly as a float stores an integer. So the float's bits
 * shifted right by 19 are the exponent and four mantissa bits, for four samples at once.
 */
import { ALAW_VALUES, ULAW_VALUES } from './layout';

/** A float of exponent e, shifted right by 19, is (127 + e) · 16 + the four bits after the leading one. */
const MANTISSA_SHIFT: i32 = 19;

/** µ-law bytes in the low byte of four int32 lanes, from four int16 values in int32 lanes. */
export function encodeUlaw4(s: v128): v128 {
  const negative = i32x4.shr_s(s, 31);
  // one's complement of negative values, as in the reference
  const magnitude = i32x4.add(i32x4.shr_s(v128.xor(s, negative), 2), i32x4.splat(33));
  const capped = i32x4.min_s(magnitude, i32x4.splat(0x1fff));
  const bits = i32x4.shr_u(f32x4.convert_i32x4_s(capped), MANTISSA_SHIFT);
  const code = i32x4.sub(bits, i32x4.splat((127 + 5) << 4));
  return v128.xor(code, v128.or(i32x4.splat(0x7f), v128.andnot(i32x4.splat(0x80), negative)));
}

/** A-law bytes in the low byte of four int32 lanes, from four int16 values in int32 lanes. */
export function encodeAlaw4(s: v128): v128 {
  const negative = i32x4.shr_s(s, 31);
  const magnitude = i32x4.shr_s(v128.xor(s, negative), 4);
  const bits = i32x4.shr_u(f32x4.convert_i32x4_s(magnitude), MANTISSA_SHIFT);
  const curved = i32x4.sub(bits, i32x4.splat((127 + 3) << 4));
  const code = v128.bitselect(curved, magnitude, i32x4.gt_s(magnitude, i32x4.splat(15)));
  return v128.xor(code, v128.or(i32x4.splat(0x55), v128.andnot(i32x4.splat(0x80), negative)));
}

function ulawValue(code: i32): i32 {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const step = 4 << (exponent + 1);
  const value = (0x80 << exponent) + step * (inverted & 15) + step / 2 - 4 * 33;
  return code < 0x80 ? -value : value;
}

function alawValue(code: i32): i32 {
  const bits = (code ^ 0x55) & 0x7f;
  const exponent = bits >> 4;
  let mantissa = bits & 15;
  if (exponent > 0) mantissa += 16;
  mantissa = (mantissa << 4) + 8;
  if (exponent > 1) mantissa <<= exponent - 1;
  return code > 127 ? mantissa : -mantissa;
}

export function writeG711Tables(): void {
  for (let code = 0; code < 256; code++) {
    store<i16>(ULAW_VALUES + ((<usize>code) << 1), <i16>ulawValue(code));
    store<i16>(ALAW_VALUES + ((<usize>code) << 1), <i16>alawValue(code));
  }
}
