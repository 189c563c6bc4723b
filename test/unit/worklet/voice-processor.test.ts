import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkletToPage, WorkletToSession } from '../../../src/worklet/messages.js';
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

/** Renders for this long. @param sound what the microphone delivers @returns whether anything was played */
function render(ms: number, sound = 0.1): boolean {
  let heard = false;
  for (const endMs = nowMs + ms; nowMs < endMs; nowMs += (QUANTUM_FRAMES / RATE_HZ) * 1_000) {
    vi.setSystemTime(nowMs);
    deliver();
    processor.process([[new Float32Array(QUANTUM_FRAMES).fill(sound)]], [[output]]);
    deliver();
    heard ||= output.some((sample) => sample !== 0);
    scope.currentFrame += QUANTUM_FRAMES;
  }
  return heard;
}

const FORMAT = { type: 'format', input: 'audio/pcm', output: 'audio/pcm' };
/** 24 000 frames of two bytes a second. */
const BYTES_PER_MS = 48;

/** What the session is told of one type, from now on. */
function told<Type extends WorkletToSession['type']>(
  type: Type,
): Extract<WorkletToSession, { type: Type }>[] {
  const all: Extract<WorkletToSession, { type: Type }>[] = [];
  session.onmessage = ({ data }: MessageEvent<WorkletToSession>) => {
    if (data.type === type) all.push(data as (typeof all)[number]);
  };
  return all;
}

function send(reply: number, bytes: Uint8Array): void {
  session.postMessage({ type: 'audio', reply, bytes, arrivedAtMs: nowMs });
}

/** Audible from its first sample to its last. */
function loud(ms: number): Uint8Array {
  return new Uint8Array(new Int16Array(24 * ms).fill(8_000).buffer);
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
  session.postMessage(FORMAT);
  send(1, loud(200));
  session.postMessage({ type: 'end', reply: 1 });
  expect(render(50)).toBe(true);
});

it('reports a sounding microphone, because the page may know another worklet’s silence', () => {
  const told: unknown[] = [];
  page.onmessage = ({ data }) => told.push(data);
  session.postMessage(FORMAT);
  render(100);
  expect(told).toContainEqual({ type: 'microphone-silence', silent: false });
});

it('reports a silent microphone only after 5 s of the call, although the context has run while it was asked for', () => {
  const silent: boolean[] = [];
  page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'microphone-silence') silent.push(data.silent);
  };
  render(8_000);
  session.postMessage(FORMAT);
  // No browser delivers sound in the first quantum.
  render(50, 0);
  render(100);
  expect(silent).toEqual([false]);
  render(46_000, 0);
  expect(silent).toEqual([false, true]);
});

describe('a flush', () => {
  it('reports all that is discarded, with what the ring had no space for', () => {
    session.postMessage(FORMAT);
    const flushed = told('flushed');
    send(1, loud(70_000));
    render(1_000);
    session.postMessage({ type: 'flush' });
    render(20);
    expect(flushed).toHaveLength(1);
    expect(flushed[0]!.heardMs).toBeGreaterThan(900);
    expect(flushed[0]!.heardMs + flushed[0]!.discardedMs).toBeCloseTo(70_000, 6);
  });

  it('counts all that it discarded as played, so that the session keeps only what is still to be heard', () => {
    session.postMessage(FORMAT);
    const heard = told('heard');
    send(1, loud(70_000));
    render(1_000);
    session.postMessage({ type: 'flush' });
    render(20);
    send(2, loud(200));
    session.postMessage({ type: 'end', reply: 2 });
    render(400);
    expect(heard.at(-1)).toEqual({
      ...{ type: 'heard', reply: 2, over: true, heardMs: 200 },
      playedBytes: 70_200 * BYTES_PER_MS,
    });
  });

  it('is answered for itself, although another one follows within its fade', () => {
    session.postMessage(FORMAT);
    const flushed = told('flushed');
    send(1, loud(1_000));
    render(200);
    session.postMessage({ type: 'flush' });
    render(2);
    send(2, loud(500));
    session.postMessage({ type: 'flush' });
    render(20);
    expect(flushed).toMatchObject([{ reply: 1 }, { reply: 2, heardMs: 0, discardedMs: 500 }]);
    expect(flushed[0]!.heardMs).toBeGreaterThan(100);
    expect(flushed[0]!.heardMs + flushed[0]!.discardedMs).toBeCloseTo(1_000, 6);
  });
});

it('the delay of the playback is that of a whole sample, although a message may have half of one', () => {
  session.postMessage(FORMAT);
  const stats = told('stats');
  send(1, loud(500));
  render(300);
  send(1, new Uint8Array(1));
  session.postMessage({ type: 'end', reply: 1 });
  render(5_000);
  send(2, loud(200));
  session.postMessage({ type: 'end', reply: 2 });
  render(2_000);
  expect(stats.length).toBeGreaterThan(5);
  for (const {
    stats: { playoutDelayMs },
  } of stats)
    expect(playoutDelayMs).toBeLessThan(1_000);
});
