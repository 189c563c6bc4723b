/** The exports of the whole engine: those of a call, plus resamplers and coders for general use. */
import { decodeSamples, encodeSamples } from './codec';
import * as layout from './layout';

export * from './call';
export {
  configureResampler,
  resamplerDelayFrames,
  resamplerInput,
  resetResampler,
  runResampler,
} from './resampler';

/** Encodes `count` floats at INPUT to OUTPUT. */
export function encode(encoding: i32, count: i32): void {
  encodeSamples(encoding, layout.INPUT, count, layout.OUTPUT);
}

/** Decodes `count` samples at INPUT to floats at OUTPUT. */
export function decode(encoding: i32, count: i32): void {
  decodeSamples(encoding, layout.INPUT, count, layout.OUTPUT);
}

export function inputAddress(): usize {
  return layout.INPUT;
}
export function outputAddress(): usize {
  return layout.OUTPUT;
}
export function stagingFrames(): i32 {
  return layout.STAGING_FRAMES;
}
export function slotCount(): i32 {
  return layout.SLOT_COUNT;
}
/** Address of a resampler's state, which identifies it in the functions above; and its size. */
export function slotAddress(slot: i32): usize {
  return layout.slotAddress(slot);
}
export function slotBytes(): i32 {
  return layout.SLOT_BYTES;
}
export function memoryEnd(): usize {
  return layout.MEMORY_END;
}
export function staticEnd(): usize {
  return __heap_base;
}
