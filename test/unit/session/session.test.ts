import { describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

describe('a session', () => {
  it('asks for a token, opens the socket with it and sends session.update first', async () => {
    const bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    expect(bench.server.latest.url).toBe('wss://agent.test/v1/ws?token=token-1');
    expect(bench.server.latest.sent).toEqual([]);
    bench.server.latest.serverOpens();
    expect(bench.server.latest.sent[0]).toMatchObject({
      type: 'session.update',
      session: { system_prompt: 'Be kind.', greeting: 'Hello.' },
    });
  });

  it('sends microphone audio only after session.ready', async () => {
    const bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.speak(3);
    bench.server.latest.serverSends({ type: 'session.updated', config: {} });
    bench.speak(3);
    expect(bench.server.latest.sentOfType('input.audio')).toEqual([]);
    bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1' });
    bench.speak(2);
    expect(bench.server.latest.sentOfType('input.audio')).toHaveLength(2);
  });

  it('takes the encodings of a stored agent from the resolved session', async () => {
    const bench = new SessionBench({ config: { agent_id: 'a-1' } });
    await bench.untilReady({
      config: {
        input: { format: { encoding: 'audio/pcmu' } },
        output: { format: { encoding: 'audio/pcma' } },
      },
    });
    expect(bench.sink.actions.findLast(({ type }) => type === 'format')).toEqual({
      type: 'format',
      input: 'audio/pcmu',
      output: 'audio/pcma',
    });
  });

  it.each(['input', 'output'] as const)(
    'takes it from there if only that of the %s is another one',
    async (side) => {
      const bench = new SessionBench({ config: { agent_id: 'stored' } });
      await bench.untilReady({ config: { [side]: { format: { encoding: 'audio/pcmu' } } } });
      expect(bench.sink.actions.findLast(({ type }) => type === 'format')).toEqual({
        type: 'format',
        input: 'audio/pcm',
        output: 'audio/pcm',
        [side]: 'audio/pcmu',
      });
    },
  );

  it('knows the rest of the resolved session if the server later tells a part of it', async () => {
    const bench = new SessionBench({ config: { agent_id: 'a-1' } });
    const tools = [
      { type: 'function', name: 'search', description: '', parameters: {}, http: { url: 'https://x' } },
    ];
    const input = { turn_detection: { interrupt_response: false } };
    await bench.untilReady({ config: { input, output: { type: 'text' }, tools } });
    bench.server.latest.serverSends({
      type: 'session.updated',
      config: { output: { volume: 20 }, tools: null },
    });
    bench.server.latest.serverSends(
      { type: 'tool.call', call_id: 'c', name: 'search', arguments: {} },
      { type: 'reply.started', reply_id: 'r' },
      { type: 'transcript.agent.delta', reply_id: 'r', delta: 'Shown at once.' },
    );
    expect(bench.of('tool-call'), 'the server calls it').toEqual([]);
    expect(bench.of('transcript')).toMatchObject([{ text: 'Shown at once.' }]);
    const giveWay = bench.sink.actions.findLast(({ type }) => type === 'give-way');
    expect(giveWay).toMatchObject({ allowed: false });
  });

  it('sends session.end, waits for session.ended and reports the billed seconds', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.session.stop('stopped');
    expect(bench.server.latest.sent.at(-1)).toEqual({ type: 'session.end' });
    expect(bench.of('ended')).toEqual([]);
    bench.server.latest.serverSends({ type: 'session.ended', session_duration_seconds: 12.5 });
    expect(bench.of('ended')).toEqual([{ reason: 'stopped', seconds: 12.5 }]);
    expect(bench.server.latest.closedByClient).toBe(true);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('ends after three seconds when the server does not answer session.end', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    await bench.advance(5_000);
    bench.session.stop('removed');
    await bench.advance(2_999);
    expect(bench.of('ended')).toEqual([]);
    await bench.advance(1);
    expect(bench.of('agent-error')).toMatchObject([{ code: 'ended_timeout', fatal: false }]);
    expect(bench.of('ended')).toEqual([{ reason: 'removed', seconds: 8 }]);
  });

  it('sends no microphone audio after it was stopped', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.session.stop('stopped');
    bench.speak(2);
    expect(bench.server.latest.sentOfType('input.audio')).toEqual([]);
  });

  it('passes on messages that it does not know', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.server.latest.serverSends({ type: 'reply.sentiment', mood: 'good' });
    expect(bench.of('server-message')).toEqual([
      { name: 'reply.sentiment', raw: { type: 'reply.sentiment', mood: 'good' } },
    ]);
    bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r', mood: 'better' });
    expect(bench.of('server-message')[1]).toEqual({ name: 'reply.started', raw: { mood: 'better' } });
    expect(bench.of('reply-start')).toHaveLength(1);
  });

  it('continues after an error that the server reports during a call', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.server.latest.serverSends({
      type: 'session.error',
      code: 'IMMUTABLE_FIELD',
      message: 'No.',
      param: 'greeting',
    });
    expect(bench.of('agent-error')[0]).toMatchObject({
      code: 'immutable_field',
      param: 'greeting',
      fatal: false,
    });
    bench.speak(1);
    expect(bench.server.latest.sentOfType('input.audio')).toHaveLength(1);
  });

  it('asks for a reply with typed text, since the message alone is ignored', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.session.say('What is new?');
    expect(bench.server.latest.sent.slice(-2)).toEqual([
      { type: 'conversation.message', role: 'user', content: 'What is new?' },
      { type: 'reply.create', instructions: expect.stringContaining('What is new?') as string },
    ]);
    expect(bench.of('transcript')[0]).toMatchObject({
      role: 'user',
      text: 'What is new?',
      final: true,
    });
  });
});

describe('a session that cannot begin', () => {
  it('tries one new token when the server refuses the first, then fails as unauthorized', async () => {
    const bench = new SessionBench();
    bench.session.start();
    for (let i = 0; i < 2; i++) {
      await bench.advance(0);
      bench.server.latest.serverOpens();
      bench.server.latest.serverSends({
        type: 'session.error',
        code: 'unauthorized',
        message: 'Invalid token',
      });
      bench.server.latest.serverCloses(1008);
    }
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(2);
    expect(bench.server.connections.map((connection) => connection.url.split('token=')[1])).toEqual([
      'token-1',
      'token-2',
    ]);
    expect(bench.of('failed')[0]?.error).toMatchObject({ code: 'unauthorized', fatal: true });
  });

  it('also reports a refused handshake as unauthorized, if the host answers', async () => {
    const bench = new SessionBench();
    bench.session.start();
    for (let i = 0; i < 2; i++) {
      await bench.advance(0);
      bench.server.latest.serverCloses(1006);
    }
    await bench.settle();
    expect(bench.of('failed')[0]?.error.code).toBe('unauthorized');
  });

  it('reports what was heard of a reply that hanging up cut off, before the end', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.reply('r');
    const ids = { reply_id: 'r', item_id: 'i' };
    bench.server.latest.serverSends(
      { type: 'transcript.agent.delta', ...ids, delta: 'One', start_ms: 0 },
      { type: 'transcript.agent.delta', ...ids, delta: 'two', start_ms: 300 },
      { type: 'transcript.agent', ...ids, text: 'One two', interrupted: false },
    );
    bench.hear(1, 1);
    bench.hear(1, 200);
    bench.session.stop('stopped');
    bench.server.latest.serverSends({ type: 'session.ended' });
    expect(bench.of('transcript').at(-1)).toEqual({
      role: 'agent',
      text: 'One',
      unheardText: 'two',
      final: true,
      interrupted: true,
      replyId: 'r',
      itemId: 'i',
      order: 1,
    });
    const types = bench.events.map(({ type }) => type);
    expect(types.lastIndexOf('transcript')).toBeLessThan(types.indexOf('ended'));
    expect(bench.of('interruption')).toEqual([]);
  });

  it('reports a failed connection if no host answers', async () => {
    const bench = new SessionBench();
    bench.reachable = false;
    bench.session.start();
    for (let i = 0; i < 2; i++) {
      await bench.advance(0);
      bench.server.latest.serverCloses(1006);
    }
    await bench.settle();
    expect(bench.of('failed')[0]?.error.code).toBe('connection_failed');
  });

  it('fails with the server’s own words and field when the first update is refused, and does not retry', async () => {
    const bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.server.latest.serverSends({
      type: 'session.error',
      code: 'invalid_value',
      message: 'Bad voice',
      param: 'output.voice',
    });
    bench.server.latest.serverCloses(1008);
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.of('failed')[0]?.error).toMatchObject({
      code: 'invalid_value',
      message: 'Bad voice',
      param: 'output.voice',
    });
  });

  it('tries again, with pauses and a limit, while the server is at capacity', async () => {
    const bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    let connections = 0;
    while (bench.of('failed').length === 0 && connections < 20) {
      connections = bench.server.connections.length;
      bench.server.latest.serverOpens();
      bench.server.latest.serverSends({ type: 'session.error', code: 'at_capacity', message: 'Busy' });
      bench.server.latest.serverCloses(1013);
      await bench.advance(8_000);
    }
    expect(connections).toBe(5);
    expect(bench.of('failed')[0]?.error.code).toBe('at_capacity');
    expect(bench.of('agent-error')).toHaveLength(4);
  });

  it.each([
    ['token_timeout', 'never gives a token'],
    ['connection_timeout', 'never opens'],
    ['ready_timeout', 'never says that it is ready'],
  ])('fails with %s when the server %s', async (code) => {
    const bench = new SessionBench();
    bench.tokensPend = code === 'token_timeout';
    bench.session.start();
    await bench.settle();
    if (code === 'ready_timeout') bench.server.latest.serverOpens();
    await bench.advance(9_950);
    expect(bench.of('failed')).toEqual([]);
    await bench.advance(100);
    expect(bench.of('failed').map((event) => event.error.code)).toEqual([code]);
    // The abandoned session is ended, so that it is not billed.
    if (code === 'ready_timeout') expect(bench.server.latest.sent.at(-1)).toEqual({ type: 'session.end' });
    expect(bench.clock.pendingTimers).toBe(0);
  });
});
