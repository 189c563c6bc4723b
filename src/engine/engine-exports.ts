/** The exports of the call engine, described in assembly/call.ts. Addresses are bytes in `memory`. */
export interface CallExports {
  readonly memory: WebAssembly.Memory;

  setFormat(input: number, output: number, deviceRateHz: number): void;
  captureInput(frames: number): number;
  capture(frames: number): number;
  /** Address of the packet, or 0. Its level follows at `PACKET_LEVEL_OFFSET`. */
  takePacket(): number;
  setMuted(muted: boolean): void;
  allowGivingWay(allowed: boolean): void;
  guardMicrophone(guarded: boolean): void;

  beginWrite(bytes: number, nowFrames: number): void;
  writeBytes(count: number): number;
  endTalkspurt(): void;
  render(frames: number, nowFrames: number): void;
  flush(): void;
  /** Or releases it. */
  hold(held: boolean): void;
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
// Positions and frames are at the output encoding's rate; counters count since construction.

/** Position after the last written frame. */
export const WRITTEN_FRAMES = 0;
/** Position up to which audio was played or, if silent, skipped. While held: where release() resumes. */
export const CONSUMED_FRAMES = 1;
/** Frames that the last flush discards unheard, as of now; final when its fade is over. */
export const DISCARDED_FRAMES = 2;
/** Positions of the first and the last frame of the latest write() above −55 dBFS; −1 if there is none. */
export const FIRST_AUDIBLE_FRAME = 3;
export const LAST_AUDIBLE_FRAME = 4;
/** Written, but not yet consumed. */
export const DEPTH_FRAMES = 5;
/** The target depth of the jitter buffer. */
export const TARGET_FRAMES = 6;
/** How often speech was interrupted because its continuation had not arrived. */
export const UNDERRUNS = 7;
/** Silence played during such interruptions. */
export const CONCEALED_FRAMES = 8;
/** Silent frames skipped to reduce the delay. */
export const DROPPED_SILENCE_FRAMES = 9;
/** Silence inserted into silence to deepen the buffer. */
export const INSERTED_SILENCE_FRAMES = 10;
export const FLUSHING = 11;
export const HELD = 12;
/** RMS of the rendered audio since the last reading, linear. */
export const SPEAKER_LEVEL = 13;
export const SPEAKING = 14;
/** The state of the reply: 0 normal, 1 ducked, 2 held by speech. */
export const GIVING_WAY = 15;
export const DUCKS = 16;
/** Ducks after which the reply resumed: a cough, a back-channel, or a false alarm. */
export const FALSE_DUCKS = 17;
/** From the onset of speech to the latest duck. */
export const ONSET_TO_DUCK_MS = 18;
export const ECHO_LEAK_DB = 19;
/** How far our own sound exceeds the microphone's noise, dB, mean of the bands; 0 if it is inaudible. */
export const ECHO_ABOVE_NOISE_DB = 20;
/** How long our own sound was heard: the basis of the two values above. */
export const PLAYED_SECONDS = 21;
/** RMS of the microphone since the last reading, before muting, linear. */
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
