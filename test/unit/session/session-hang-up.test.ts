import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const types = () => bench.server.latest.sent.map((message) => message.type);
const complain = (code: string, closeCode = 1008, message = 'No.') => {
  bench.server.latest.serverOpens();
  bench.server.latest.serverSends({ type: 'session.error', code, message });
  bench.server.latest.serverCloses(closeCode);
};
/** The connection breaks, and the session is not known any more. */
async function loseSession(): Promise<void> {
  bench.server.latest.serverCloses(1006);
  await bench.advance(0);
  complain('session_not_found');
  await bench.advance(0);
}

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
});

describe('hanging up', () => {
  it('is final: no other page is told how to continue the session', () => {
    bench.session.keep();
    const before = bench.of('kept').length;
    expect(before).toBeGreaterThan(0);
    bench.session.stop('stopped');
    bench.session.answerTool('c1', '1', false);
    expect(bench.of('kept')).toHaveLength(before);
  });

  it('is the last thing that the page asked for: what the server objects to after that is not reported', async () => {
    bench.session.stop('stopped');
    for (const code of ['invalid_value', 'session_expired'])
      bench.server.latest.serverSends({ type: 'session.error', code, message: 'Too late.' });
    await bench.advance(5_000);
    expect(bench.of('agent-error').map(({ code }) => code)).toEqual(['ended_timeout']);
    expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['stopped']);
  });

  describe('while the connection is down', () => {
    const ended = { type: 'session.ended', session_duration_seconds: 9 };

    it.each<[string, () => Promise<void>]>([
      ['during a pause', () => Promise.resolve()],
      ['while it is being restored', () => bench.advance(0)],
    ])('%s resumes the session, only to end it: it would be billed for half a minute', async (_, pass) => {
      bench.server.latest.serverCloses(1006);
      await pass();
      bench.session.stop('stopped');
      expect(bench.of('ended'), 'not yet').toEqual([]);
      await bench.settle();
      bench.server.latest.serverOpens();
      expect(types()).toEqual(['session.resume', 'session.end']);
      bench.speak(3, 0.1);
      bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1' }, ended);
      expect(types(), 'the server may have ignored what it was sent before').toEqual([
        'session.resume',
        'session.end',
        'session.end',
      ]);
      expect(bench.of('ended')).toEqual([{ reason: 'stopped', seconds: 9 }]);
      expect(bench.of('session-ready'), 'the call does not continue').toHaveLength(1);
      await bench.advance(60_000);
      expect(bench.server.connections).toHaveLength(2);
      expect(bench.clock.pendingTimers).toBe(0);
    });

    it('from a listener that is told of it does so, too', async () => {
      bench.onEvent = (type) => type === 'reconnecting' && bench.session.stop('stopped');
      bench.server.latest.serverCloses(1006);
      await bench.settle();
      bench.server.latest.serverOpens();
      expect(types()).toEqual(['session.resume', 'session.end']);
    });

    it.each(['unauthorized', 'session_not_found'])(
      'does so with a new token if the session’s own is refused: %s',
      async (code) => {
        bench = new SessionBench();
        await bench.untilReady({ resume_token: 'resume-1' });
        bench.server.latest.serverCloses(1006);
        bench.session.stop('stopped');
        await bench.settle();
        complain(code);
        await bench.advance(0);
        bench.server.latest.serverOpens();
        expect(bench.server.latest.url).toContain('token-2');
        expect(types()).toEqual(['session.resume', 'session.end']);
        complain(code);
        await bench.advance(0);
        expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['stopped']);
        expect(bench.server.connections, 'no fresh session').toHaveLength(3);
        expect(bench.clock.pendingTimers).toBe(0);
      },
    );

    it('tries it once, and for three seconds', async () => {
      bench.server.latest.serverCloses(1006);
      bench.session.stop('stopped');
      await bench.settle();
      await bench.advance(2_950);
      expect(bench.of('ended')).toEqual([]);
      await bench.advance(50);
      expect(bench.of('ended')).toHaveLength(1);
      expect(bench.of('agent-error'), 'a lost connection does not answer').toEqual([]);
      expect(bench.server.latest.closedByClient).toBe(true);
      await bench.advance(60_000);
      expect(bench.server.connections).toHaveLength(2);
    });

    it.each([
      ['the network', () => bench.server.latest.serverCloses(1006)],
      ['the server', () => complain('session_not_found')],
    ])('is over when %s refuses that', async (_, refuse) => {
      bench.server.latest.serverCloses(1006);
      bench.session.stop('stopped');
      await bench.settle();
      refuse();
      expect(bench.of('ended').map(({ reason }) => reason)).toEqual(['stopped']);
      await bench.advance(60_000);
      expect(bench.server.connections).toHaveLength(2);
      expect(types()).not.toContain('session.update');
    });

    it('asks for no other session if that one is known to be gone', async () => {
      await loseSession();
      bench.session.stop('stopped');
      expect(bench.of('ended')).toHaveLength(1);
      await bench.advance(60_000);
      expect(bench.server.latest.sent).toEqual([]);
    });

    it('from a listener of the last words of a lost session begins no other', async () => {
      bench.server.latest.serverSends({ type: 'transcript.user.delta', item_id: 'u', text: 'Then' });
      bench.onEvent = (type) => type === 'transcript' && bench.session.stop('stopped');
      await loseSession();
      expect(bench.of('ended')).toHaveLength(1);
      await bench.advance(60_000);
      expect(bench.server.connections, 'the lost one, and the one that was to resume it').toHaveLength(2);
      expect(bench.clock.pendingTimers).toBe(0);
    });

    it('asks for nothing after half a minute', async () => {
      bench.tokenFailure = new Error('offline');
      bench.server.latest.serverCloses(1006);
      await bench.advance(31_000);
      bench.tokenFailure = undefined;
      bench.session.stop('stopped');
      expect(bench.of('ended')).toHaveLength(1);
    });
  });

  it('ends the replies that are under way at once, also one that is being cut off', () => {
    bench.reply('cut');
    bench.hear(1, 60);
    bench.session.interrupt();
    bench.reply('open');
    bench.session.stop('stopped');
    const ends = ['cut', 'open'].map((replyId) => ({ replyId, status: 'interrupted' }));
    expect(bench.of('reply-end')).toEqual(ends);
    expect(bench.of('interruption')).toMatchObject([{ replyId: 'cut', heardMs: 60 }]);
    bench.flushed(1, 60, 0);
    bench.server.latest.serverSends({ type: 'session.ended' });
    expect(bench.of('reply-end')).toEqual(ends);
  });

  it('ends them also if a listener of the last words silences them', () => {
    bench.reply('r');
    bench.server.latest.serverSends({ type: 'transcript.agent.delta', reply_id: 'r', delta: 'Well' });
    bench.hear(1, 60);
    bench.onEvent = (type) => type === 'transcript' && bench.session.interrupt();
    bench.session.stop('stopped');
    expect(bench.of('reply-end')).toEqual([{ replyId: 'r', status: 'interrupted' }]);
    bench.server.latest.serverSends({ type: 'session.ended' });
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('while a session is starting also ends that session', async () => {
    bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.session.stop('stopped');
    bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-9' });
    expect(types()).toEqual(['session.update', 'session.end', 'session.end']);
    expect(bench.of('session-ready')).toEqual([]);
    bench.server.latest.serverSends({ type: 'session.ended', session_duration_seconds: 0.1 });
    expect(bench.of('ended')).toEqual([{ reason: 'stopped', seconds: 0.1 }]);
  });

  it('is complete if the server just closes the connection', async () => {
    bench.session.stop('stopped');
    bench.server.latest.serverCloses(1006);
    expect(bench.of('ended')).toHaveLength(1);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is never followed by another attempt', async () => {
    bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.session.stop('stopped');
    bench.server.latest.serverCloses(1006);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.of('ended')).toHaveLength(1);
    expect(bench.of('failed')).toEqual([]);
  });
});
