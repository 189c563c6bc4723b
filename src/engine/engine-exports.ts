/** The exports of the call engine, described in assembly/call.ts. Addresses are bytes in `memory`. */
export interface CallExports {
  readonly memory: WebAssembly.Memory;

  setFormat(input: number, output: number, deviceRateHz: number): void;
  captureInput(frames: number): number;
  capture(frames: number): number;
  /** Address of the packet, or 0. Its level follows at `PACKET_LEVEL_OFFSET`. */
  takePacket(): number;
  setMuted(muted: number): void;
  allowGivingWay(allowed: number): void;

  beginWrite(bytes: number, nowFrames: number): void;
  writeBytes(count: number): number;
  endTalkspurt(): void;
  render(frames: number, nowFrames: number): void;
  flush(): void;
  hold(): void;
  release(): void;
  setVolume(linear: number): void;
  /** Frames, counts, a level (reading it resets it), or 0 and 1; `which` is one of the constants below. */
  reading(which: number): number;
}

/** The exports of the whole engine, described in assembly/whole.ts. The address of its slot identifies a resampler. */
export interface EngineExports extends CallExports {
  inputAddress(): number;
  outputAddress(): number;
  stagingFrames(): number;
  memoryEnd(): number;
  staticEnd(): number;

  slotCount(): number;
  slotBytes(): number;
  slotAddress(slot: number): number;
  configureResampler(address: number, inputRateHz: number, outputRateHz: number): void;
  resamplerDelayFrames(address: number): number;
  resamplerInput(address: number, frames: number): number;
  runResampler(address: number, frames: number, to: number, limit: number): number;
  resetResampler(address: number): void;

  encode(encoding: number, count: number): void;
  decode(encoding: number, count: number): void;
}

// Input and output buffers, as in assembly/layout.ts.
export const INPUT_ADDRESS = 0x4000;
export const OUTPUT_ADDRESS = 0x8000;
export const STAGING_FRAMES = 4096;
export const PACKET_LEVEL_OFFSET = 2400;

// Arguments of `reading()`, by the engine's numbers. Constants, so that the built scripts contain only numbers.
export const WRITTEN_FRAMES = 0;
export const CONSUMED_FRAMES = 1;
export const DISCARDED_FRAMES = 2;
export const FIRST_AUDIBLE_FRAME = 3;
export const LAST_AUDIBLE_FRAME = 4;
export const DEPTH_FRAMES = 5;
export const TARGET_FRAMES = 6;
export const UNDERRUNS = 7;
export const CONCEALED_FRAMES = 8;
export const DROPPED_SILENCE_FRAMES = 9;
export const INSERTED_SILENCE_FRAMES = 10;
export const FLUSHING = 11;
export const HELD = 12;
export const SPEAKER_LEVEL = 13;
export const SPEAKING = 14;
export const GIVING_WAY = 15;
export const DUCKS = 16;
export const FALSE_DUCKS = 17;
export const ONSET_TO_DUCK_MS = 18;
export const ECHO_LEAK_DB = 19;
export const ECHO_ABOVE_NOISE_DB = 20;
export const PLAYED_SECONDS = 21;
export const MICROPHONE_LEVEL = 22;

export const MIN_RATE_HZ = 8_000;
/** Some sound cards run this fast; the engine's history is long enough for the filter to 8 kHz. */
export const MAX_DEVICE_RATE_HZ = 384_000;

/**
 * Creates an instance with its own memory, ready for use. Synchronous, for the worklet.
 * @throws the error of WebAssembly if memory is short
 */
export function instantiateEngine(module: WebAssembly.Module): CallExports {
  return new WebAssembly.Instance(module, {}).exports as unknown as CallExports;
}
