/** What the audio processor reports of the microphone, of speech, and of what was lost. */
import { beforeEach, expect, it } from 'vitest';
import {
  bench,
  FORMAT,
  loud,
  render,
  renderWithout,
  send,
  startBench,
  told,
  toldPage,
} from '../../support/processor-bench.js';
import { syntheticVoice } from '../../support/synthetic-voice.js';

const RATE_HZ = 48_000;

beforeEach(startBench);

it('a microphone that the page has muted is not reported as silent', () => {
  const reports = toldPage('microphone-silence');
  bench.page.postMessage({ type: 'settings', muted: true, volume: 1, tap: false });
  bench.session.postMessage(FORMAT);
  render(60_000, 0);
  expect(reports.map(({ silent }) => silent)).toEqual([false]);
});

it('another microphone that delivers only zeros is reported after 5 s, although the one before it was heard', () => {
  const reports = toldPage('microphone-silence');
  bench.session.postMessage(FORMAT);
  render(1_000);
  renderWithout(100);
  render(4_900, 0);
  expect(reports.map(({ silent }) => silent)).toEqual([false]);
  render(300, 0);
  expect(reports.map(({ silent }) => silent)).toEqual([false, true]);
});

it('the first packet begins with the format, although the context has run before', () => {
  const packets = told('packet');
  render(2_000);
  const formattedAtMs = bench.nowMs;
  bench.session.postMessage(FORMAT);
  render(200);
  const [first, second] = packets.map(({ startedAtMs }) => startedAtMs - formattedAtMs);
  expect(first).toBeGreaterThan(-1);
  expect(first).toBeLessThan(5);
  expect(second! - first!).toBeCloseTo(50, -1);
});

it('a recording has every sample of the microphone once, although settings change and it is made twice', () => {
  const settings = { type: 'settings', muted: false, volume: 1 };
  const position = (frame: number): number => frame / 2 ** 20;
  const taps = toldPage('tap');
  for (const record of [1, 2]) {
    bench.page.postMessage({ ...settings, tap: true });
    bench.session.postMessage(FORMAT);
    taps.length = 0;
    render(120, position);
    bench.page.postMessage({ ...settings, tap: true, volume: 0.5 });
    render(250, position);
    const samples = taps.flatMap(({ microphone }) => [...microphone]);
    expect(samples.length, `recording ${record}`).toBeGreaterThan(16_000);
    const [first = NaN] = samples;
    expect(samples.every((sample, i) => sample === first + position(i))).toBe(true);
    bench.page.postMessage({ ...settings, tap: false });
    render(50);
  }
});

it('the delay of the playback is not measured with a message that was flushed', () => {
  bench.session.postMessage(FORMAT);
  const stats = told('stats');
  send(1, loud(10_000));
  render(500);
  // This message is to be heard in 9 s.
  send(1, loud(1_000));
  render(4_000);
  bench.session.postMessage({ type: 'flush' });
  render(1_000);
  send(2, loud(200));
  bench.session.postMessage({ type: 'end', reply: 2 });
  render(2_000);
  expect(Math.max(...stats.map(({ stats: { playoutDelayMs = 0 } }) => playoutDelayMs))).toBeLessThan(1_000);
});

it('speech is reported when it starts and ends, with the reply that gives way to it', () => {
  const voice = syntheticVoice(RATE_HZ, 130, 0.3);
  bench.session.postMessage(FORMAT);
  bench.session.postMessage({ type: 'give-way', allowed: true, gain: 1 });
  const reports = told('voice');
  const near = (frame: number): number =>
    0.0005 * Math.sin(frame * frame) + (voice[frame - 2 * RATE_HZ] ?? 0);
  render(1_000, near);
  send(7, loud(2_000));
  bench.session.postMessage({ type: 'end', reply: 7 });
  render(2_500, near);
  expect(reports).toEqual([
    { type: 'voice', speaking: true, givingWay: 'ducked', reply: 7 },
    { type: 'voice', speaking: false, givingWay: 'none', reply: expect.any(Number) as number },
  ]);
});

it('speech is reported also while no reply gives way to it', () => {
  const voice = syntheticVoice(RATE_HZ, 130, 0.3);
  bench.session.postMessage(FORMAT);
  const reports = told('voice');
  render(2_500, (frame) => 0.0005 * Math.sin(frame * frame) + (voice[frame - RATE_HZ] ?? 0));
  expect(reports).toEqual([
    { type: 'voice', speaking: true, givingWay: 'none', reply: 0 },
    { type: 'voice', speaking: false, givingWay: 'none', reply: 0 },
  ]);
});

it('audio for which there is no space is counted as lost', () => {
  bench.session.postMessage(FORMAT);
  const stats = told('stats');
  // A minute is in the ring, and four are before it.
  for (let n = 0; n < 6; n++) send(1, loud(60_000));
  render(1_200);
  expect(stats.at(-1)!.stats.overflowMs).toBe(60_000);
});
