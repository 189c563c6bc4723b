/**
 * The part of browser-worklet.bench.ts that runs in a page. The functions are sent as text, so they must not use anything
 * from outside.
 */
import type { PageToWorklet, SessionToWorklet, WorkletToSession } from '../../src/worklet/messages.js';

declare global {
  interface Window {
    benchNode: AudioWorkletNode;
    benchLink: MessagePort;
  }
}

/**
 * A subclass of the real processor whose process() runs many quanta at once on request, because the worklet's only clock
 * counts in milliseconds. With `silent`, packets and reports are not posted.
 */
export const BENCH_PROCESSOR = `
  registerProcessor('voice-agent-bench', class extends VoiceAgentProcessor {
    #quanta = 0;
    constructor(options) {
      super(options);
      const receive = this.port.onmessage;
      const post = MessagePort.prototype.postMessage;
      this.tell = (message) => post.call(this.port, message);
      this.port.onmessage = (event) => {
        if (event.data.type !== 'bench') return receive.call(this.port, event);
        MessagePort.prototype.postMessage = event.data.silent ? function () {} : post;
        this.#quanta = event.data.quanta;
      };
    }
    process(inputs, outputs) {
      const quanta = this.#quanta;
      if (quanta === 0) return super.process(inputs, outputs);
      this.#quanta = 0;
      const from = Date.now();
      for (let i = 0; i < quanta; i++) super.process(inputs, outputs);
      this.tell({ type: 'bench', elapsedMs: Date.now() - from });
      return true;
    }
  });`;

export interface BenchSetup {
  readonly processor: string;
  readonly bench: string;
  /** Its bytes. */
  readonly engine: readonly number[];
  readonly rateHz: number;
}

/** A context with the real processor and a tone as its input. */
export async function setUpBench({ processor, bench, engine, rateHz }: BenchSetup): Promise<void> {
  const context = new AudioContext({ sampleRate: rateHz });
  const source = `let VoiceAgentProcessor;
    const register = globalThis.registerProcessor;
    globalThis.registerProcessor = (name, type) => { VoiceAgentProcessor = type; };
    ${processor};
    globalThis.registerProcessor = register; ${bench}`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(url);
  const node = new AudioWorkletNode(context, 'voice-agent-bench', {
    outputChannelCount: [1],
    processorOptions: { engine: await WebAssembly.compile(new Uint8Array(engine)) },
  });
  const link = new MessageChannel();
  const connect: PageToWorklet = { type: 'session-port', port: link.port1 };
  node.port.postMessage(connect, [link.port1]);
  const tone = new OscillatorNode(context, { frequency: 440 });
  tone.connect(node).connect(context.destination);
  tone.start();
  await context.resume();
  window.benchNode = node;
  window.benchLink = link.port2;
}

export interface BenchRound {
  readonly quanta: number;
  /** Audio in the ring, ms; with 0, only the direction of the microphone is measured. */
  readonly playedMs: number;
  readonly silent: boolean;
}

/** @returns the time that process() took for all quanta, ms */
export async function runRound({ quanta, playedMs, silent }: BenchRound): Promise<number> {
  const { benchLink: link, benchNode: node } = window;
  const send = (message: SessionToWorklet) => link.postMessage(message);
  send({ type: 'format', input: 'audio/pcm', output: 'audio/pcm' });
  if (playedMs > 0) {
    const samples = Int16Array.from({ length: playedMs * 24 }, (_, i) => 16_000 * Math.sin(i / 10));
    const audible = new Promise<void>((resolve) => {
      link.onmessage = ({ data }: MessageEvent<WorkletToSession>) => {
        if (data.type === 'heard' && data.heardMs > 0) resolve();
      };
    });
    const bytes = new Uint8Array(samples.buffer);
    send({ type: 'audio', reply: 1, bytes, arrivedAtMs: Date.now() });
    send({ type: 'end', reply: 1 });
    await audible;
  }
  return new Promise((resolve) => {
    node.port.onmessage = ({ data }: MessageEvent<{ type: string; elapsedMs: number }>) => {
      if (data.type === 'bench') resolve(data.elapsedMs);
    };
    node.port.postMessage({ type: 'bench', quanta, silent });
  });
}
