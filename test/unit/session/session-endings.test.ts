import { beforeEach, describe, expect, it } from 'vitest';
import { SUSPENDED_MS } from '../../../src/session/sleep-watch.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const refuse = (code: string, closeCode = 1008) => {
  if (bench.server.latest.sent.length === 0) bench.server.latest.serverOpens();
  tell({ type: 'session.error', code, message: 'No.' });
  bench.server.latest.serverCloses(closeCode);
};

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
});

describe('a session that reaches its time limit', () => {
  it('ends the call with its own reason, and starts no second session', async () => {
    await bench.advance(20_000);
    refuse('session_expired');
    expect(bench.of('ended')).toEqual([{ reason: 'expired', seconds: 20 }]);
    expect(bench.of('agent-error')).toEqual([]);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is played to its end', async () => {
    bench.reply('r');
    bench.hear(1, 1);
    refuse('session_expired');
    expect(bench.of('ended')).toEqual([]);
    bench.hear(1, 100, true);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['expired']);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
  });
});

describe('an end by the server', () => {
  const words = (text: string) => ({ type: 'transcript.agent', reply_id: 'r', text, interrupted: false });

  beforeEach(() => {
    bench.reply('r', 150);
    tell(words('Goodbye, and thank you.'), { type: 'reply.done', reply_id: 'r' });
    bench.hear(1, 1);
    bench.hear(1, 180);
    tell({ type: 'session.ended', session_duration_seconds: 7 });
  });

  it('closes the connection', () => {
    expect(bench.server.latest.closedByClient).toBe(true);
  });

  it('stops the microphone at once, but the call continues while a reply is audible', async () => {
    expect(bench.of('leaving')).toHaveLength(1);
    bench.speak(5);
    expect(bench.server.latest.sentOfType('input.audio')).toEqual([]);
    for (let i = 0; i < 20; i++) {
      await bench.advance(1_000);
      bench.hear(1, 180 + i);
    }
    expect(bench.of('ended')).toEqual([]);
    expect(bench.sink.types).not.toContain('flush');
  });

  it('ends the call when the whole reply was heard, which is not marked as interrupted', async () => {
    bench.hear(1, 1_500, true);
    expect(bench.of('transcript').at(-1)).toMatchObject({
      text: 'Goodbye, and thank you.',
      final: true,
      interrupted: false,
    });
    const types = bench.events.map(({ type }) => type);
    expect(types.lastIndexOf('reply-end')).toBeLessThan(types.indexOf('ended'));
    expect(bench.of('ended')).toEqual([{ reason: 'server-ended', seconds: 7 }]);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('lets the reply sound to its end, although the limits of the call are reached meanwhile', async () => {
    bench = new SessionBench({ maxDurationMs: 40_000, idleTimeoutMs: 5_000 });
    await bench.untilReady();
    bench.reply('r', 100);
    bench.hear(1, 10);
    bench.server.latest.serverSends({ type: 'session.ended' });
    bench.server.latest.serverCloses(1000);
    for (let heardMs = 1_000; heardMs <= 60_000; heardMs += 1_000) {
      await bench.advance(1_000);
      bench.hear(1, heardMs);
    }
    expect(bench.of('call-warning')).toEqual([]);
    expect(bench.of('ended')).toEqual([]);
    bench.hear(1, 60_001, true);
    expect(bench.of('ended')).toMatchObject([{ reason: 'server-ended' }]);
  });

  it('ends the call soon if the audio device is gone', async () => {
    await bench.advance(5_000);
    expect(bench.of('ended')).toHaveLength(1);
  });

  it('ends the call at once if the user hangs up', () => {
    bench.session.stop('stopped');
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['server-ended']);
    expect(bench.sink.types.at(-1)).toBe('flush');
  });

  it('ends the call if the user silences the reply', () => {
    bench.session.interrupt();
    bench.flushed(1, 200, 1_300);
    expect(bench.of('interruption')).toHaveLength(1);
    expect(bench.of('ended')).toHaveLength(1);
  });
});

it('session.ended in answer to a resume lets what has arrived be heard to its end, too', async () => {
  bench.reply('r');
  bench.hear(1, 1);
  bench.server.latest.serverCloses(1006);
  await bench.advance(0);
  bench.server.latest.serverOpens();
  tell({ type: 'session.ended', session_duration_seconds: 7 });
  expect(bench.sink.types).not.toContain('flush');
  expect(bench.of('ended')).toEqual([]);
  expect(bench.state).toBe('speaking');
  bench.hear(1, 100, true);
  expect(bench.of('reply-end')).toEqual([{ replyId: 'r', status: 'completed' }]);
  expect(bench.of('ended')).toEqual([{ reason: 'server-ended', seconds: 7 }]);
  expect(bench.server.connections).toHaveLength(2);
  expect(bench.clock.pendingTimers).toBe(0);
});

it.each(['idle', 'max-duration'])(
  'the limit %s tells the page at once that nothing more is sent',
  async (limit) => {
    bench = new SessionBench({ [limit === 'idle' ? 'idleTimeoutMs' : 'maxDurationMs']: 5_000 });
    await bench.untilReady();
    await bench.advance(5_000);
    expect(bench.server.latest.sent.at(-1)).toEqual({ type: 'session.end' });
    expect(bench.of('leaving')).toHaveLength(1);
    expect(bench.of('ended')).toEqual([]);
  },
);

describe('close 1000 without session.ended', () => {
  it('is a lost connection, as documented: the session is resumed, and audio that has arrived is played', async () => {
    bench.reply('r');
    tell({ type: 'reply.done', reply_id: 'r' });
    bench.hear(1, 1);
    bench.server.latest.serverCloses(1000);
    expect(bench.state).toBe('reconnecting');
    await bench.advance(0);
    bench.accept('s-1');
    expect(bench.server.latest.sent[0]).toEqual({ type: 'session.resume', session_id: 's-1' });
    bench.hear(1, 100, true);
    expect(bench.of('reply-end')).toEqual([{ replyId: 'r', status: 'completed' }]);
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed']);
    expect(bench.of('leaving')).toEqual([]);
    expect(bench.of('ended')).toEqual([]);
  });

  it('is an end after session.ended', async () => {
    tell({ type: 'session.ended', session_duration_seconds: 7 });
    bench.server.latest.serverCloses(1000);
    await bench.advance(60_000);
    expect(bench.of('ended')).toEqual([{ reason: 'server-ended', seconds: 7 }]);
    expect(bench.server.connections).toHaveLength(1);
  });
});

describe('a machine that sleeps', () => {
  it('for hours wakes without a call and without another session', async () => {
    bench.clock.sleep(3 * 3_600_000);
    bench.session.wake();
    bench.server.latest.serverCloses(1006);
    await bench.advance(20_000);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['suspended']);
    expect(bench.of('agent-error')).toEqual([]);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it.each<[string, () => unknown]>([
    ['the socket that closes', () => bench.server.latest.serverCloses(1006)],
    ['a packet of the microphone', () => bench.speak(1)],
    ['its own look at the clock', () => bench.advance(10_000)],
  ])('is found out by %s', async (_what, happen) => {
    bench.clock.sleep(SUSPENDED_MS);
    await happen();
    await bench.advance(3_000);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['suspended']);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.server.latest.sentOfType('input.audio')).toEqual([]);
  });

  it('is found out in the middle of a long call, too, although nothing else happens', async () => {
    await bench.advance(60_000);
    bench.clock.sleep(SUSPENDED_MS);
    await bench.advance(13_000);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['suspended']);
  });

  it('while the connection is down, does not dial again', async () => {
    bench.tokenFailure = new Error('offline');
    bench.server.latest.serverCloses(1006);
    await bench.advance(3_000);
    bench.tokenFailure = undefined;
    bench.clock.sleep(SUSPENDED_MS);
    await bench.advance(30_000);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['suspended']);
    for (const { sent, closedByClient } of bench.server.connections.slice(1)) {
      expect(closedByClient).toBe(true);
      expect(sent.map(({ type }) => type)).not.toContain('session.update');
    }
  });

  it('for a moment continues the call', async () => {
    bench.clock.sleep(50_000);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    await bench.advance(20_000);
    expect(bench.of('session-ready')).toHaveLength(2);
    expect(bench.of('ended')).toEqual([]);
  });
});

describe('every requested session is ended or handed over', () => {
  it('when the network returns during the last check of the server', async () => {
    bench.server.latest.serverCloses(1006);
    let answer: (reachable: boolean) => void = () => undefined;
    bench.isReachable = () => new Promise((resolve) => (answer = resolve));
    for (let i = 0; i < 3_000 && bench.looks === 0; i++) {
      await bench.advance(50);
      const { latest } = bench.server;
      if (!latest.closedByClient) latest.serverCloses(1006);
    }
    expect(bench.looks).toBe(1);
    bench.session.wake();
    await bench.settle();
    bench.accept('s-2');
    answer(true);
    await bench.settle();
    expect(bench.of('failed')).toEqual([]);
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
    bench.session.stop('stopped');
    expect(bench.server.latest.sent.at(-1)).toEqual({ type: 'session.end' });
  });

  it('when an unfinished one is abandoned for another attempt', async () => {
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    refuse('session_not_found');
    await bench.advance(0);
    const half = bench.server.latest;
    half.serverOpens();
    await bench.advance(3_000);
    bench.session.wake();
    await bench.settle();
    expect(half.sent.map(({ type }) => type)).toEqual(['session.update', 'session.end']);
    expect(half.closedByClient).toBe(true);
    const tries = bench.server.connections.length;
    bench.session.wake();
    await bench.settle();
    expect(bench.server.connections, 'the phone says twice that it is awake').toHaveLength(tries);
  });
});
