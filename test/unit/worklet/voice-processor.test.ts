import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkletToPage } from '../../../src/worklet/messages.js';
import { deliver } from '../../support/port-pair.js';
import {
  BYTES_PER_MS,
  FORMAT,
  bench,
  loud,
  output,
  render,
  send,
  startBench,
  told,
} from '../../support/processor-bench.js';

beforeEach(startBench);

it('a headset becomes ready while the session starts', () => {
  bench.page.postMessage({ type: 'settle', atLeastMs: 1_000 });
  render(1_000);
  bench.session.postMessage(FORMAT);
  send(1, loud(200));
  bench.session.postMessage({ type: 'end', reply: 1 });
  expect(render(50)).toBe(true);
});

it('reports a sounding microphone, because the page may know another worklet’s silence', () => {
  const told: unknown[] = [];
  bench.page.onmessage = ({ data }) => told.push(data);
  bench.session.postMessage(FORMAT);
  render(100);
  expect(told).toContainEqual({ type: 'microphone-silence', silent: false });
});

it('reports a silent microphone only after 5 s of the call, although the context has run while it was asked for', () => {
  const silent: boolean[] = [];
  bench.page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'microphone-silence') silent.push(data.silent);
  };
  render(8_000);
  bench.session.postMessage(FORMAT);
  // No browser delivers sound in the first quantum.
  render(50, 0);
  render(100);
  expect(silent).toEqual([false]);
  render(46_000, 0);
  expect(silent).toEqual([false, true]);
});

it('takes zeros for a headset’s noise gate for 45 s, once the microphone has delivered sound', () => {
  const silent: boolean[] = [];
  bench.page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'microphone-silence') silent.push(data.silent);
  };
  bench.session.postMessage(FORMAT);
  render(200);
  render(44_000, 0);
  expect(silent).toEqual([false]);
});

it('reports 20 times a second how much of a reply was heard', () => {
  bench.session.postMessage(FORMAT);
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
    bench.session.postMessage(FORMAT);
    const flushed = told('flushed');
    send(1, loud(70_000));
    render(1_000);
    bench.session.postMessage({ type: 'flush' });
    render(20);
    expect(flushed).toHaveLength(1);
    expect(flushed[0]!.heardMs).toBeGreaterThan(900);
    expect(flushed[0]!.heardMs + flushed[0]!.discardedMs).toBeCloseTo(70_000, 6);
  });

  it('counts all that it discarded as played, so that the session keeps only what is still to be heard', () => {
    bench.session.postMessage(FORMAT);
    const heard = told('heard');
    send(1, loud(70_000));
    render(1_000);
    bench.session.postMessage({ type: 'flush' });
    render(20);
    send(2, loud(200));
    bench.session.postMessage({ type: 'end', reply: 2 });
    render(400);
    expect(heard.at(-1)).toEqual({
      type: 'heard',
      reply: 2,
      over: true,
      heardMs: 200,
      playedBytes: 70_200 * BYTES_PER_MS,
    });
  });

  it('is answered for itself, although another one follows within its fade', () => {
    bench.session.postMessage(FORMAT);
    const flushed = told('flushed');
    send(1, loud(1_000));
    render(200);
    bench.session.postMessage({ type: 'flush' });
    render(2);
    send(2, loud(500));
    bench.session.postMessage({ type: 'flush' });
    render(20);
    expect(flushed).toMatchObject([{ reply: 1 }, { reply: 2, heardMs: 0, discardedMs: 500 }]);
    expect(flushed[0]!.heardMs).toBeGreaterThan(100);
    expect(flushed[0]!.heardMs + flushed[0]!.discardedMs).toBeCloseTo(1_000, 6);
  });
});

it('the delay of the playback is that of a whole sample, although a message may have half of one', () => {
  bench.session.postMessage(FORMAT);
  const stats = told('stats');
  send(1, loud(500));
  render(300);
  send(1, new Uint8Array(1));
  bench.session.postMessage({ type: 'end', reply: 1 });
  render(5_000);
  send(2, loud(200));
  bench.session.postMessage({ type: 'end', reply: 2 });
  render(2_000);
  expect(stats.length).toBeGreaterThan(5);
  for (const {
    stats: { playoutDelayMs },
  } of stats)
    expect(playoutDelayMs).toBeLessThan(1_000);
});

it('a reply waits for a headset that is not ready yet', () => {
  bench.session.postMessage(FORMAT);
  bench.page.postMessage({ type: 'settle', atLeastMs: 1_000 });
  send(1, loud(200));
  bench.session.postMessage({ type: 'end', reply: 1 });
  expect(render(900)).toBe(false);
  expect(render(300)).toBe(true);
});

it('while muted, neither the session nor a recording gets anything of the microphone', () => {
  const taps: Extract<WorkletToPage, { type: 'tap' }>[] = [];
  bench.page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'tap') taps.push(data);
  };
  const settings = { type: 'settings', volume: 1, tap: true };
  bench.page.postMessage({ ...settings, muted: false });
  bench.session.postMessage(FORMAT);
  const packets = told('packet');
  const sounding = () => [packets, taps].map((all) => all.length > 0);
  const isLoud = () => [
    packets.some(({ bytes }) => new Int16Array(bytes.buffer).some((sample) => Math.abs(sample) > 1)),
    taps.some(({ microphone }) => microphone.some((sample) => sample !== 0)),
  ];
  render(300);
  expect(isLoud()).toEqual([true, true]);
  bench.page.postMessage({ ...settings, muted: true });
  // The ramp, the filter, and what was captured before.
  render(200);
  packets.length = taps.length = 0;
  render(500);
  expect(sounding(), 'silence is sent').toEqual([true, true]);
  expect(isLoud()).toEqual([false, false]);
  bench.page.postMessage({ ...settings, muted: true, tap: false });
  render(100);
  taps.length = 0;
  render(300);
  expect(sounding()).toEqual([true, false]);
});

it('without a microphone the session gets silence, not the last sound again', () => {
  bench.session.postMessage(FORMAT);
  const packets = told('packet');
  render(300);
  expect(packets.at(-1)!.level).toBeCloseTo(0.1, 2);
  for (let n = 0; n < 100; n++) bench.processor.process([[]], [[output]]);
  deliver();
  packets.length = 0;
  for (let n = 0; n < 100; n++) bench.processor.process([[]], [[output]]);
  deliver();
  expect(packets.length).toBeGreaterThan(3);
  for (const { bytes } of packets) expect(bytes.every((byte) => byte === 0)).toBe(true);
});

it('plays a message that is longer than the ring once, to its end', () => {
  bench.session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(62_000));
  bench.session.postMessage({ type: 'end', reply: 1 });
  render(63_000);
  expect(heard.at(-1)).toMatchObject({ over: true, heardMs: 62_000, playedBytes: 62_000 * BYTES_PER_MS });
});

it('plays at the volume of the page times the gain of the session', () => {
  const peak = () => Math.max(...output.map(Math.abs));
  bench.session.postMessage(FORMAT);
  send(1, loud(2_000));
  render(200);
  const full = peak();
  bench.page.postMessage({ type: 'settings', muted: false, volume: 0.5, tap: false });
  render(100);
  expect(peak() / full).toBeCloseTo(0.5, 2);
  bench.session.postMessage({ type: 'give-way', allowed: true, gain: 0.5 });
  render(100);
  expect(peak() / full).toBeCloseTo(0.25, 2);
  bench.page.postMessage({ type: 'settings', muted: false, volume: 1, tap: false });
  render(100);
  expect(peak() / full).toBeCloseTo(0.5, 2);
});

it('a reply that the session holds waits, and loses nothing', () => {
  bench.session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(500));
  bench.session.postMessage({ type: 'end', reply: 1 });
  render(200);
  bench.session.postMessage({ type: 'hold', held: true });
  render(20);
  expect(render(1_000)).toBe(false);
  bench.session.postMessage({ type: 'hold', held: false });
  expect(render(1_000)).toBe(true);
  expect(heard.at(-1)).toMatchObject({ reply: 1, over: true, heardMs: 500 });
});

it('the reply after a held one that was flushed does not wait', () => {
  bench.session.postMessage(FORMAT);
  send(1, loud(500));
  render(200);
  bench.session.postMessage({ type: 'hold', held: true });
  render(20);
  bench.session.postMessage({ type: 'flush' });
  send(2, loud(500));
  bench.session.postMessage({ type: 'end', reply: 2 });
  expect(render(200)).toBe(true);
});

it('another format discards what is still to be played, and counts from 0', () => {
  bench.session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(70_000));
  render(200);
  bench.session.postMessage({ ...FORMAT, output: 'audio/pcmu' });
  expect(render(1_000)).toBe(false);
  heard.length = 0;
  send(2, new Uint8Array(4_000).fill(0x20));
  bench.session.postMessage({ type: 'end', reply: 2 });
  render(1_000);
  expect(heard.at(-1)).toMatchObject({ reply: 2, over: true, heardMs: 500, playedBytes: 4_000 });
});

it('reports levels while there is sound, and once that it is over', () => {
  const levels: Extract<WorkletToPage, { type: 'levels' }>[] = [];
  bench.page.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
    if (data.type === 'levels') levels.push(data);
  };
  bench.session.postMessage(FORMAT);
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
  bench.session.postMessage(FORMAT);
  const heard = told('heard');
  send(1, loud(2_000));
  render(200);
  bench.page.postMessage({ type: 'close' });
  const told1 = heard.length;
  expect(render(20)).toBe(true);
  expect(render(100)).toBe(false);
  expect(bench.processor.process([[]], [[output]])).toBe(false);
  expect(heard).toHaveLength(told1);
});
