/**
 * Replaces `AudioPath` in tests without a browser: the real AudioWorklet processor with the real engine, rendered quantum
 * by quantum.
 */
import type { AudioPathHandlers, AudioPathOptions, AudioSettings } from '../../src/audio/audio-path.js';
import type { VoiceAgentError } from '../../src/errors.js';
import { portPair, type FakePort } from './port-pair.js';

export const QUANTUM_FRAMES = 128;
export const DEVICE_RATE_HZ = 48_000;

interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
type MakeProcessor = new (options: { processorOptions: { engine: WebAssembly.Module } }) => Processor;

let makeProcessor: MakeProcessor | undefined;
/** The port that the next processor gets from its base class. */
let nextPort: FakePort | undefined;

const scope = globalThis as unknown as Record<string, unknown>;

/** Defines the globals of an AudioWorkletGlobalScope, and loads the processor. */
export async function loadProcessor(): Promise<void> {
  scope['sampleRate'] = DEVICE_RATE_HZ;
  scope['currentFrame'] = 0;
  scope['AudioWorkletProcessor'] = class {
    readonly port = nextPort;
  };
  scope['registerProcessor'] = (_name: string, made: MakeProcessor) => (makeProcessor = made);
  // Not resolved by the compiler, because the processor has the types of another scope.
  const script = '../../src/worklet/voice-processor.js';
  await import(script);
}

export class WorkletPath {
  /** Of the latest call. */
  static latest: WorkletPath | undefined;
  static engine: WebAssembly.Module;
  readonly outputLatencyMs = 0;
  readonly #handlers: AudioPathHandlers;
  #settings: AudioSettings;
  #hasMicrophone = true;
  #processor: Processor | undefined;
  #page: FakePort | undefined;
  /** The page's end and the session's. */
  readonly #line = portPair();
  #output = new Float32Array(QUANTUM_FRAMES);

  constructor(options: AudioPathOptions, handlers: AudioPathHandlers) {
    this.#handlers = handlers;
    this.#settings = options;
    WorkletPath.latest = this;
  }

  get sessionPort(): MessagePort {
    return this.#line[1] as unknown as MessagePort;
  }

  openMicrophone(): Promise<void> {
    return Promise.resolve();
  }

  load(): Promise<void> {
    return Promise.resolve();
  }

  run(): Promise<void> {
    this.#connect(this.#line[0]);
    return Promise.resolve();
  }

  set(change: AudioSettings): void {
    this.#settings = { ...this.#settings, ...change };
    this.#applySettings();
  }

  releaseMicrophone(): void {
    this.#hasMicrophone = false;
  }

  close(): Promise<void> {
    this.#processor = undefined;
    return Promise.resolve();
  }

  // ── for tests ───────────────────────────────────────────────────────────────────────────────────────────────────
  /** The context is lost and replaced. */
  rebuild(): void {
    if (!this.#processor) return;
    const [port, ofSession] = portPair();
    this.#connect(port);
    this.#handlers.replaced(ofSession as unknown as MessagePort);
  }

  fail(error: VoiceAgentError): void {
    this.#handlers.failed(error);
  }

  /** @param sound the sample of the microphone at a frame */
  render(quanta: number, sound: (frame: number) => number): void {
    for (let n = 0; n < quanta && this.#processor; n++) {
      const frame = Number(scope['currentFrame']);
      const input = Float32Array.from({ length: QUANTUM_FRAMES }, (_, index) => sound(frame + index));
      this.#processor.process(this.#hasMicrophone ? [[input]] : [[]], [[this.#output]]);
      scope['currentFrame'] = frame + QUANTUM_FRAMES;
    }
  }

  #connect(port: FakePort): void {
    const [page, ofProcessor] = portPair();
    nextPort = ofProcessor;
    this.#processor = new makeProcessor!({ processorOptions: { engine: WorkletPath.engine } });
    this.#page = page;
    page.postMessage({ type: 'session-port', port });
    this.#applySettings();
  }

  #applySettings(): void {
    const { muted = false, volume = 1, tap = false } = this.#settings;
    this.#page?.postMessage({ type: 'settings', muted, volume, tap });
  }
}
