/** What engine.wasm exports. Addresses are bytes; encodings are 0 PCM, 1 µ-law, 2 A-law. */
import { configureCapture } from './capture';
import { decodeSamples, encodeSamples } from './codec';
import { writeG711Tables } from './g711';
import * as layout from './layout';
import { configurePlayback } from './playback';

export {
  captureInput,
  capture,
  dropPacket,
  microphoneLevel,
  oldestPacket,
  oldestPacketLevel,
  setMuted,
} from './capture';
export {
  beginWrite,
  endTalkspurt,
  flush,
  hold,
  reading,
  release,
  render,
  setVolume,
  writeBytes,
} from './playback';
export {
  configureResampler,
  resamplerDelayFrames,
  resamplerInput,
  resetResampler,
  runResampler,
} from './resampler';

/** Once, before anything else. */
export function initialize(): void {
  writeG711Tables();
}

/** Sets the encodings of both directions and forgets everything under way. */
export function setFormat(input: i32, output: i32, deviceRateHz: i32): void {
  configureCapture(input, deviceRateHz);
  configurePlayback(output, deviceRateHz);
}

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
/** Address and size of everything a resampler slot holds. */
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
