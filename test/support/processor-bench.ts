/** The audio processor with the ends of its ports, and a clock that advances with what it renders. */
import { vi } from 'vitest';
import type { WorkletToPage, WorkletToSession } from '../../src/worklet/messages.js';
import { engineModule } from '../wasm/duplex-driver.js';
import { deliver, portPair, type FakePort } from './port-pair.js';

const RATE_HZ = 48_000;
const QUANTUM_FRAMES = 128;
/** 24 000 frames of two bytes a second. */
export const BYTES_PER_MS = 48;
export const FORMAT = { type: 'format', input: 'audio/pcm', output: 'audio/pcm' };

interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
type MakeProcessor = new (options: unknown) => Processor;

/** The ends of the page and of the session. */
export const bench = {} as { page: FakePort; session: FakePort; processor: Processor; nowMs: number };
/** The latest quantum. */
export const output = new Float32Array(QUANTUM_FRAMES);
const scope = globalThis as unknown as { currentFrame: number };

/** Loads the processor again, so that a test starts without the state of another. */
export async function startBench(): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.resetModules();
  const [pagePort, nodePort] = portPair();
  const [sessionPort, workletPort] = portPair();
  let Made: MakeProcessor | undefined;
  vi.stubGlobal('sampleRate', RATE_HZ);
  vi.stubGlobal('currentFrame', 0);
  vi.stubGlobal(
    'AudioWorkletProcessor',
    class {
      readonly port = nodePort;
    },
  );
  vi.stubGlobal('registerProcessor', (_name: string, made: MakeProcessor) => (Made = made));
  // Its types are those of another scope.
  const script = '../../src/worklet/voice-processor.js';
  await import(script);
  const processor = new Made!({ processorOptions: { engine: engineModule } });
  Object.assign(bench, { page: pagePort, session: sessionPort, processor, nowMs: 1_000_000 });
  pagePort.postMessage({ type: 'session-port', port: workletPort });
}

/**
 * Renders for this long.
 * @param sound samples of the microphone, by frame
 * @returns whether anything was played
 */
export function render(ms: number, sound: number | ((frame: number) => number) = 0.1): boolean {
  const sampleAt = typeof sound === 'number' ? () => sound : sound;
  return renderQuanta(ms, () => [
    Float32Array.from({ length: QUANTUM_FRAMES }, (_, i) => sampleAt(scope.currentFrame + i)),
  ]);
}

/** The same without a microphone. */
export function renderWithout(ms: number): boolean {
  return renderQuanta(ms, () => []);
}

function renderQuanta(ms: number, channels: () => Float32Array[]): boolean {
  let heard = false;
  const endMs = bench.nowMs + ms;
  while (bench.nowMs < endMs) {
    vi.setSystemTime(bench.nowMs);
    deliver();
    bench.processor.process([channels()], [[output]]);
    deliver();
    heard ||= output.some((sample) => sample !== 0);
    scope.currentFrame += QUANTUM_FRAMES;
    bench.nowMs += (QUANTUM_FRAMES / RATE_HZ) * 1_000;
  }
  return heard;
}

type OfType<Message, Type> = Extract<Message, { readonly type: Type }>;

/** What the session is told of one type, from now on. */
export function told<Type extends WorkletToSession['type']>(type: Type): OfType<WorkletToSession, Type>[] {
  return received(bench.session, type);
}

/** What the page is told of one type, from now on. */
export function toldPage<Type extends WorkletToPage['type']>(type: Type): OfType<WorkletToPage, Type>[] {
  return received(bench.page, type);
}

function received<Message extends { readonly type: string }>(port: FakePort, type: string): Message[] {
  const all: Message[] = [];
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === type) all.push(data);
  };
  return all;
}

export function send(reply: number, bytes: Uint8Array): void {
  bench.session.postMessage({ type: 'audio', reply, bytes, arrivedAtMs: bench.nowMs });
}

/** Audible from its first sample to its last. */
export function loud(ms: number): Uint8Array {
  return new Uint8Array(new Int16Array(24 * ms).fill(8_000).buffer);
}
