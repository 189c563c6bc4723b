import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import {
  ECHO_LEAK_DB,
  FLUSHING,
  HELD,
  SPEAKING,
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
 * `setFormat` comes first. Positions are absolute: frames at the output encoding's rate since then.
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
  }

  /** Sets both encodings and discards everything in progress in both directions, except statistics. */
  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    const { rateHz, bytesPerSample, engineNumber } = AUDIO_ENCODINGS[input];
    this.#packetBytes = (rateHz * bytesPerSample * PACKET_MS) / 1000;
    this.#wasm.setFormat(engineNumber, AUDIO_ENCODINGS[output].engineNumber, this.#deviceRateHz);
  }

  /** @param which of the constants in engine-exports.ts */
  reading(which: number): number {
    return this.#wasm.reading(which);
  }

  // ── capture ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ramped over 5 ms. While muted, packets of silence continue. */
  setMuted(muted: boolean): void {
    this.#wasm.setMuted(muted);
  }

  /**
   * Takes one quantum of the microphone at the device's rate (at most 1024 frames; a longer one is ignored), full scale
   * ±1. `undefined` is 128 frames of silence.
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
    for (let i = 0; i < this.#packetBytes; i++) into[i] = this.#bytes[address + i]!;
    this.#packetLevel = this.#floats[(address + PACKET_LEVEL_OFFSET) >> 2]!;
    return true;
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

  // ── giving way ──────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whether speech may duck a reply: by 15 dB within 15 ms, held after half a second of speech, back within 60 ms
   * when the speech ends, or after 3 s without a flush. Initially off.
   */
  allowGivingWay(allowed: boolean): void {
    this.#wasm.allowGivingWay(allowed);
  }

  /**
   * Whether the microphone is 6 dB quieter in the packets while a reply is audible, until 300 ms after it, and nobody speaks: what
   * is left of its echo must not interrupt it. Ramped over 2.5 ms. Initially off.
   */
  guardMicrophone(guarded: boolean): void {
    this.#wasm.guardMicrophone(guarded);
  }

  // ── playback ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Queues received bytes, which may end in the middle of a sample.
   * @param nowFrames Arrival time in device frames on the render clock, for the jitter buffer.
   * @returns the bytes accepted: fewer than given if 60 s are queued, none of a third reply before the first was played;
   *   pass the rest again later
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

  /** Fades out within 5 ms and pauses without losing anything. Writing continues. */
  hold(): void {
    this.#wasm.hold(true);
  }

  /** Resumes where hold() was called, faded in over 5 ms. */
  release(): void {
    this.#wasm.hold(false);
  }

  /** Held by hold(); `givingWay` reports a hold by speech. */
  get held(): boolean {
    return this.#wasm.reading(HELD) !== 0;
  }

  /** Linear gain, 0…1, ramped: 0 to 1 takes 5 ms. */
  setVolume(linear: number): void {
    this.#wasm.setVolume(linear >= 0 ? Math.min(linear, 1) : 0);
  }
}
