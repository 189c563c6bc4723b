/**
 * ITU-T G.711, equal to the reference of ITU-T G.191 for every input. Both laws split a magnitude into a segment (its
 * exponent) and the four bits after its leading one, exactly as a float stores an integer. So the float's bits
 * shifted right by 19 are the exponent and four mantissa bits, for four samples at once.
 */
import { ALAW_VALUES, ULAW_VALUES } from './layout';

/** A float of exponent e, shifted right by 19, is (127 + e) · 16 + the four bits after the leading one. */
const MANTISSA_SHIFT: i32 = 19;

/**
 * Bytes in the low byte of four int32 lanes, from four integers in int32 lanes, of any size: overload saturates.
 * @param shift from 16 bits to the law's magnitude, to which `bias` is added, at most `most`
 * @param first float code of the first segment
 * @param linear up to this magnitude the law is linear, and the code of the float is at most the magnitude
 * @param mask of the code of a positive sample
 */
export function encode4(
  s: v128,
  shift: i32,
  bias: v128,
  most: v128,
  first: v128,
  linear: v128,
  mask: v128,
): v128 {
  const negative = i32x4.shr_s(s, 31);
  // one's complement of negative values, as in the reference
  const unbiased = i32x4.shr_s(v128.xor(s, negative), shift);
  const magnitude = i32x4.min_s(i32x4.add(unbiased, bias), most);
  const bits = i32x4.shr_u(f32x4.convert_i32x4_s(magnitude), MANTISSA_SHIFT);
  const code = i32x4.max_s(i32x4.sub(bits, first), i32x4.min_s(magnitude, linear));
  return v128.xor(code, i32x4.add(mask, i32x4.shl(negative, 7)));
}

/** The middle of a code's interval, by the same float; the first segment begins at 128. */
function middle(code: i32): i32 {
  return <i32>reinterpret<f32>((code << MANTISSA_SHIFT) + ((127 + 7) << 23) + (1 << (MANTISSA_SHIFT - 1)));
}

export function writeG711Tables(): void {
  for (let code = 0; code < 256; code++) {
    const at = (<usize>code) << 1;
    const ulaw = middle(~code & 0x7f) - 4 * 33;
    store<i16>(ULAW_VALUES + at, <i16>(code < 0x80 ? -ulaw : ulaw));
    const bits = (code ^ 0x55) & 0x7f;
    const alaw = bits < 16 ? middle(bits + 16) - 256 : middle(bits);
    store<i16>(ALAW_VALUES + at, <i16>(code < 0x80 ? -alaw : alaw));
  }
}
