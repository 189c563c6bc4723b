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
  /** Input frames from one output to the next, and what is over, in 1/up of a frame. */
  step: i32;
  stepPhase: i32;
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
  r.step = r.down / r.up;
  r.stepPhase = r.down % r.up;
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

/** [a0 + a2, b0 + b2, a1 + a3, b1 + b3] */
function fold(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
}

/** Combines four sums of four lanes each into one vector. */
export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  return fold(fold(a, c), fold(b, d));
}

function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** If there are few phases, outputs of the same phase are computed together and share the loads of its row. */
const SHARING_MAX_UP: i32 = 32;

function exact(r: Resampler, to: usize, count: i32): void {
  const group = r.up <= SHARING_MAX_UP ? 4 * r.up : i32.MAX_VALUE;
  for (; count >= group; count -= group) {
    sharedRows(r, to);
    to += (<usize>group) << 2;
  }
  separateRows(r, to, count);
}

/**
 * The next 4·up outputs, phase by phase: four of the same phase are `down` input frames apart. Four independent sums
 * hide the latency of addition.
 */
function sharedRows(r: Resampler, to: usize): void {
  const up = r.up;
  const apart = (<usize>up) << 2;
  for (let i = up; i > 0; i--) {
    const sums = fourPositions(window(r), (<usize>r.down) << 2, row(r), r.taps);
    v128.store_lane<f32>(to, sums, 0);
    v128.store_lane<f32>(to + apart, sums, 1);
    v128.store_lane<f32>(to + 2 * apart, sums, 2);
    v128.store_lane<f32>(to + 3 * apart, sums, 3);
    to += 4;
    advance(r);
  }
  r.start += 3 * r.down;
}

function fourPositions(x0: usize, stride: usize, c: usize, taps: i32): v128 {
  let x1 = x0 + stride;
  let x2 = x1 + stride;
  let x3 = x2 + stride;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; taps > 0; taps -= 4) {
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
  const phase = r.phase + r.stepPhase;
  const wraps = phase >= r.up;
  r.phase = phase - (wraps ? r.up : 0);
  r.start += r.step + <i32>wraps;
}

function row(r: Resampler): usize {
  return table(r) + ((<usize>(r.phase * r.taps)) << 2);
}

function window(r: Resampler): usize {
  return history(r) + ((<usize>r.start) << 2);
}

/**
 * Four outputs at a time, each with its own phase; the last ones may be too many. The position of each is that of the
 * one before and a step, in pointers: divisions and function calls here would cost as much as the sums.
 */
function separateRows(r: Resampler, to: usize, count: i32): void {
  const rowBytes = (<usize>r.taps) << 2;
  const stepX = (<usize>r.step) << 2;
  const stepC = <usize>r.stepPhase * rowBytes;
  const allC = <usize>r.up * rowBytes;
  const endC = table(r) + allC;
  let x = window(r);
  let c = row(r);
  for (let left = count; left > 0; left -= 4) {
    let x0 = x;
    let c0 = c;
    c += stepC;
    x += stepX;
    if (c >= endC) {
      c -= allC;
      x += 4;
    }
    let x1 = x;
    let c1 = c;
    c += stepC;
    x += stepX;
    if (c >= endC) {
      c -= allC;
      x += 4;
    }
    let x2 = x;
    let c2 = c;
    c += stepC;
    x += stepX;
    if (c >= endC) {
      c -= allC;
      x += 4;
    }
    let x3 = x;
    let c3 = c;
    c += stepC;
    x += stepX;
    if (c >= endC) {
      c -= allC;
      x += 4;
    }
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let n = r.taps; n > 0; n -= 4) {
      s0 = multiplyAdd(s0, v128.load(x0), v128.load(c0));
      s1 = multiplyAdd(s1, v128.load(x1), v128.load(c1));
      s2 = multiplyAdd(s2, v128.load(x2), v128.load(c2));
      s3 = multiplyAdd(s3, v128.load(x3), v128.load(c3));
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
      c0 += 16;
      c1 += 16;
      c2 += 16;
      c3 += 16;
    }
    v128.store(to, sumLanes(s0, s1, s2, s3));
    to += 16;
  }
  const phase = r.phase + count * r.down;
  r.start += phase / r.up;
  r.phase = phase % r.up;
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
