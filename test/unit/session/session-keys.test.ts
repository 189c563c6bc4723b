import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const tokens = () => bench.server.connections.map(({ url }) => url.split('token=')[1]);
const firsts = () => bench.server.connections.map(({ sent }) => sent[0]?.type);

/** The server's answers to the latest connection. */
function refuse(code: string): void {
  bench.server.latest.serverOpens();
  bench.server.latest.serverSends({ type: 'session.error', code, message: 'No.' });
  bench.server.latest.serverCloses(1008);
}

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady({ resume_token: 'resume-1' });
  bench.server.latest.serverCloses(1006);
  await bench.advance(0);
});

describe('a session is resumed with', () => {
  it('the token that it gave, and later with the next one', async () => {
    expect(tokens()).toEqual(['token-1', 'resume-1']);
    bench.accept('s-1', { resume_token: 'resume-2' });
    expect(firsts()).toEqual(['session.update', 'session.resume']);
    await bench.advance(20_000);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    expect(tokens().at(-1)).toBe('resume-2');
    expect(bench.tokens, 'the page was asked once').toBe(1);
  });

  it.each(['unauthorized', 'session_forbidden', 'session_not_found'])(
    'a new token where the server refuses its own: %s',
    async (code) => {
      refuse(code);
      await bench.advance(0);
      expect(tokens()).toEqual(['token-1', 'resume-1', 'token-2']);
      bench.accept('s-1');
      expect(firsts().at(-1)).toBe('session.resume');
      expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed']);
    },
  );

  it('neither if it refuses both: a fresh session receives the dialogue', async () => {
    refuse('unauthorized');
    await bench.advance(0);
    refuse('session_forbidden');
    await bench.advance(0);
    bench.accept('s-2', { resume_token: 'resume-9' });
    expect(tokens()).toEqual(['token-1', 'resume-1', 'token-2', 'token-3']);
    expect(firsts().at(-1)).toBe('session.update');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
  });

  it('neither if it calls both unauthorized', async () => {
    refuse('unauthorized');
    await bench.advance(0);
    refuse('unauthorized');
    await bench.advance(0);
    bench.accept('s-2');
    expect(firsts().at(-1)).toBe('session.update');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
  });

  it.each(['forbidden', 'invalid_format', 'agent_init_failed', 'a_code_of_next_year'])(
    'neither, whatever the server says about them: %s',
    async (code) => {
      refuse(code);
      await bench.advance(0);
      refuse(code);
      await bench.advance(0);
      bench.accept('s-2');
      expect(tokens()).toEqual(['token-1', 'resume-1', 'token-2', 'token-3']);
      expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
      expect(bench.of('failed')).toEqual([]);
    },
  );

  it('neither if it has given none and does not accept a new one', async () => {
    bench = new SessionBench();
    await bench.untilReady();
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    refuse('unauthorized');
    await bench.advance(0);
    bench.accept('s-2');
    expect(firsts()).toEqual(['session.update', 'session.resume', 'session.update']);
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
  });

  it('neither if it begins another session instead, which is ended', async () => {
    for (const sessionId of ['s-7', 's-8']) {
      bench.accept(sessionId);
      expect(bench.server.latest.sent.map(({ type }) => type)).toEqual(['session.resume', 'session.end']);
      expect(bench.server.latest.closedByClient).toBe(true);
      await bench.advance(0);
    }
    bench.accept('s-9');
    expect(firsts().at(-1)).toBe('session.update');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
    expect(bench.of('agent-error')).toEqual([]);
  });

  it('both in turn while the handshake fails, until the server has answered', async () => {
    for (let i = 0; i < 3; i++) {
      bench.server.latest.serverCloses(1006);
      await bench.advance(2_000);
    }
    expect(tokens()).toEqual(['token-1', 'resume-1', 'token-2', 'resume-1', 'token-3']);
    refuse('session_not_found');
    await bench.advance(0);
    expect(tokens().at(-1), 'the other one has not been answered yet').toBe('resume-1');
    bench.accept('s-1');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed']);
  });

  it('the token that it gave also by the next page, if this one is left during an outage', () => {
    bench.session.keep();
    bench.server.latest.serverCloses(1006);
    bench.session.say('Are you there?');
    expect(bench.of('kept').at(-1)?.connection.resumeToken).toBe('resume-1');
  });

  it('one further token for each loss, if a fresh session is refused its first one', async () => {
    for (const sessionId of ['s-2', 's-3']) {
      refuse('session_not_found');
      await bench.advance(0);
      refuse('session_not_found');
      await bench.advance(0);
      refuse('unauthorized');
      await bench.advance(2_000);
      bench.accept(sessionId, { resume_token: 'resume-2' });
      await bench.advance(20_000);
      bench.server.latest.serverCloses(1006);
      await bench.advance(0);
    }
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh', 'fresh']);
    expect(bench.of('failed')).toEqual([]);
  });

  it('nothing that ever reaches the page', () => {
    bench.accept('s-1', { resume_token: 'resume-2' });
    bench.server.latest.serverSends({ type: 'session.error', code: 'odd', message: 'For resume-2 only.' });
    expect(JSON.stringify(bench.events)).not.toContain('resume-');
    expect(bench.of('server-message')).toEqual([]);
  });
});

it('a session that does not answer when it is resumed is not ended: the next attempt may reach it', async () => {
  const [, silent] = bench.server.connections;
  silent!.serverOpens();
  await bench.advance(10_000);
  expect(silent!.closedByClient).toBe(true);
  expect(silent!.sent.map(({ type }) => type)).toEqual(['session.resume']);
});

it('a server that refuses the first message and does not hang up is left after a second', async () => {
  bench = new SessionBench();
  bench.session.start();
  await bench.settle();
  bench.server.latest.serverOpens();
  bench.server.latest.serverSends({ type: 'session.error', code: 'agent_not_found', message: 'No.' });
  await bench.advance(1_000);
  expect(bench.of('failed')[0]?.error).toMatchObject({ code: 'agent_not_found' });
  expect(bench.server.latest.closedByClient).toBe(true);
});

describe('a server that says "error"', () => {
  it('is understood at once, and its message is shown, for any close code', async () => {
    bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.server.latest.serverSends({ type: 'error', code: 'invalid_config', message: 'No such thing.' });
    bench.server.latest.serverCloses(1011);
    await bench.advance(0);
    expect(bench.of('failed')[0]?.error).toMatchObject({ code: 'invalid_config', message: 'No such thing.' });
  });

  it('before it drops a call for good has its message shown', async () => {
    bench = new SessionBench();
    await bench.untilReady();
    for (let round = 0; round < 40 && bench.of('failed').length === 0; round++) {
      bench.server.latest.serverSends({
        type: 'error',
        code: 'agent_timeout',
        message: 'The agent is stuck.',
      });
      bench.server.latest.serverCloses(1011);
      await bench.advance(8_000);
      if (bench.of('failed').length === 0) bench.accept('s-1');
    }
    expect(bench.of('failed')[0]?.error).toMatchObject({ message: 'The agent is stuck.', fatal: true });
  });
});
