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
  MICROPHONE_LEVEL,
  MIN_RATE_HZ,
  MAX_DEVICE_RATE_HZ,
  INPUT_ADDRESS,
  OUTPUT_ADDRESS,
  STAGING_FRAMES,
  PACKET_LEVEL_OFFSET,
  instantiateEngine,
  type CallExports,
} from './engine-exports.js';

export interface DuplexEngineOptions {
  /** Rate of the AudioContext in Hz, 8000…384000; rounded, since a device may report a fraction. */
  readonly deviceRateHz: number;
}

/** The maximum number of frames for one call of capture() or render(). */
const MAX_QUANTUM_FRAMES = 1024;
const INPUT_BYTES = STAGING_FRAMES * 4;
const QUANTUM_FRAMES = 128;
const PACKET_MS = 50;

/**
 * Both directions of a call for an AudioWorklet: microphone samples to packets, received bytes to loudspeaker
 * samples. Synchronous. capture(), takePacket() and render() never allocate or throw. `setFormat` computes two filter
 * tables: under 0.1 ms if one rate divides the other, up to about 2 ms between 44.1 kHz and 8 kHz.
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
  #packetLevel = 0;

  /** @throws RangeError, or what `instantiateEngine` throws; a worklet cannot report more */
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

  /** Sets both encodings and discards everything in progress in both directions, except statistics. */
  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    const { rateHz, bytesPerSample, engineNumber } = AUDIO_ENCODINGS[input];
    this.#packetBytes = (rateHz * bytesPerSample * PACKET_MS) / 1000;
    this.#wasm.setFormat(engineNumber, AUDIO_ENCODINGS[output].engineNumber, this.#deviceRateHz);
  }

  // ── capture ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ramped over 5 ms. While muted, packets of silence continue. */
  setMuted(muted: boolean): void {
    this.#wasm.setMuted(muted ? 1 : 0);
  }

  /**
   * Takes one quantum of the microphone at the device's rate (at most 1024 frames; the rest is ignored), full scale
   * ±1. `undefined` is a quantum of silence.
   * @returns whether a packet is ready
   */
  capture(input: Float32Array | undefined): boolean {
    const frames = input ? input.length : QUANTUM_FRAMES;
    if (frames > MAX_QUANTUM_FRAMES) return this.#wasm.capture(0) > 0;
    const first = this.#wasm.captureInput(frames) >>> 2;
    if (input) this.#floats.set(input, first);
    else this.#floats.fill(0, first, first + frames);
    return this.#wasm.capture(frames) > 0;
  }

  /** Bytes in a packet of 50 ms in the input encoding. */
  get packetBytes(): number {
    return this.#packetBytes;
  }

  /** Level of the packet that takePacket() returned last: RMS before muting, linear. */
  get packetLevel(): number {
    return this.#packetLevel;
  }

  /**
   * Copies the oldest packet to the start of `into` (at least `packetBytes` long) and removes it. 15 packets are
   * kept; if they are not taken, the oldest are lost.
   * @returns whether there was one
   */
  takePacket(into: Uint8Array): boolean {
    const address = this.#wasm.takePacket();
    if (address === 0) return false;
    // copying from a subarray would allocate
    for (let i = 0; i < this.#packetBytes; i++) into[i] = this.#bytes[address + i] ?? 0;
    this.#packetLevel = this.#floats[(address + PACKET_LEVEL_OFFSET) >> 2] ?? 0;
    return true;
  }

  /** RMS of the microphone since the last reading, before muting, linear. */
  get microphoneLevel(): number {
    return this.#wasm.reading(MICROPHONE_LEVEL);
  }

  /** Speech at the microphone, detected 40 … 120 ms after the onset. Never while muted. */
  get speaking(): boolean {
    return this.#wasm.reading(SPEAKING) !== 0;
  }

  /**
   * Level of our own sound in the microphone relative to what is played, dB: a learned upper bound from −110 up;
   * `undefined` before anything was played. If no echo is audible, it only says that the echo does not exceed the
   * noise.
   */
  get echoLeakDb(): number | undefined {
    const leakDb = this.#wasm.reading(ECHO_LEAK_DB);
    return Number.isNaN(leakDb) ? undefined : leakDb;
  }

  /** How far our own sound exceeds the microphone's noise, dB, mean of the bands; 0 if it is inaudible. */
  get echoAboveNoiseDb(): number {
    return this.#wasm.reading(ECHO_ABOVE_NOISE_DB);
  }

  /** How long our own sound was played: the basis of the two readings above. */
  get playedSeconds(): number {
    return this.#wasm.reading(PLAYED_SECONDS);
  }

  // ── giving way ──────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whether speech may duck a reply: by 15 dB within 15 ms, held after half a second of speech, back within 60 ms
   * when the speech ends, or after 3 s without a flush. Initially off.
   */
  allowGivingWay(allowed: boolean): void {
    this.#wasm.allowGivingWay(allowed ? 1 : 0);
  }

  /** The state of the reply: 0 normal, 1 ducked, 2 held by speech. */
  get givingWay(): number {
    return this.#wasm.reading(GIVING_WAY);
  }

  /** The number of ducks since construction. */
  get ducks(): number {
    return this.#wasm.reading(DUCKS);
  }

  /** Ducks after which the reply resumed: a cough, a back-channel, or a false alarm. */
  get falseDucks(): number {
    return this.#wasm.reading(FALSE_DUCKS);
  }

  /** From the onset of speech to the latest duck, ms. */
  get onsetToDuckMs(): number {
    return this.#wasm.reading(ONSET_TO_DUCK_MS);
  }

  // ── playback ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Queues received bytes, which may end in the middle of a sample.
   * @param nowFrames Arrival time in device frames on the render clock, for the jitter buffer.
   * @returns the bytes accepted: fewer than given if 60 s are queued; pass the rest again later
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

  /** Position after the last written frame. */
  get writtenFrames(): number {
    return this.#wasm.reading(WRITTEN_FRAMES);
  }

  /** Position up to which audio was played or, if silent, skipped. While held: where release() resumes. */
  get consumedFrames(): number {
    return this.#wasm.reading(CONSUMED_FRAMES);
  }

  /** Position of the first frame of the latest write() above −55 dBFS; −1 if there is none. */
  get firstAudibleFrame(): number {
    return this.#wasm.reading(FIRST_AUDIBLE_FRAME);
  }

  /** Position of the last frame of the latest write() above −55 dBFS; −1 if there is none. */
  get lastAudibleFrame(): number {
    return this.#wasm.reading(LAST_AUDIBLE_FRAME);
  }

  /**
   * The reply is complete: the queue is played to its end without waiting for more, and running out is no underrun.
   * The next write() begins another talkspurt.
   */
  endTalkspurt(): void {
    this.#wasm.endTalkspurt();
  }

  /** Renders one quantum at the device's rate (at most 1024 frames; the rest becomes silence), full scale ±1. */
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
   * Fades out within 5 ms and discards everything written so far, including an odd byte. It ends a hold and the
   * talkspurt; later writes are played completely.
   */
  flush(): void {
    this.#wasm.flush();
  }

  /** The fade of a flush is still audible. */
  get flushing(): boolean {
    return this.#wasm.reading(FLUSHING) !== 0;
  }

  /** Frames that the last flush discarded unheard; final when `flushing` is false. */
  get discardedFrames(): number {
    return this.#wasm.reading(DISCARDED_FRAMES);
  }

  /** Fades out within 5 ms and pauses without losing anything. Writing continues. */
  hold(): void {
    this.#wasm.hold();
  }

  /** Resumes where hold() was called, faded in over 5 ms. */
  release(): void {
    this.#wasm.release();
  }

  /** Held by hold(); `givingWay` reports a hold by speech. */
  get held(): boolean {
    return this.#wasm.reading(HELD) !== 0;
  }

  /** Linear gain, 0…1, ramped: 0 to 1 takes 5 ms. */
  setVolume(linear: number): void {
    this.#wasm.setVolume(linear >= 0 ? Math.min(linear, 1) : 0);
  }

  /** RMS of the rendered audio since the last reading, linear. */
  get speakerLevel(): number {
    return this.#wasm.reading(SPEAKER_LEVEL);
  }

  // ── statistics: frames at the output encoding's rate; counters since construction ───────────────────────────────

  /** Written, but not yet consumed. */
  get depthFrames(): number {
    return this.#wasm.reading(DEPTH_FRAMES);
  }

  /** The target depth of the jitter buffer. */
  get targetFrames(): number {
    return this.#wasm.reading(TARGET_FRAMES);
  }

  /** How often speech was interrupted because its continuation had not arrived. */
  get underruns(): number {
    return this.#wasm.reading(UNDERRUNS);
  }

  /** Silence played during such interruptions. */
  get concealedFrames(): number {
    return this.#wasm.reading(CONCEALED_FRAMES);
  }

  /** Silent frames skipped to reduce the delay. */
  get droppedSilenceFrames(): number {
    return this.#wasm.reading(DROPPED_SILENCE_FRAMES);
  }

  /** Silence inserted into silence to deepen the buffer. */
  get insertedSilenceFrames(): number {
    return this.#wasm.reading(INSERTED_SILENCE_FRAMES);
  }
}
