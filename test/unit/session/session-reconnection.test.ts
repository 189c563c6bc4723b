import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const first = () => bench.server.latest.sent[0];
const types = () => bench.server.latest.sent.map((message) => message.type);
const complain = (code: string, closeCode = 1008, message = 'No.') => {
  bench.server.latest.serverOpens();
  bench.server.latest.serverSends({ type: 'session.error', code, message });
  bench.server.latest.serverCloses(closeCode);
};

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady({ config: { system_prompt: 'Be kind.', output: { voice: 'alba' } } });
});

describe('a call that loses its connection', () => {
  it('reports it at once, and resumes with a new token', async () => {
    bench.server.latest.serverCloses(1006);
    expect(bench.of('reconnecting')).not.toHaveLength(0);
    await bench.advance(0);
    expect(bench.server.latest.url).toContain('token-2');
    bench.accept('s-1');
    expect(first()).toEqual({ type: 'session.resume', session_id: 's-1' });
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed']);
    expect(bench.of('failed')).toEqual([]);
  });

  it('continues in a fresh session if resuming is refused: with the context, without a second greeting', async () => {
    bench.server.latest.serverSends(
      { type: 'transcript.user', item_id: 'u', text: 'A room, please.' },
      { type: 'transcript.agent', reply_id: 'r', text: 'For two?', interrupted: false },
      { type: 'transcript.user.delta', item_id: 'u2', text: 'No, for' },
    );
    await bench.loseSession();
    bench.accept('s-2');
    expect(first()).toMatchObject({ type: 'session.update', session: { output: { voice: 'alba' } } });
    const { session } = first() as { session: Record<string, unknown> };
    expect(session).not.toHaveProperty('greeting');
    expect(session['system_prompt']).toMatch(
      /^Be kind\.[\s\S]*User: A room, please\.\nAgent: For two\?\nUser: No, for$/,
    );
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
  });

  it('dials once if a listener of the last words of the session reports that the network is back', async () => {
    bench.server.latest.serverSends({ type: 'transcript.user.delta', item_id: 'u', text: 'Then' });
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.server.latest.serverOpens();
    bench.onEvent = (type) => type === 'transcript' && bench.session.wake();
    await bench.advance(3_000);
    complain('session_not_found');
    await bench.advance(0);
    expect(bench.server.connections).toHaveLength(3);
  });

  it('keeps the agent’s own prompt through any number of sessions', async () => {
    for (let n = 2; n < 5; n++) {
      bench.server.latest.serverSends({ type: 'transcript.user', item_id: `u${n}`, text: `Line ${n}.` });
      await bench.loseSession();
      const { session } = { session: {} as Record<string, unknown>, ...first() };
      bench.accept(`s-${n}`, { config: session });
      await bench.advance(20_000);
    }
    await bench.loseSession();
    bench.server.latest.serverOpens();
    const prompt = String((first() as { session: Record<string, unknown> }).session['system_prompt']);
    expect(prompt.match(/Be kind\./g)).toHaveLength(1);
    expect(prompt.match(/without greeting again/g)).toHaveLength(1);
    expect(prompt.endsWith('User: Line 2.\nUser: Line 3.\nUser: Line 4.')).toBe(true);
  });

  it.each(['session_forbidden', 'session_expired', 'SESSION_NOT_FOUND'])(
    '%s is such a refusal',
    async (code) => {
      bench.server.latest.serverCloses(1012);
      await bench.advance(0);
      complain(code);
      await bench.advance(0);
      bench.accept('s-2');
      expect(types()[0]).toBe('session.update');
    },
  );

  it('does not try to resume after half a minute', async () => {
    bench.tokenFailure = new Error('offline');
    bench.server.latest.serverCloses(1006);
    await bench.advance(31_000);
    bench.tokenFailure = undefined;
    await bench.advance(9_000);
    bench.accept('s-2');
    expect(types()[0]).toBe('session.update');
  });

  it('sends the audio of the gap first, in order', async () => {
    bench.server.latest.serverCloses(1006);
    bench.speak(40, 0.1);
    await bench.advance(0);
    bench.accept('s-1');
    bench.speak(20);
    const marks = bench.server.latest
      .sentOfType('input.audio')
      .map(({ audio }) => Buffer.from(audio, 'base64')[0]);
    expect(marks).toEqual([...Array(40).keys(), ...Array(20).keys()].map((i) => i + 1));
  });

  it('keeps text, changes and tool results of the page in the meantime', async () => {
    bench.server.latest.serverSends({ type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} });
    bench.server.latest.serverCloses(1006);
    bench.session.say('Are you there?');
    bench.session.update({ output: { volume: 20 } });
    bench.session.answerTool('c1', '{"sun":true}', false);
    await bench.advance(0);
    bench.accept('s-1');
    expect(types()).toEqual([
      'session.resume',
      'session.update',
      'conversation.message',
      'reply.create',
      'tool.result',
    ]);
  });

  it('sends text again that was typed when the connection broke, until a reply follows, and marks it once', async () => {
    bench.session.say('Answered.');
    bench.reply('r');
    bench.session.say('Are you there?');
    const again = () => bench.server.latest.sentOfType('conversation.message').map(({ content }) => content);
    for (const cut of [1, 2, 3]) {
      if (cut === 3) bench.reply('r2');
      bench.server.latest.serverCloses(1006);
      await bench.advance(1_000);
      bench.accept('s-1');
      expect(again()).toEqual(cut < 3 ? ['Are you there?'] : []);
    }
    const marked = bench.of('transcript').filter(({ sentAgain }) => sentAgain);
    expect(marked).toMatchObject([{ role: 'user', text: 'Are you there?', itemId: 'typed-2' }]);
  });

  it('also sends it again to a session that takes over', async () => {
    bench.session.say('Are you there?');
    await bench.loseSession();
    bench.accept('s-2');
    expect(types()).toEqual(['session.update', 'conversation.message', 'reply.create']);
  });

  it('sends changes to the session that takes over; results of tools that it does not know become a note', async () => {
    bench.session.update({ system_prompt: 'Be brief.', input: { keyterms: ['Wi-Fi'] } });
    bench.server.latest.serverSends({ type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} });
    bench.server.latest.serverCloses(1006);
    bench.session.answerTool('c1', '1', false);
    await bench.advance(0);
    complain('session_expired');
    await bench.advance(0);
    bench.accept('s-2');
    expect(first()).toMatchObject({
      session: {
        system_prompt: expect.stringMatching(
          /^Be brief\..*The tool weather.* has finished.*Its result: 1/s,
        ) as string,
        input: { format: { encoding: 'audio/pcm' }, keyterms: ['Wi-Fi'] },
      },
    });
    expect(types()).not.toContain('tool.result');
    expect(bench.of('tool-result-unused').map(({ callId, result }) => [callId, result])).toEqual([
      ['c1', '1'],
    ]);
    bench.session.update({ system_prompt: 'Be long.' });
    expect(bench.server.latest.sent.at(-1)).toEqual({
      type: 'session.update',
      session: { system_prompt: expect.stringMatching(/^Be long\..*The tool weather/s) as string },
    });
  });

  it('takes over with what the page asked for if the server does not accept its own resolved session', async () => {
    await bench.loseSession();
    bench.server.latest.serverOpens();
    expect(first()).toMatchObject({ session: { output: { voice: 'alba' } } });
    complain('invalid_value');
    await bench.advance(0);
    bench.accept('s-2');
    expect(first()).toMatchObject({ type: 'session.update', session: { system_prompt: 'Be kind.' } });
    expect(first()).not.toHaveProperty('session.output.voice');
    expect(first()).not.toHaveProperty('session.greeting');
    expect(bench.of('failed')).toEqual([]);
  });

  it('ends if the server also refuses that', async () => {
    await bench.loseSession();
    for (let tries = 0; tries < 2; tries++) {
      complain('invalid_value');
      await bench.advance(0);
    }
    expect(bench.of('failed')[0]?.error).toMatchObject({ code: 'invalid_value' });
    await bench.advance(60_000);
    expect(bench.server.connections).toHaveLength(4);
  });

  it('plays what has arrived to its end', () => {
    bench.reply('r', 20);
    bench.server.latest.serverCloses(1006);
    expect(bench.sink.types).not.toContain('flush');
    expect(bench.sink.actions.at(-1)).toEqual({ type: 'end', reply: 1 });
    bench.hear(1, 1);
    bench.hear(1, 200, true);
    expect(bench.of('reply-end').map(({ status }) => status)).toEqual(['completed']);
  });

  it('counts the seconds of all its sessions', async () => {
    await bench.advance(10_000);
    await bench.loseSession();
    bench.accept('s-2');
    await bench.advance(5_000);
    bench.session.stop('stopped');
    bench.server.latest.serverSends({ type: 'session.ended', session_duration_seconds: 5.25 });
    expect(bench.of('ended')[0]?.seconds).toBeCloseTo(15.25, 1);
  });
});

describe('a connection that cannot be restored', () => {
  it('is tried for a minute with growing pauses, then the call is over', async () => {
    bench.reachable = false;
    bench.server.latest.serverCloses(1006);
    let tries = 0;
    while (bench.of('failed').length === 0 && tries < 50) {
      const before = bench.server.connections.length;
      await bench.advance(50);
      if (bench.server.connections.length > before) bench.server.latest.serverCloses(1006);
      if (bench.server.connections.length > before) tries++;
    }
    expect(bench.of('failed')[0]?.error.code).toBe('connection_failed');
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThanOrEqual(13);
    expect(bench.clock.now()).toBeGreaterThan(30_000);
    expect(bench.clock.now()).toBeLessThanOrEqual(70_000);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is tried at once when the network is back', async () => {
    bench.tokenFailure = new Error('offline');
    bench.server.latest.serverCloses(1006);
    await bench.advance(6_000);
    bench.tokenFailure = undefined;
    const tokens = bench.tokens;
    bench.session.wake();
    await bench.settle();
    expect(bench.tokens).toBe(tokens + 1);
    bench.accept('s-1');
    expect(bench.of('session-ready')).toHaveLength(2);
  });

  it('that breaks repeatedly is tried with pauses and a limit', async () => {
    let rounds = 0;
    for (; rounds < 100 && bench.of('failed').length === 0; rounds++) {
      bench.server.latest.serverCloses(1011);
      const before = bench.server.connections.length;
      while (bench.server.connections.length === before && bench.of('failed').length === 0)
        await bench.advance(50);
      if (bench.of('failed').length === 0) bench.accept('s-1');
    }
    expect(rounds).toBeLessThanOrEqual(13);
    expect(bench.clock.now(), 'with pauses').toBeGreaterThan(20_000);
    expect(bench.of('failed')[0]?.error.code).toBe('connection_lost');
  });

  it('because of its token gets one new token, then a clear error', async () => {
    bench.server.latest.serverCloses(1006);
    for (let i = 0; i < 2; i++) {
      await bench.advance(8_000);
      complain('unauthorized');
    }
    await bench.advance(60_000);
    expect(bench.of('failed')[0]?.error.code).toBe('unauthorized');
    expect(bench.server.connections).toHaveLength(3);
  });

  it('is restored after a close that nobody knows, even if an error was reported shortly before', async () => {
    const error = { type: 'session.error', code: 'immutable_field', param: 'greeting', message: 'No.' };
    for (const code of [1005, 4000]) {
      bench.server.latest.serverSends(error);
      bench.server.latest.serverCloses(code);
      await bench.advance(1_000);
      bench.accept('s-1');
    }
    expect(bench.of('failed')).toEqual([]);
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed', 'resumed']);
  });

  it('that accepts no audio is given up before the system notices', async () => {
    const dead = bench.server.latest;
    bench.speak(1);
    dead.bufferedBytes = 1_000_000;
    for (let i = 0; i < 90 && bench.of('reconnecting').length === 0; i++) {
      await bench.advance(50);
      bench.speak(1);
    }
    expect(bench.of('reconnecting')).not.toHaveLength(0);
    expect(dead.closedByClient).toBe(true);
    expect(bench.clock.now()).toBeLessThan(4_500);
  });
});

describe('a call that nobody ends', () => {
  it('ends automatically after a warning, with session.end', async () => {
    bench = new SessionBench({ maxDurationMs: 40_000 });
    await bench.untilReady();
    await bench.advance(10_000);
    expect(bench.of('call-warning')).toEqual([{ reason: 'max-duration', secondsLeft: 30 }]);
    await bench.advance(30_000);
    expect(types().at(-1)).toBe('session.end');
    bench.server.latest.serverSends({ type: 'session.ended', session_duration_seconds: 40 });
    expect(bench.of('ended')).toEqual([{ reason: 'max-duration', seconds: 40 }]);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('ends if neither side has spoken for a while, even if the microphone sends silence', async () => {
    bench = new SessionBench({ idleTimeoutMs: 60_000 });
    await bench.untilReady();
    for (let i = 0; i < 50; i++) {
      await bench.advance(1_000);
      bench.speak(20);
    }
    bench.server.latest.serverSends({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    await bench.advance(59_000);
    expect(types()).not.toContain('session.end');
    await bench.advance(1_100);
    expect(types().at(-1)).toBe('session.end');
    await bench.advance(3_000);
    expect(bench.of('ended')[0]?.reason).toBe('idle');
  });
});

describe('a server that is broken or hostile', () => {
  it('has its malformed messages ignored and reported once, and the call continues', () => {
    for (let i = 0; i < 90; i++) bench.server.latest.serverSendsRaw('{"type":');
    expect(bench.of('agent-error')).toHaveLength(1);
    expect(bench.of('agent-error')[0]).toMatchObject({ code: 'protocol_error', fatal: false });
    bench.reply('r', 1);
    expect(bench.sink.playedBytes(1)).toBe(480);
  });

  it('is given up if it sends only malformed messages', async () => {
    for (let i = 0; i < 101; i++) bench.server.latest.serverSendsRaw('nonsense');
    await bench.advance(60_000);
    expect(bench.of('failed')[0]?.error.code).toBe('protocol_error');
    expect(bench.server.connections).toHaveLength(1);
    expect(types().at(-1), 'its session is not left to be billed').toBe('session.end');
  });

  it.each([
    ['long messages that nobody knows', () => ({ type: 'future', text: 'x'.repeat(900_000) }), 5],
    ['sound without end', () => ({ type: 'reply.audio', data: 'AAAA'.repeat(1_000_000) }), 10],
    ['the smallest sounds', () => ({ type: 'reply.audio', data: 'AA==' }), 70_000],
    ['no sound at all', () => ({ type: 'reply.audio', data: '' }), 70_000],
  ])('cannot flood the page with %s', (_what, message, count) => {
    for (let i = 0; i < count; i++) bench.server.latest.serverSends(message());
    expect(bench.of('failed')[0]?.error.code).toBe('protocol_error');
  });

  it('cannot flood the page late in a call either', async () => {
    bench.server.latest.serverSends({ type: 'reply.audio', data: 'AA==' });
    await bench.advance(60_000);
    for (let i = 0; i < 70_000; i++) bench.server.latest.serverSends({ type: 'reply.audio', data: 'AA==' });
    expect(bench.of('failed')[0]?.error.code).toBe('protocol_error');
  });

  it('may send a long reply at once, many times faster than real time', () => {
    bench.server.latest.serverSends({ type: 'reply.audio', data: 'AAAA'.repeat(1_000_000) });
    for (let i = 0; i < 15_000; i++)
      bench.server.latest.serverSends({ type: 'reply.audio', data: 'A'.repeat(640) });
    expect(bench.of('failed')).toEqual([]);
  });

  it('cannot flood the page with words', () => {
    for (let i = 0; i < 20_000; i++)
      bench.server.latest.serverSends({ type: 'transcript.user.delta', text: 'a' });
    expect(bench.of('transcript').length).toBeLessThanOrEqual(5_000);
    expect(bench.of('failed')[0]?.error.code).toBe('protocol_error');
  });

  it('cannot put tokens or session ids into an error', async () => {
    const odd = { type: 'session.error', code: 'server_error', message: 'Session s-1 is odd.' };
    bench.server.latest.serverSends(odd);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    const message = 'Token token-2 of session s-1 is wrong.';
    bench.server.latest.serverSends({ type: 'session.error', code: 'invalid_value', message });
    const told = JSON.stringify(
      bench.events.filter(({ type }) => type === 'agent-error' || type === 'failed'),
    );
    expect(told).toContain('is odd');
    expect(told).toContain('is wrong');
    expect(told).not.toContain('token-2');
    expect(told).not.toContain('s-1');
  });
});
