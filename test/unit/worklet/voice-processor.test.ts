import { beforeEach, expect, it, vi } from 'vitest';
import { engineModule } from '../../wasm/duplex-driver.js';
import { deliver, portPair, type FakePort } from '../../support/port-pair.js';

const RATE_HZ = 48_000;
const QUANTUM_FRAMES = 128;

interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
type MakeProcessor = new (options: unknown) => Processor;

/** The ends of the page and of the session. */
let page: FakePort;
let session: FakePort;
let processor: Processor;
let nowMs: number;
const output = new Float32Array(QUANTUM_FRAMES);
const scope = globalThis as unknown as { currentFrame: number };

/** Renders for this long, with a sounding microphone. @returns whether anything was played */
function render(ms: number): boolean {
  let heard = false;
  for (const endMs = nowMs + ms; nowMs < endMs; nowMs += (QUANTUM_FRAMES / RATE_HZ) * 1_000) {
    vi.setSystemTime(nowMs);
    deliver();
    processor.process([[new Float32Array(QUANTUM_FRAMES).fill(0.1)]], [[output]]);
    deliver();
    heard ||= output.some((sample) => sample !== 0);
    scope.currentFrame += QUANTUM_FRAMES;
  }
  return heard;
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.resetModules();
  nowMs = 1_000_000;
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
  const script = '../../../src/worklet/voice-processor.js';
  await import(script);
  processor = new Made!({ processorOptions: { engine: engineModule } });
  [page, session] = [pagePort, sessionPort];
  page.postMessage({ type: 'session-port', port: workletPort });
});

it('a headset becomes ready while the session starts', () => {
  page.postMessage({ type: 'settle', atLeastMs: 1_000 });
  render(1_000);
  session.postMessage({ type: 'format', input: 'audio/pcm', output: 'audio/pcm' });
  const bytes = new Uint8Array(new Int16Array(4_800).fill(8_000).buffer);
  session.postMessage({ type: 'audio', reply: 1, bytes, arrivedAtMs: nowMs });
  session.postMessage({ type: 'end', reply: 1 });
  expect(render(50)).toBe(true);
});

it('reports a sounding microphone, because the page may know another worklet’s silence', () => {
  const told: unknown[] = [];
  page.onmessage = ({ data }) => told.push(data);
  session.postMessage({ type: 'format', input: 'audio/pcm', output: 'audio/pcm' });
  render(100);
  expect(told).toContainEqual({ type: 'microphone-silence', silent: false });
});
