import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { engineBytes } from '../../src/engine/call-engine.js';
import { compileEngine } from '../../src/engine/compile-engine.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { DuplexEngine } from '../../src/engine/duplex-engine.js';

const QUANTUM_FRAMES = 128;

/** Renders a DuplexEngine quantum by quantum, with messages that arrive on the render clock, and keeps the output. */
export class DuplexDriver {
  readonly engine: DuplexEngine;
  readonly deviceRateHz: number;
  readonly rateHz: number;
  readonly #heard: Float32Array[] = [];
  /** Packets of the microphone, encoded. */
  readonly sent: Uint8Array[] = [];
  #nowFrames = 0;
  #arrivals: { atMs: number; act: () => void }[] = [];
  readonly #packet: Uint8Array;
  /** The microphone's sample at a frame of the device; `heard` returns what the loudspeaker played at an earlier one. */
  microphone: ((frame: number, heard: (frame: number) => number) => number) | undefined;

  constructor(
    module: WebAssembly.Module,
    output: AudioEncoding,
    deviceRateHz = 48_000,
    input: AudioEncoding = 'audio/pcm',
  ) {
    this.engine = new DuplexEngine(module, { deviceRateHz });
    this.engine.setFormat(input, output);
    this.#packet = new Uint8Array(this.engine.packetBytes);
    this.deviceRateHz = deviceRateHz;
    this.rateHz = AUDIO_ENCODINGS[output].rateHz;
  }

  get nowFrames(): number {
    return this.#nowFrames;
  }

  get nowMs(): number {
    return (this.#nowFrames / this.deviceRateHz) * 1000;
  }

  /** Everything rendered so far. */
  get heard(): Float32Array {
    const all = new Float32Array(this.#heard.length * QUANTUM_FRAMES);
    this.#heard.forEach((quantum, i) => all.set(quantum, i * QUANTUM_FRAMES));
    return all;
  }

  at(atMs: number, act: () => void): void {
    this.#arrivals.push({ atMs, act });
    this.#arrivals.sort((a, b) => a.atMs - b.atMs);
  }

  /** Sends encoded audio in messages in real time from `fromMs` on. The reply ends with the last message. */
  sendReply(
    bytes: Uint8Array,
    fromMs: number,
    messageBytes: number,
    messageMs: number,
    delayMs = (_: number) => 0,
  ): void {
    let latestMs = 0;
    for (let first = 0, i = 0; first < bytes.length; first += messageBytes, i++) {
      const message = bytes.subarray(first, first + messageBytes);
      latestMs = Math.max(latestMs, fromMs + i * messageMs + delayMs(i));
      this.at(latestMs, () => this.engine.write(message, this.#nowFrames));
    }
    this.at(latestMs, () => this.engine.endTalkspurt());
  }

  runUntil(untilMs: number): void {
    while (this.nowMs < untilMs) {
      while (this.#arrivals[0] && this.#arrivals[0].atMs <= this.nowMs) this.#arrivals.shift()!.act();
      if (this.microphone) this.#listen(this.microphone);
      const quantum = new Float32Array(QUANTUM_FRAMES);
      this.engine.render(quantum, this.#nowFrames);
      this.#heard.push(quantum);
      this.#nowFrames += QUANTUM_FRAMES;
    }
  }

  #listen(microphone: NonNullable<DuplexDriver['microphone']>): void {
    const heard = (frame: number) =>
      frame < 0 ? 0 : (this.#heard[Math.floor(frame / QUANTUM_FRAMES)]?.[frame % QUANTUM_FRAMES] ?? 0);
    const samples = Float32Array.from({ length: QUANTUM_FRAMES }, (_, i) =>
      microphone(this.#nowFrames + i, heard),
    );
    if (this.engine.capture(samples) && this.engine.takePacket(this.#packet)) {
      this.sent.push(this.#packet.slice());
    }
  }

  /** The samples that were played in a period. */
  between(fromMs: number, toMs: number): Float32Array {
    const toFrame = (ms: number) => Math.round((ms / 1000) * this.deviceRateHz);
    return this.heard.subarray(toFrame(fromMs), toFrame(toMs));
  }
}

/** A sine at the encoding's rate, of half scale by default, not faded at either end. */
export function sine(rateHz: number, frequencyHz: number, durationMs: number, amplitude = 0.5): Float32Array {
  const omega = (2 * Math.PI * frequencyHz) / rateHz;
  const frames = Math.round((durationMs / 1000) * rateHz);
  return Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin(omega * i));
}

export function join(...parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

export const engineModule = await compileEngine(engineBytes());
export const headless = await createEngine();
