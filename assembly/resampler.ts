/**
 * Streaming polyphase resampler. Its state is in slots at fixed addresses; nothing here allocates.
 *
 * Output j is at input time τ = j·down/up and is Σ x[i]·h(τ − i) over the `taps` newest inputs up to ⌊τ⌋, so the
 * group delay is taps/2 input frames at every phase. If up·taps fits the table, every phase has its own row;
 * otherwise rows of a finer grid are interpolated linearly (error below −106 dB, see README.md).
 */
import { HISTORY_FRAMES, SLOT_HEADER_BYTES, TABLE_FLOATS } from './layout';
import { prototypePeriods, writePrototype } from './prototype';

/** Rows of the interpolated table per period of the narrower rate. */
const ROWS_PER_PERIOD: f64 = 512;

/** The header of a slot. The slot's address identifies a resampler. */
@unmanaged
export class Resampler {
  up: i32;
  down: i32;
  taps: i32;
  /** 0: one row per phase. Otherwise the number of interpolated rows per input frame. */
  rows: i32;
  /** Position of the next output between two inputs, in 1/up of an input frame. */
  phase: i32;
  /** Index of the oldest sample in the history that the next output needs. */
  start: i32;
  /** Samples in the history. */
  fill: i32;
}

function history(r: Resampler): usize {
  return changetype<usize>(r) + <usize>SLOT_HEADER_BYTES;
}
function table(r: Resampler): usize {
  return changetype<usize>(r) + <usize>(SLOT_HEADER_BYTES + HISTORY_FRAMES * 4);
}

function greatestCommonDivisor(a: i32, b: i32): i32 {
  while (b != 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** Prepares a slot for a pair of rates and computes its filter table. */
export function configureResampler(r: Resampler, inputRateHz: i32, outputRateHz: i32): void {
  const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
  r.up = outputRateHz / divisor;
  r.down = inputRateHz / divisor;
  r.rows = 0;
  if (r.up == r.down) {
    r.taps = 0;
    resetResampler(r);
    return;
  }
  const narrower = min(inputRateHz, outputRateHz);
  const framesPerPeriod = <f64>inputRateHz / <f64>narrower;
  const length = prototypePeriods(narrower) * framesPerPeriod;
  r.taps = (<i32>ceil(length) + 3) & ~3;
  if (r.up > TABLE_FLOATS / r.taps) r.rows = <i32>ceil(ROWS_PER_PERIOD / framesPerPeriod);
  writeTable(r, length, narrower);
  resetResampler(r);
}

function writeTable(r: Resampler, length: f64, narrower: i32): void {
  const rowCount = r.rows == 0 ? r.up : r.rows + 1;
  const perFrame = r.rows == 0 ? r.up : r.rows;
  const uPerFrame = 2.0 / length;
  for (let row = 0; row < rowCount; row++) {
    // the oldest sample comes first, so u decreases along a row by one input frame per step
    const first = <f64>row / <f64>perFrame + <f64>(r.taps / 2 - 1);
    const to = table(r) + ((<usize>(row * r.taps)) << 2);
    writePrototype(to, r.taps, first * uPerFrame, -uPerFrame, 1.0 / length, narrower);
  }
}

/** Discards all input: the next block follows silence. */
export function resetResampler(r: Resampler): void {
  r.phase = 0;
  r.start = 0;
  r.fill = r.taps == 0 ? 0 : r.taps - 1;
  memory.fill(history(r), 0, (<usize>r.fill) << 2);
}

/** Resets, and returns the address of the history (taps − 1 floats), which may be filled with earlier samples. */
export function primeResampler(r: Resampler): usize {
  resetResampler(r);
  return history(r);
}

/** Group delay in input frames. */
export function resamplerDelayFrames(r: Resampler): i32 {
  return r.taps >> 1;
}

/** Reserves space for `frames` (≤ 1024) more input samples and returns the address to write them to. */
export function resamplerInput(r: Resampler, frames: i32): usize {
  const h = history(r);
  if (r.fill + frames > HISTORY_FRAMES) {
    const drop = min(r.start, r.fill);
    r.fill -= drop;
    r.start -= drop;
    memory.copy(h, h + ((<usize>drop) << 2), (<usize>r.fill) << 2);
  }
  return h + ((<usize>r.fill) << 2);
}

/** The number of input frames needed for `outputs` (≥ 1) more outputs. */
export function resamplerNeeds(r: Resampler, outputs: i32): i32 {
  if (r.taps == 0) return max(0, outputs - (r.fill - r.start));
  const advance = <i32>((<i64>r.phase + <i64>(outputs - 1) * <i64>r.down) / <i64>r.up);
  return max(0, r.start + advance + r.taps - r.fill);
}

/** Takes the `frames` written at `resamplerInput` and writes all outputs that they complete, at most `limit`. */
export function runResampler(r: Resampler, frames: i32, to: usize, limit: i32): i32 {
  r.fill += frames;
  if (r.taps == 0) return copyThrough(r, to, limit);
  const last = r.fill - r.taps - r.start;
  if (last < 0) return 0;
  const possible = (<i64>last * <i64>r.up + <i64>(r.up - 1 - r.phase)) / <i64>r.down + 1;
  const count = <i32>min(possible, <i64>limit);
  if (r.rows != 0) interpolated(r, to, count);
  else exact(r, to, count);
  return count;
}

function copyThrough(r: Resampler, to: usize, limit: i32): i32 {
  const count = min(r.fill - r.start, limit);
  memory.copy(to, history(r) + ((<usize>r.start) << 2), (<usize>count) << 2);
  r.start += count;
  return count;
}

/** Combines four sums of four lanes each into one vector. */
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** If there are few phases, outputs of the same phase are computed together and share the loads of its row. */
const SHARING_MAX_UP: i32 = 32;

function exact(r: Resampler, to: usize, count: i32): void {
  let groups = r.up <= SHARING_MAX_UP ? count / (4 * r.up) : 0;
  count -= groups * 4 * r.up;
  for (; groups > 0; groups--) {
    to = sharedRows(r, to);
    r.start += 4 * r.down;
  }
  for (; count >= 4; count -= 4) {
    fourOutputs(r, to);
    to += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, oneOutput(r));
    to += 4;
  }
}

/**
 * The next 4·up outputs, phase by phase: four of the same phase are `down` input frames apart. Does not change start
 * and phase. Four independent sums hide the latency of addition.
 */
function sharedRows(r: Resampler, to: usize): usize {
  const up = r.up;
  const taps = r.taps;
  const rowBytes = (<usize>taps) << 2;
  const stride = (<usize>r.down) << 2;
  let x = history(r) + ((<usize>r.start) << 2);
  let phase = r.phase;
  for (let i = 0; i < up; i++) {
    const sums = fourPositions(x, stride, table(r) + <usize>phase * rowBytes, taps);
    if (up == 1) {
      v128.store(to, sums);
    } else {
      const at = to + ((<usize>i) << 2);
      const apart = (<usize>up) << 2;
      v128.store_lane<f32>(at, sums, 0);
      v128.store_lane<f32>(at + apart, sums, 1);
      v128.store_lane<f32>(at + 2 * apart, sums, 2);
      v128.store_lane<f32>(at + 3 * apart, sums, 3);
    }
    phase += r.down;
    const frames = phase / up;
    phase -= frames * up;
    x += (<usize>frames) << 2;
  }
  return to + ((<usize>up) << 4);
}

function fourPositions(x0: usize, stride: usize, c: usize, taps: i32): v128 {
  let x1 = x0 + stride;
  let x2 = x1 + stride;
  let x3 = x2 + stride;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  // the pointers advance once per 16 taps: offsets in between are free
  for (let n = taps >> 4; n > 0; n--) {
    let k = v128.load(c);
    s0 = multiplyAdd(s0, v128.load(x0), k);
    s1 = multiplyAdd(s1, v128.load(x1), k);
    s2 = multiplyAdd(s2, v128.load(x2), k);
    s3 = multiplyAdd(s3, v128.load(x3), k);
    k = v128.load(c, 16);
    s0 = multiplyAdd(s0, v128.load(x0, 16), k);
    s1 = multiplyAdd(s1, v128.load(x1, 16), k);
    s2 = multiplyAdd(s2, v128.load(x2, 16), k);
    s3 = multiplyAdd(s3, v128.load(x3, 16), k);
    k = v128.load(c, 32);
    s0 = multiplyAdd(s0, v128.load(x0, 32), k);
    s1 = multiplyAdd(s1, v128.load(x1, 32), k);
    s2 = multiplyAdd(s2, v128.load(x2, 32), k);
    s3 = multiplyAdd(s3, v128.load(x3, 32), k);
    k = v128.load(c, 48);
    s0 = multiplyAdd(s0, v128.load(x0, 48), k);
    s1 = multiplyAdd(s1, v128.load(x1, 48), k);
    s2 = multiplyAdd(s2, v128.load(x2, 48), k);
    s3 = multiplyAdd(s3, v128.load(x3, 48), k);
    c += 64;
    x0 += 64;
    x1 += 64;
    x2 += 64;
    x3 += 64;
  }
  for (let n = taps & 15; n > 0; n -= 4) {
    const k = v128.load(c);
    s0 = multiplyAdd(s0, v128.load(x0), k);
    s1 = multiplyAdd(s1, v128.load(x1), k);
    s2 = multiplyAdd(s2, v128.load(x2), k);
    s3 = multiplyAdd(s3, v128.load(x3), k);
    c += 16;
    x0 += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
  }
  return sumLanes(s0, s1, s2, s3);
}

/** Advances to the next output. */
function advance(r: Resampler): void {
  const phase = r.phase + r.down;
  const frames = phase / r.up;
  r.phase = phase - frames * r.up;
  r.start += frames;
}

function row(r: Resampler): usize {
  return table(r) + ((<usize>(r.phase * r.taps)) << 2);
}

function window(r: Resampler): usize {
  return history(r) + ((<usize>r.start) << 2);
}

/** The next four outputs, each with its own phase. Function calls here would cost as much as the sums. */
function fourOutputs(r: Resampler, to: usize): void {
  const samples = history(r);
  const rows = table(r);
  const rowBytes = (<usize>r.taps) << 2;
  const up = r.up;
  const wholeFrames = r.down / up;
  const part = r.down - wholeFrames * up;
  let phase = r.phase;
  let start = r.start;
  let x0 = samples + ((<usize>start) << 2);
  let c0 = rows + <usize>phase * rowBytes;
  phase += part;
  start += wholeFrames + (phase >= up ? 1 : 0);
  phase -= phase >= up ? up : 0;
  let x1 = samples + ((<usize>start) << 2);
  let c1 = rows + <usize>phase * rowBytes;
  phase += part;
  start += wholeFrames + (phase >= up ? 1 : 0);
  phase -= phase >= up ? up : 0;
  let x2 = samples + ((<usize>start) << 2);
  let c2 = rows + <usize>phase * rowBytes;
  phase += part;
  start += wholeFrames + (phase >= up ? 1 : 0);
  phase -= phase >= up ? up : 0;
  let x3 = samples + ((<usize>start) << 2);
  let c3 = rows + <usize>phase * rowBytes;
  phase += part;
  r.start = start + wholeFrames + (phase >= up ? 1 : 0);
  r.phase = phase - (phase >= up ? up : 0);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let n = r.taps >> 3; n > 0; n--) {
    s0 = multiplyAdd(s0, v128.load(x0), v128.load(c0));
    s1 = multiplyAdd(s1, v128.load(x1), v128.load(c1));
    s2 = multiplyAdd(s2, v128.load(x2), v128.load(c2));
    s3 = multiplyAdd(s3, v128.load(x3), v128.load(c3));
    s0 = multiplyAdd(s0, v128.load(x0, 16), v128.load(c0, 16));
    s1 = multiplyAdd(s1, v128.load(x1, 16), v128.load(c1, 16));
    s2 = multiplyAdd(s2, v128.load(x2, 16), v128.load(c2, 16));
    s3 = multiplyAdd(s3, v128.load(x3, 16), v128.load(c3, 16));
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
    c0 += 32;
    c1 += 32;
    c2 += 32;
    c3 += 32;
  }
  if (r.taps & 4) {
    s0 = multiplyAdd(s0, v128.load(x0), v128.load(c0));
    s1 = multiplyAdd(s1, v128.load(x1), v128.load(c1));
    s2 = multiplyAdd(s2, v128.load(x2), v128.load(c2));
    s3 = multiplyAdd(s3, v128.load(x3), v128.load(c3));
  }
  v128.store(to, sumLanes(s0, s1, s2, s3));
}

function oneOutput(r: Resampler): f32 {
  let x = window(r);
  let c = row(r);
  let s = f32x4.splat(0);
  for (let n = r.taps; n > 0; n -= 4) {
    s = multiplyAdd(s, v128.load(x), v128.load(c));
    x += 16;
    c += 16;
  }
  advance(r);
  return f32x4.extract_lane(sumLanes(s, s, s, s), 0);
}

/** Every output from the two nearest rows of the finer grid. */
function interpolated(r: Resampler, to: usize, count: i32): void {
  for (; count > 0; count--) {
    const scaled = r.phase * r.rows;
    const index = scaled / r.up;
    const fraction = <f32>(scaled - index * r.up) / <f32>r.up;
    let x = window(r);
    let c = table(r) + ((<usize>(index * r.taps)) << 2);
    let d = c + ((<usize>r.taps) << 2);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    for (let n = r.taps; n > 0; n -= 4) {
      const samples = v128.load(x);
      s0 = multiplyAdd(s0, samples, v128.load(c));
      s1 = multiplyAdd(s1, samples, v128.load(d));
      x += 16;
      c += 16;
      d += 16;
    }
    const both = sumLanes(s0, s1, s0, s1);
    const near = f32x4.extract_lane(both, 0);
    store<f32>(to, near + fraction * (f32x4.extract_lane(both, 1) - near));
    to += 4;
    advance(r);
  }
}
