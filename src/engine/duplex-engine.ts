import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import {
  WRITTEN_FRAMES,
  CONSUMED_FRAMES,
  DISCARDED_FRAMES,
  FIRST_AUDIBLE_FRAME,
  LAST_AUDIBLE_FRAME,
  DEPTH_FRAMES,
  TARGET_FRAMES,
  UNDERRUNS,
  CONCEALED_FRAMES,
  DROPPED_SILENCE_FRAMES,
  INSERTED_SILENCE_FRAMES,
  FLUSHING,
  HELD,
  SPEAKER_LEVEL,
  SPEAKING,
  GIVING_WAY,
  DUCKS,
  FALSE_DUCKS,
  ONSET_TO_DUCK_MS,
  ECHO_LEAK_DB,
  ECHO_ABOVE_NOISE_DB,
  PLAYED_SECONDS,
  MIN_RATE_HZ,
  MAX_DEVICE_RATE_HZ,
  INPUT_ADDRESS,
  OUTPUT_ADDRESS,
  STAGING_FRAMES,
  instantiateEngine,
  type CallExports,
} from './engine-exports.js';

export interface DuplexEngineOptions {
  /** Rate of the AudioContext in Hz, 8000…384000; rounded, since a device may report a fraction. */
  readonly deviceRateHz: number;
}

/** The most frames that capture() and render() take in one call. */
const MAX_QUANTUM_FRAMES = 1024;
const INPUT_BYTES = STAGING_FRAMES * 4;
const QUANTUM_FRAMES = 128;
const PACKET_MS = 50;

/**
 * Both directions of a call for an AudioWorklet: microphone samples to packets, received bytes to loudspeaker samples.
 * Synchronous; capture(), takePacket() and render() allocate nothing and never throw. `setFormat` computes two filter
 * tables: under 0.1 ms where the rates divide each other, up to about 2 ms between 44.1 kHz and 8 kHz.
 *
 * Positions are absolute: frames at the output encoding's rate since `setFormat`.
 */
export class DuplexEngine {
  readonly #wasm: CallExports;
  readonly #bytes: Uint8Array;
  readonly #floats: Float32Array;
  readonly #deviceRateHz: number;
  #rendered: Float32Array;
  #packetBytes = 0;

  /** @throws RangeError, or what `instantiateEngine` throws; a worklet has nobody to tell more. */
  constructor(module: WebAssembly.Module, options: DuplexEngineOptions) {
    this.#deviceRateHz = Math.round(options.deviceRateHz);
    if (!(this.#deviceRateHz >= MIN_RATE_HZ && this.#deviceRateHz <= MAX_DEVICE_RATE_HZ))
      throw new RangeError(`deviceRateHz ${options.deviceRateHz}`);
    const wasm = instantiateEngine(module);
    this.#wasm = wasm;
    this.#bytes = new Uint8Array(wasm.memory.buffer);
    this.#floats = new Float32Array(wasm.memory.buffer);
    this.#rendered = new Float32Array(wasm.memory.buffer, OUTPUT_ADDRESS, QUANTUM_FRAMES);
    this.setFormat('audio/pcm', 'audio/pcm');
  }

  /** Sets both encodings and forgets everything under way in both directions, statistics aside. */
  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    const { rateHz, bytesPerSample, engineNumber } = AUDIO_ENCODINGS[input];
    this.#packetBytes = (rateHz * bytesPerSample * PACKET_MS) / 1000;
    this.#wasm.setFormat(engineNumber, AUDIO_ENCODINGS[output].engineNumber, this.#deviceRateHz);
  }

  // ── capture ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ramped over 5 ms. While muted, packets of silence go on. */
  setMuted(muted: boolean): void {
    this.#wasm.setMuted(muted ? 1 : 0);
  }

  /**
   * Takes one quantum of the microphone at the device's rate (at most 1024 frames; what is beyond is ignored), full
   * scale ±1. `undefined` is a quantum of silence.
   * @returns whether a packet waits
   */
  capture(input: Float32Array | undefined): boolean {
    const frames = input ? input.length : QUANTUM_FRAMES;
    if (frames > MAX_QUANTUM_FRAMES) return this.#wasm.oldestPacket() !== 0;
    const first = this.#wasm.captureInput(frames) >>> 2;
    if (input) this.#floats.set(input, first);
    else this.#floats.fill(0, first, first + frames);
    return this.#wasm.capture(frames) > 0;
  }

  /** Size of a packet of 50 ms in the input encoding. */
  get packetBytes(): number {
    return this.#packetBytes;
  }

  /** Level of the packet that takePacket() gives next: RMS before muting, linear. */
  get packetLevel(): number {
    return this.#wasm.oldestPacketLevel();
  }

  /**
   * Copies the oldest packet to the start of `into` (at least `packetBytes` long) and forgets it. 15 packets are kept;
   * when nobody takes them the oldest are lost.
   * @returns whether there was one
   */
  takePacket(into: Uint8Array): boolean {
    const address = this.#wasm.oldestPacket();
    if (address === 0) return false;
    // a subarray to copy from would be an allocation
    for (let i = 0; i < this.#packetBytes; i++) into[i] = this.#bytes[address + i] ?? 0;
    this.#wasm.dropPacket();
    return true;
  }

  /** RMS of the microphone since the last reading, before muting, linear. */
  get microphoneLevel(): number {
    return this.#wasm.microphoneLevel();
  }

  /** Somebody speaks into the microphone; known 40 … 120 ms after the onset. Never while muted. */
  get speaking(): boolean {
    return this.#wasm.reading(SPEAKING) !== 0;
  }

  /**
   * How loud our own sound is in the microphone relative to what is played, dB: an upper bound that is learned, from
   * −110; `undefined` before anything was played. Where none is heard it tells only that it is no more than the noise.
   */
  get echoLeakDb(): number | undefined {
    const leakDb = this.#wasm.reading(ECHO_LEAK_DB);
    return Number.isNaN(leakDb) ? undefined : leakDb;
  }

  /** How far our own sound stands out of the microphone's noise, dB, mean of the bands; 0 where it is not heard. */
  get echoAboveNoiseDb(): number {
    return this.#wasm.reading(ECHO_ABOVE_NOISE_DB);
  }

  /** How long our own sound was heard: what the two before rest on. */
  get playedSeconds(): number {
    return this.#wasm.reading(PLAYED_SECONDS);
  }

  // ── giving way ──────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whether a reply may give way to somebody who speaks: to −15 dB within 15 ms, and held after half a second of speech;
   * back within 60 ms when it ends, or after 3 s without a flush. Off at first.
   */
  allowGivingWay(allowed: boolean): void {
    this.#wasm.allowGivingWay(allowed ? 1 : 0);
  }

  /** What a reply does now: 0 sounds as always, 1 ducked, 2 held by it. */
  get givingWay(): number {
    return this.#wasm.reading(GIVING_WAY);
  }

  /** How often a reply was ducked, since construction. */
  get ducks(): number {
    return this.#wasm.reading(DUCKS);
  }

  /** Ducks after which the reply went on: a cough, a word of assent, or nothing. */
  get falseDucks(): number {
    return this.#wasm.reading(FALSE_DUCKS);
  }

  /** From the first sign of speech to the latest duck, ms. */
  get onsetToDuckMs(): number {
    return this.#wasm.reading(ONSET_TO_DUCK_MS);
  }

  // ── playback ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Queues received bytes, which may end in the middle of a sample.
   * @param nowFrames Device frames on the render clock when they arrived; the jitter buffer learns from it.
   * @returns bytes taken: fewer than given when 60 s are queued; the rest is to be given again later
   */
  write(bytes: Uint8Array, nowFrames: number): number {
    this.#wasm.beginWrite(bytes.length, nowFrames);
    let taken = 0;
    while (taken < bytes.length) {
      const count = Math.min(bytes.length - taken, INPUT_BYTES);
      this.#bytes.set(count === bytes.length ? bytes : bytes.subarray(taken, taken + count), INPUT_ADDRESS);
      const accepted = this.#wasm.writeBytes(count);
      taken += accepted;
      if (accepted < count) break;
    }
    return taken;
  }

  /** Position after the last frame that was written. */
  get writtenFrames(): number {
    return this.#wasm.reading(WRITTEN_FRAMES);
  }

  /** Position up to which sound was played or, being silent, skipped. While held: where release() goes on. */
  get consumedFrames(): number {
    return this.#wasm.reading(CONSUMED_FRAMES);
  }

  /** Position of the first frame of the latest write() above −55 dBFS; −1 without one. */
  get firstAudibleFrame(): number {
    return this.#wasm.reading(FIRST_AUDIBLE_FRAME);
  }

  /** Position of the last frame of the latest write() above −55 dBFS; −1 without one. */
  get lastAudibleFrame(): number {
    return this.#wasm.reading(LAST_AUDIBLE_FRAME);
  }

  /**
   * Nothing more will come of this reply: what is queued is played to its end without waiting for more, and running out
   * is no underrun. The next write() begins another talkspurt.
   */
  endTalkspurt(): void {
    this.#wasm.endTalkspurt();
  }

  /** Renders one quantum at the device's rate (at most 1024 frames; what is beyond becomes silence), full scale ±1. */
  render(output: Float32Array, nowFrames: number): void {
    const frames = Math.min(output.length, MAX_QUANTUM_FRAMES);
    this.#wasm.render(frames, nowFrames);
    if (this.#rendered.length !== frames) {
      this.#rendered = new Float32Array(this.#wasm.memory.buffer, OUTPUT_ADDRESS, frames);
    }
    if (output.length > frames) output.fill(0, frames);
    output.set(this.#rendered);
  }

  /**
   * Fades out within 5 ms and throws away everything written so far, an odd byte included. It ends a hold and the
   * talkspurt; what is written from now on plays whole.
   */
  flush(): void {
    this.#wasm.flush();
  }

  /** The fade of a flush is still sounding. */
  get flushing(): boolean {
    return this.#wasm.reading(FLUSHING) !== 0;
  }

  /** Frames that the last flush threw away unheard; final when `flushing` is false. */
  get discardedFrames(): number {
    return this.#wasm.reading(DISCARDED_FRAMES);
  }

  /** Fades out within 5 ms and waits, keeping everything. Writing goes on. */
  hold(): void {
    this.#wasm.hold();
  }

  /** Goes on where hold() was called, faded in over 5 ms. */
  release(): void {
    this.#wasm.release();
  }

  /** By hold(); what gives way is told by `givingWay`. */
  get held(): boolean {
    return this.#wasm.reading(HELD) !== 0;
  }

  /** Linear gain, 0…1, ramped: 0 to 1 takes 5 ms. */
  setVolume(linear: number): void {
    this.#wasm.setVolume(linear >= 0 ? Math.min(linear, 1) : 0);
  }

  /** RMS of what was rendered since the last reading, linear. */
  get speakerLevel(): number {
    return this.#wasm.reading(SPEAKER_LEVEL);
  }

  // ── statistics: frames at the output encoding's rate; counters since construction ───────────────────────────────

  /** Written, but not yet consumed. */
  get depthFrames(): number {
    return this.#wasm.reading(DEPTH_FRAMES);
  }

  /** The depth that the jitter buffer aims at. */
  get targetFrames(): number {
    return this.#wasm.reading(TARGET_FRAMES);
  }

  /** How often speech was cut because its continuation had not come. */
  get underruns(): number {
    return this.#wasm.reading(UNDERRUNS);
  }

  /** Silence played in such cuts. */
  get concealedFrames(): number {
    return this.#wasm.reading(CONCEALED_FRAMES);
  }

  /** Silent frames skipped to bring the delay down. */
  get droppedSilenceFrames(): number {
    return this.#wasm.reading(DROPPED_SILENCE_FRAMES);
  }

  /** Silence added within silence to deepen the buffer. */
  get insertedSilenceFrames(): number {
    return this.#wasm.reading(INSERTED_SILENCE_FRAMES);
  }
}
