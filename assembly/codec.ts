/** Converts the three encodings between float samples and bytes. Scale: int16 / 32768. */
import { encodeAlaw4, encodeUlaw4 } from './g711';
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

/** Nearest int16 in int32 lanes. Saturating: overload is clamped and NaN is 0. */
function toInt32(samples: v128): v128 {
  const scaled = f32x4.nearest(f32x4.mul(samples, f32x4.splat(32768)));
  const whole = i32x4.trunc_sat_f32x4_s(scaled);
  return i32x4.max_s(i32x4.min_s(whole, i32x4.splat(32767)), i32x4.splat(-32768));
}

function encode4(encoding: i32, from: usize): v128 {
  const whole = toInt32(v128.load(from));
  return encoding == PCM ? whole : encoding == ULAW ? encodeUlaw4(whole) : encodeAlaw4(whole);
}

/** Encodes `count` floats. Reads up to 7 floats and writes up to 14 bytes past the end; callers reserve that space. */
export function encodeSamples(encoding: i32, from: usize, count: i32, to: usize): void {
  if (encoding == PCM) {
    for (let i = 0; i < count; i += 8) {
      v128.store(to, i16x8.narrow_i32x4_s(encode4(PCM, from), encode4(PCM, from + 16)));
      from += 32;
      to += 16;
    }
  } else if (encoding == ULAW) {
    for (let i = 0; i < count; i += 8) {
      const words = i16x8.narrow_i32x4_u(encode4(ULAW, from), encode4(ULAW, from + 16));
      v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
      from += 32;
      to += 8;
    }
  } else {
    for (let i = 0; i < count; i += 8) {
      const words = i16x8.narrow_i32x4_u(encode4(ALAW, from), encode4(ALAW, from + 16));
      v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
      from += 32;
      to += 8;
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
