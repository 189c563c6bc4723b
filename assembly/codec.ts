/** Converts the three encodings between float samples and bytes. Scale: int16 / 32768. */
import { encode4 } from './g711';
import { ALAW_VALUES, ULAW_VALUES } from './layout';

export const PCM: i32 = 0;
export const ULAW: i32 = 1;
export const ALAW: i32 = 2;

export function rateOf(encoding: i32): i32 {
  return encoding == PCM ? 24_000 : 8_000;
}

export function bytesPerSample(encoding: i32): i32 {
  return encoding == PCM ? 2 : 1;
}

/** Nearest integers in int32 lanes. NaN is 0. */
function toInt32(from: usize): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from), f32x4.splat(32768))));
}

/** Encodes `count` floats. Reads up to 3 floats and writes up to 6 bytes past the end; callers reserve that space. */
export function encodeSamples(encoding: i32, from: usize, count: i32, to: usize): void {
  const isUlaw = encoding == ULAW;
  const shift = isUlaw ? 2 : 4;
  const bias = i32x4.splat(isUlaw ? 33 : 0);
  const most = i32x4.splat(isUlaw ? 0x1fff : 0x7ff);
  const first = i32x4.splat((127 + (isUlaw ? 5 : 3)) << 4);
  const linear = i32x4.splat(isUlaw ? 0 : 15);
  const mask = i32x4.splat(isUlaw ? 0xff : 0xd5);
  for (; count > 0; count -= 4) {
    const whole = toInt32(from);
    from += 16;
    if (encoding == PCM) {
      v128.store64_lane(to, i16x8.narrow_i32x4_s(whole, whole), 0);
      to += 8;
    } else {
      const words = encode4(whole, shift, bias, most, first, linear, mask);
      const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(words, words), words);
      v128.store32_lane(to, bytes, 0);
      to += 4;
    }
  }
}

/** int16 value of the sample at an address. */
export function decodeOne(encoding: i32, from: usize): i16 {
  if (encoding == PCM) return load<i16>(from);
  const values = encoding == ULAW ? ULAW_VALUES : ALAW_VALUES;
  return load<i16>(values + ((<usize>load<u8>(from)) << 1));
}

function store8(words: v128, to: usize): void {
  const scale = f32x4.splat(1.0 / 32768.0);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(words)), scale));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(words)), scale), 16);
}

/** int16 to float. Writes up to 7 floats past the end. */
export function int16ToFloat(from: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i += 8) {
    store8(v128.load(from), to);
    from += 16;
    to += 32;
  }
}

/** Decodes `count` samples to floats. */
export function decodeSamples(encoding: i32, from: usize, count: i32, to: usize): void {
  if (encoding == PCM) {
    int16ToFloat(from, count, to);
    return;
  }
  const values = encoding == ULAW ? ULAW_VALUES : ALAW_VALUES;
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<i16>(values + ((<usize>load<u8>(from + i)) << 1));
    store<f32>(to + (i << 2), <f32>value * <f32>(1.0 / 32768.0));
  }
}
