/**
 * Streaming polyphase resampler. State lives in slots at fixed addresses; nothing here allocates.
 *
 * Output j belongs to input time τ = j·down/up and is Σ x[i]·h(τ − i) over the `taps` newest inputs up to ⌊τ⌋, so the
 * group delay is taps/2 input frames whatever the phase. Where up·taps fits the table every phase has its own row;
 * otherwise rows of a finer grid are interpolated linearly (error below −106 dB, see README.md).
 */
import { HISTORY_FRAMES, SLOT_HEADER_BYTES, TABLE_FLOATS, slotAddress } from './layout';
import { prototypePeriods, writePrototype } from './prototype';

/** Rows of the interpolated table per period of the narrower rate. */
const ROWS_PER_PERIOD: f64 = 512;

@unmanaged
class Resampler {
  up: i32;
  down: i32;
  taps: i32;
  /** 0: one row per phase. Otherwise the number of interpolated rows per input frame. */
  rows: i32;
  /** Position of the next output between two inputs, in 1/up of an input frame. */
  phase: i32;
  /** Index in the history of the oldest sample that the next output needs. */
  start: i32;
  /** Samples in the history. */
  fill: i32;
}

// @ts-ignore: decorator
@inline
function at(slot: i32): Resampler {
  return changetype<Resampler>(slotAddress(slot));
}
// @ts-ignore: decorator
@inline
function history(slot: i32): usize {
  return slotAddress(slot) + <usize>SLOT_HEADER_BYTES;
}
// @ts-ignore: decorator
@inline
function table(slot: i32): usize {
  return slotAddress(slot) + <usize>(SLOT_HEADER_BYTES + HISTORY_FRAMES * 4);
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
export function configureResampler(slot: i32, inputRateHz: i32, outputRateHz: i32): void {
  const r = at(slot);
  const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
  r.up = outputRateHz / divisor;
  r.down = inputRateHz / divisor;
  r.rows = 0;
  if (r.up == r.down) {
    r.taps = 0;
    resetResampler(slot);
    return;
  }
  const narrower = min(inputRateHz, outputRateHz);
  const framesPerPeriod = <f64>inputRateHz / <f64>narrower;
  const length = prototypePeriods(narrower) * framesPerPeriod;
  r.taps = (<i32>ceil(length) + 3) & ~3;
  if (r.up > TABLE_FLOATS / r.taps) r.rows = <i32>ceil(ROWS_PER_PERIOD / framesPerPeriod);
  writeTable(slot, length, narrower);
  resetResampler(slot);
}

function writeTable(slot: i32, length: f64, narrower: i32): void {
  const r = at(slot);
  const rowCount = r.rows == 0 ? r.up : r.rows + 1;
  const perFrame = r.rows == 0 ? r.up : r.rows;
  const uPerFrame = 2.0 / length;
  for (let row = 0; row < rowCount; row++) {
    // the oldest sample comes first, so u falls from row to row's end by one input frame a step
    const first = <f64>row / <f64>perFrame + <f64>(r.taps / 2 - 1);
    const to = table(slot) + (<usize>(row * r.taps) << 2);
    writePrototype(to, r.taps, first * uPerFrame, -uPerFrame, 1.0 / length, narrower);
  }
}

/** Forgets all input: what comes next follows silence. */
export function resetResampler(slot: i32): void {
  const r = at(slot);
  r.phase = 0;
  r.start = 0;
  r.fill = r.taps == 0 ? 0 : r.taps - 1;
  memory.fill(history(slot), 0, <usize>r.fill << 2);
}

/** Like a reset; returns the address of the history (taps − 1 floats), which may be filled with what came before. */
export function primeResampler(slot: i32): usize {
  resetResampler(slot);
  return history(slot);
}

/** Group delay in input frames. */
export function resamplerDelayFrames(slot: i32): i32 {
  return at(slot).taps >> 1;
}

/** Makes room for `frames` (≤ 1024) more input samples and returns the address to write them to. */
export function resamplerInput(slot: i32, frames: i32): usize {
  const r = at(slot);
  const h = history(slot);
  if (r.fill + frames > HISTORY_FRAMES) {
    const drop = min(r.start, r.fill);
    r.fill -= drop;
    r.start -= drop;
    memory.copy(h, h + (<usize>drop << 2), <usize>r.fill << 2);
  }
  return h + (<usize>r.fill << 2);
}

/** Input frames that must be added before `outputs` (≥ 1) more outputs can be made. */
export function resamplerNeeds(slot: i32, outputs: i32): i32 {
  const r = at(slot);
  if (r.taps == 0) return max(0, outputs - (r.fill - r.start));
  const advance = <i32>((<i64>r.phase + <i64>(outputs - 1) * <i64>r.down) / <i64>r.up);
  return max(0, r.start + advance + r.taps - r.fill);
}

/** Takes the `frames` written at `resamplerInput` and writes every output that they make possible, at most `limit`. */
export function runResampler(slot: i32, frames: i32, to: usize, limit: i32): i32 {
  const r = at(slot);
  r.fill += frames;
  if (r.taps == 0) return copyThrough(slot, to, limit);
  const last = r.fill - r.taps - r.start;
  if (last < 0) return 0;
  const possible = (<i64>last * <i64>r.up + <i64>(r.up - 1 - r.phase)) / <i64>r.down + 1;
  const count = <i32>min(possible, <i64>limit);
  if (r.rows != 0) interpolated(slot, to, count);
  else exact(slot, to, count);
  return count;
}

function copyThrough(slot: i32, to: usize, limit: i32): i32 {
  const r = at(slot);
  const count = min(r.fill - r.start, limit);
  memory.copy(to, history(slot) + (<usize>r.start << 2), <usize>count << 2);
  r.start += count;
  return count;
}

/** Four sums of four lanes each become one vector. */
// @ts-ignore: decorator
@inline
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: usize, b: usize): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
}

function exact(slot: i32, to: usize, count: i32): void {
  const r = at(slot);
  const up = r.up;
  const wholeStep = <usize>(r.down / up) << 2;
  const phaseStep = r.down % up;
  const rowBytes = <usize>r.taps << 2;
  const coefficients = table(slot);
  const base = history(slot);
  let phase = r.phase;
  let x = base + (<usize>r.start << 2);
  // four outputs at a time: four independent sums hide the latency of addition and share one horizontal sum
  for (let group = count >> 2; group > 0; group--) {
    const x0 = x;
    const c0 = coefficients + <usize>phase * rowBytes;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= up) {
      phase -= up;
      x += 4;
    }
    const x1 = x;
    const c1 = coefficients + <usize>phase * rowBytes;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= up) {
      phase -= up;
      x += 4;
    }
    const x2 = x;
    const c2 = coefficients + <usize>phase * rowBytes;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= up) {
      phase -= up;
      x += 4;
    }
    const x3 = x;
    const c3 = coefficients + <usize>phase * rowBytes;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= up) {
      phase -= up;
      x += 4;
    }
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let o: usize = 0; o < rowBytes; o += 16) {
      s0 = multiplyAdd(s0, x0 + o, c0 + o);
      s1 = multiplyAdd(s1, x1 + o, c1 + o);
      s2 = multiplyAdd(s2, x2 + o, c2 + o);
      s3 = multiplyAdd(s3, x3 + o, c3 + o);
    }
    v128.store(to, sumLanes(s0, s1, s2, s3));
    to += 16;
  }
  for (let rest = count & 3; rest > 0; rest--) {
    store<f32>(to, dot(x, coefficients + <usize>phase * rowBytes, rowBytes));
    to += 4;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= up) {
      phase -= up;
      x += 4;
    }
  }
  r.phase = phase;
  r.start = <i32>((x - base) >> 2);
}

function dot(a: usize, b: usize, bytes: usize): f32 {
  let s = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) s = multiplyAdd(s, a + o, b + o);
  return f32x4.extract_lane(sumLanes(s, s, s, s), 0);
}

function interpolated(slot: i32, to: usize, count: i32): void {
  const r = at(slot);
  const rowBytes = <usize>r.taps << 2;
  const coefficients = table(slot);
  const base = history(slot);
  let x = base + (<usize>r.start << 2);
  let phase = r.phase;
  const wholeStep = <usize>(r.down / r.up) << 2;
  const phaseStep = r.down % r.up;
  for (let i = 0; i < count; i++) {
    const scaled = phase * r.rows;
    const row = scaled / r.up;
    const fraction = <f32>(scaled - row * r.up) / <f32>r.up;
    const c = coefficients + <usize>row * rowBytes;
    const d = c + rowBytes;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    for (let o: usize = 0; o < rowBytes; o += 16) {
      const sample = v128.load(x + o);
      s0 = f32x4.add(s0, f32x4.mul(sample, v128.load(c + o)));
      s1 = f32x4.add(s1, f32x4.mul(sample, v128.load(d + o)));
    }
    const both = sumLanes(s0, s1, s0, s1);
    const near = f32x4.extract_lane(both, 0);
    store<f32>(to, near + fraction * (f32x4.extract_lane(both, 1) - near));
    to += 4;
    phase += phaseStep;
    x += wholeStep;
    if (phase >= r.up) {
      phase -= r.up;
      x += 4;
    }
  }
  r.phase = phase;
  r.start = <i32>((x - base) >> 2);
}
