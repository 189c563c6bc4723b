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

it('takes zeros for a headset’s noise gate for 45 s, once the microphone has delivered sound', () => {
  const silent: boolean[] = [];
  page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'microphone-silence') silent.push(data.silent);
  };
  session.postMessage(FORMAT);
  render(200);
  render(44_000, 0);
  expect(silent).toEqual([false]);
});

it('reports 20 times a second how much of a reply was heard', () => {
  session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(2_000));
  render(1_100);
  expect(heard.length).toBeGreaterThan(15);
  for (const [at, { heardMs }] of heard.entries()) {
    expect(heardMs - (heard[at - 1]?.heardMs ?? 0)).toBeLessThan(60);
  }
  expect(heard.at(-1)!.heardMs).toBeGreaterThan(900);
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

it('a reply waits for a headset that is not ready yet', () => {
  session.postMessage(FORMAT);
  page.postMessage({ type: 'settle', atLeastMs: 1_000 });
  send(1, loud(200));
  session.postMessage({ type: 'end', reply: 1 });
  expect(render(900)).toBe(false);
  expect(render(300)).toBe(true);
});

it('while muted, neither the session nor a recording gets anything of the microphone', () => {
  const taps: Extract<WorkletToPage, { type: 'tap' }>[] = [];
  page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'tap') taps.push(data);
  };
  const settings = { type: 'settings', volume: 1, tap: true };
  page.postMessage({ ...settings, muted: false });
  session.postMessage(FORMAT);
  const packets = told('packet');
  const sounding = () => [packets, taps].map((all) => all.length > 0);
  const isLoud = () => [
    packets.some(({ bytes }) => new Int16Array(bytes.buffer).some((sample) => Math.abs(sample) > 1)),
    taps.some(({ microphone }) => microphone.some((sample) => sample !== 0)),
  ];
  render(300);
  expect(isLoud()).toEqual([true, true]);
  page.postMessage({ ...settings, muted: true });
  // The ramp, the filter, and what was captured before.
  render(200);
  packets.length = taps.length = 0;
  render(500);
  expect(sounding(), 'silence is sent').toEqual([true, true]);
  expect(isLoud()).toEqual([false, false]);
  page.postMessage({ ...settings, muted: true, tap: false });
  render(100);
  taps.length = 0;
  render(300);
  expect(sounding()).toEqual([true, false]);
});

it('without a microphone the session gets silence, not the last sound again', () => {
  session.postMessage(FORMAT);
  const packets = told('packet');
  render(300);
  expect(packets.at(-1)!.level).toBeCloseTo(0.1, 2);
  for (let n = 0; n < 100; n++) processor.process([[]], [[output]]);
  deliver();
  packets.length = 0;
  for (let n = 0; n < 100; n++) processor.process([[]], [[output]]);
  deliver();
  expect(packets.length).toBeGreaterThan(3);
  for (const { bytes } of packets) expect(bytes.every((byte) => byte === 0)).toBe(true);
});

it('plays a message that is longer than the ring once, to its end', () => {
  session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(62_000));
  session.postMessage({ type: 'end', reply: 1 });
  render(63_000);
  expect(heard.at(-1)).toMatchObject({ over: true, heardMs: 62_000, playedBytes: 62_000 * BYTES_PER_MS });
});

it('plays at the volume of the page times the gain of the session', () => {
  const peak = () => Math.max(...output.map(Math.abs));
  session.postMessage(FORMAT);
  send(1, loud(2_000));
  render(200);
  const full = peak();
  page.postMessage({ type: 'settings', muted: false, volume: 0.5, tap: false });
  render(100);
  expect(peak() / full).toBeCloseTo(0.5, 2);
  session.postMessage({ type: 'give-way', allowed: true, gain: 0.5 });
  render(100);
  expect(peak() / full).toBeCloseTo(0.25, 2);
  page.postMessage({ type: 'settings', muted: false, volume: 1, tap: false });
  render(100);
  expect(peak() / full).toBeCloseTo(0.5, 2);
});

it('a reply that the session holds waits, and loses nothing', () => {
  session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(500));
  session.postMessage({ type: 'end', reply: 1 });
  render(200);
  session.postMessage({ type: 'hold', held: true });
  render(20);
  expect(render(1_000)).toBe(false);
  session.postMessage({ type: 'hold', held: false });
  expect(render(1_000)).toBe(true);
  expect(heard.at(-1)).toMatchObject({ reply: 1, over: true, heardMs: 500 });
});

it('the reply after a held one that was flushed does not wait', () => {
  session.postMessage(FORMAT);
  send(1, loud(500));
  render(200);
  session.postMessage({ type: 'hold', held: true });
  render(20);
  session.postMessage({ type: 'flush' });
  send(2, loud(500));
  session.postMessage({ type: 'end', reply: 2 });
  expect(render(200)).toBe(true);
});

it('another format discards what is still to be played, and counts from 0', () => {
  session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(70_000));
  render(200);
  session.postMessage({ ...FORMAT, output: 'audio/pcmu' });
  expect(render(1_000)).toBe(false);
  heard.length = 0;
  send(2, new Uint8Array(4_000).fill(0x20));
  session.postMessage({ type: 'end', reply: 2 });
  render(1_000);
  expect(heard.at(-1)).toMatchObject({ reply: 2, over: true, heardMs: 500, playedBytes: 4_000 });
});

it('reports levels while there is sound, and once that it is over', () => {
  const levels: Extract<WorkletToPage, { type: 'levels' }>[] = [];
  page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'levels') levels.push(data);
  };
  session.postMessage(FORMAT);
  render(500);
  expect(levels.length).toBeGreaterThan(10);
  render(100, 0);
  levels.length = 0;
  render(1_000, 0);
  expect(levels.length).toBeLessThanOrEqual(1);
  render(500);
  expect(levels.at(-1)!.microphone).toBeCloseTo(0.1, 3);
});

it('ends when it is closed: after a fade, and without another word to the session', () => {
  session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(2_000));
  render(200);
  page.postMessage({ type: 'close' });
  const told1 = heard.length;
  expect(render(20)).toBe(true);
  expect(render(100)).toBe(false);
  expect(processor.process([[]], [[output]])).toBe(false);
  expect(heard).toHaveLength(told1);
});
