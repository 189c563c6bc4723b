/** Gains that change linearly, so that no step is audible. */

/** Multiplies `count` floats by a gain from `from` to `to` in equal steps. */
export function applyRamp(samples: usize, count: i32, from: f32, to: f32): void {
  if (from == 1 && to == 1) return;
  const step = (to - from) / <f32>count;
  let gain = from;
  for (let i: usize = 0; i < <usize>count; i++) {
    gain += step;
    const at = samples + (i << 2);
    store<f32>(at, load<f32>(at) * gain);
  }
}

/** Moves `value` towards `target` by at most `most`. */
export function approach(value: f32, target: f32, most: f32): f32 {
  return value < target ? min(value + most, target) : max(value - most, target);
}
