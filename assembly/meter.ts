/** Mean square of a block of samples, four at a time. */

/** Σ x² over `count` floats. */
export function sumOfSquares(from: usize, count: i32): f64 {
  let sum = f32x4.splat(0);
  const end = from + ((<usize>(count & ~3)) << 2);
  while (from < end) {
    const x = v128.load(from);
    sum = f32x4.add(sum, f32x4.mul(x, x));
    from += 16;
  }
  let total =
    <f64>f32x4.extract_lane(sum, 0) +
    <f64>f32x4.extract_lane(sum, 1) +
    <f64>f32x4.extract_lane(sum, 2) +
    <f64>f32x4.extract_lane(sum, 3);
  for (let rest = count & 3; rest > 0; rest--) {
    const x = load<f32>(from);
    total += <f64>(x * x);
    from += 4;
  }
  return total;
}

/** RMS since the last reading. */
@unmanaged
export class Meter {
  sum: f64;
  frames: f64;
}

export function addToMeter(meter: Meter, sum: f64, frames: i32): void {
  meter.sum += sum;
  meter.frames += <f64>frames;
}

export function readMeter(meter: Meter): f64 {
  const level = meter.frames > 0 ? sqrt(meter.sum / meter.frames) : 0;
  meter.sum = 0;
  meter.frames = 0;
  return level;
}
