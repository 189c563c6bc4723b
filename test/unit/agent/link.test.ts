import { describe, expect, test } from 'vitest';
import { HEALTHY, parseFaults, type Faults } from '../../../agent/faults.js';
import { Link } from '../../../agent/link.js';
import { seededRandom } from '../../../agent/random.js';
import { ManualClock } from '../../support/manual-clock.js';

interface Written {
  readonly atMs: number;
  readonly text: string;
}

function setUp(faults: Partial<Faults>) {
  const clock = new ManualClock();
  const written: Written[] = [];
  const closes: { atMs: number; code: number }[] = [];
  const link = new Link({
    clock,
    faults: { ...HEALTHY, ...faults },
    random: seededRandom(4),
    socket: {
      write: (text) => written.push({ atMs: clock.nowMs(), text }),
      close: (code) => closes.push({ atMs: clock.nowMs(), code }),
    },
    onSent: () => {},
  });
  /** A message every 10 ms, as in a reply. */
  const stream = (count: number): void => {
    for (let index = 0; index < count; index++) {
      link.send({ type: 'reply.audio', index });
      clock.advance(10);
    }
    clock.advance(60_000);
  };
  const numbers = (): unknown[] => written.map(({ text }) => (JSON.parse(text) as { index: unknown }).index);
  return { clock, closes, link, numbers, stream, written };
}

const HUNDRED = Array.from({ length: 100 }, (_, index) => index);

describe('Link', () => {
  test('without faults it writes at once, with a timestamp in seconds', () => {
    const { link, written } = setUp({});
    link.send({ type: 'input.speech.started' });
    expect(written).toEqual([
      {
        atMs: 0,
        text: JSON.stringify({ type: 'input.speech.started', timestamp: Date.UTC(2030, 0, 1) / 1000 }),
      },
    ]);
  });

  test('an early error has an ISO timestamp', () => {
    const { link, written } = setUp({});
    link.send({ type: 'session.error' }, 'iso');
    expect(JSON.parse(written[0]!.text)).toEqual({
      type: 'session.error',
      timestamp: '2030-01-01T00:00:00.000Z',
    });
  });

  test('latency delays every message by the same time', () => {
    const { stream, written } = setUp({ latencyMs: 150 });
    stream(100);
    expect(written.map(({ atMs }) => atMs)).toEqual(HUNDRED.map((index) => index * 10 + 150));
  });

  test('jitter stays within its bounds, keeps the order and is the same for the same seed', () => {
    const runs = [1, 2].map(() => {
      const run = setUp({ jitterMs: 80 });
      run.stream(100);
      return run;
    });
    const [first, second] = runs as [(typeof runs)[0], (typeof runs)[0]];
    const delays = first.written.map(({ atMs }, index) => atMs - index * 10);
    expect(first.numbers()).toEqual(HUNDRED);
    expect(Math.max(...delays)).toBeLessThanOrEqual(80);
    expect(Math.max(...delays)).toBeGreaterThan(40);
    expect(new Set(delays.map(Math.round)).size).toBeGreaterThan(10);
    expect(second.written).toEqual(first.written);
  });

  test('a message on time does not overtake a late one', () => {
    const { numbers, stream } = setUp({ jitterMs: 80, jitterShare: 0.2 });
    stream(100);
    expect(numbers()).toEqual(HUNDRED);
  });

  test('a network profile delays its share of messages, each within its bounds', () => {
    const { numbers, stream, written } = setUp(parseFaults(['network=wifi']));
    stream(1000);
    const delays = written.map(({ atMs }, index) => atMs - index * 10 - 10);
    // A late message holds back those after it, so count only those that are later than their predecessor.
    const late = delays.filter((delay, index) => delay > 0 && delay + 10 > (delays[index - 1] ?? 0));
    expect(numbers()).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(Math.max(...delays)).toBeLessThanOrEqual(100);
    expect(late.length).toBeGreaterThan(20);
    expect(late.length).toBeLessThan(60);
  });

  test('a stall holds back all messages, then sends them at once and in order', () => {
    const { link, numbers, stream, written } = setUp({ stallMs: 400, stallAfterMs: 300 });
    link.markReady();
    stream(100);
    const times = written.map(({ atMs }) => atMs);
    expect(numbers()).toEqual(HUNDRED);
    expect(times.slice(0, 30)).toEqual(HUNDRED.slice(0, 30).map((index) => index * 10));
    expect(times.slice(30, 70).every((atMs) => atMs === 700)).toBe(true);
    expect(times.slice(70)).toEqual(HUNDRED.slice(70).map((index) => index * 10));
  });

  test('closing waits for earlier messages', () => {
    const { clock, closes, link, written } = setUp({ latencyMs: 200 });
    link.send({ type: 'session.ended' });
    link.close(1000, '');
    clock.advance(199);
    expect([written.length, closes.length]).toEqual([0, 0]);
    clock.advance(1);
    expect([written.length, closes]).toEqual([1, [{ atMs: 200, code: 1000 }]]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('malformed messages are added, and no valid one is lost', () => {
    const { stream, written } = setUp({ malformedEvery: 5 });
    stream(100);
    const indices = written.flatMap(({ text }) => {
      try {
        const value = JSON.parse(text) as { index?: number } | null;
        return typeof value?.index === 'number' ? [value.index] : [];
      } catch {
        return [];
      }
    });
    expect(indices).toEqual(HUNDRED);
    expect(written.length).toBe(120);
    expect(new Set(written.map(({ text }) => text)).size).toBeGreaterThan(110);
  });
});
