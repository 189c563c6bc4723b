import { beforeEach, describe, expect, it } from 'vitest';
import { laterOn, resumedSession } from '../../../components/across-pages/resumed-session.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const sent = () => bench.server.latest.sent.map(({ type }) => type);
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const asked = () => bench.of('tool-call').map(({ callId }) => callId);
const CALL = { type: 'tool.call', call_id: 'c1', name: 'go_to', arguments: { page: '/prices' } };

/** The page was left, and the next one has read what it stored as JSON, but has not connected yet. */
async function leave(): Promise<void> {
  const kept = structuredClone(bench.of('kept').at(-1)!);
  bench = new SessionBench({ resumed: resumedSession(kept, 500) });
  bench.session.start();
  await bench.settle();
}

async function nextPage(sessionId = 's-1'): Promise<void> {
  await leave();
  bench.accept(sessionId, { resume_token: 'door' });
  bench.session.keep();
}

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady({ resume_token: 'door' });
  bench.session.keep();
});

describe('a tool call that is under way when the page is left', () => {
  it('is put to the next page, once the session is resumed', async () => {
    tell(CALL);
    await leave();
    expect(asked(), 'nothing is done for a session that may be lost').toEqual([]);
    bench.accept('s-1');
    expect(bench.of('tool-call')).toEqual([{ callId: 'c1', name: 'go_to', arguments: { page: '/prices' } }]);
    expect(bench.state).toBe('thinking');
    bench.session.answerTool('c1', '"here"', false);
    expect(bench.server.latest.sentOfType('tool.result')).toMatchObject([
      { call_id: 'c1', result: '"here"' },
    ]);
  });

  it('is put to no third page: the agent is told that it was not answered', async () => {
    tell(CALL);
    await nextPage();
    expect(asked()).toEqual(['c1']);
    await nextPage();
    expect(asked()).toEqual([]);
    expect(bench.server.latest.sentOfType('tool.result')).toMatchObject([{ call_id: 'c1', is_error: true }]);
    tell({ type: 'reply.started', reply_id: 'r' });
    await nextPage();
    expect(sent()).toEqual(['session.resume']);
  });

  it('is not put to a page whose session does not know it', async () => {
    tell(CALL);
    await leave();
    bench.server.latest.serverOpens();
    tell({ type: 'session.error', code: 'session_not_found', message: 'No.' });
    bench.server.latest.serverCloses(1008);
    await bench.advance(0);
    bench.server.latest.serverOpens();
    tell({ type: 'session.error', code: 'session_not_found', message: 'No.' });
    bench.server.latest.serverCloses(1008);
    await bench.advance(0);
    bench.accept('s-2');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['fresh']);
    expect(asked()).toEqual([]);
  });

  it('is put to the next page once, however often its connection is lost', async () => {
    tell(CALL);
    await nextPage();
    bench.session.answerTool('c1', '"here"', false);
    tell({ type: 'reply.started', reply_id: 'r' }, { type: 'reply.done', reply_id: 'r' });
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['resumed', 'resumed']);
    expect(asked()).toEqual(['c1']);
  });

  it('keeps its answer, which is sent by the next page, once', async () => {
    tell({ type: 'reply.started', reply_id: 'r' }, CALL);
    bench.session.answerTool('c1', '{"ok":true}', false);
    expect(sent(), 'the reply is not over').not.toContain('tool.result');
    await nextPage();
    expect(asked()).toEqual([]);
    expect(bench.server.latest.sentOfType('tool.result')).toMatchObject([
      { call_id: 'c1', result: '{"ok":true}' },
    ]);
    expect(sent()).not.toContain('reply.create');
    tell({ type: 'reply.started', reply_id: 'r2' }, { type: 'reply.done', reply_id: 'r2' });
    expect(bench.server.latest.sentOfType('tool.result')).toHaveLength(1);
    await nextPage();
    expect(sent()).toEqual(['session.resume']);
  });

  it('keeps an answer that was sent, until a reply shows that it has arrived', async () => {
    tell(CALL);
    bench.session.answerTool('c1', '1', false);
    expect(sent()).toContain('tool.result');
    await nextPage();
    expect(sent()).toContain('tool.result');
  });

  it('of a typed line gets the line again if the next page answers it, too', async () => {
    bench.session.say('Show me the prices.');
    tell({ type: 'reply.started', reply_id: 'r' }, CALL);
    await nextPage();
    bench.session.answerTool('c1', '1', false);
    tell({ type: 'reply.done', reply_id: 'r' });
    expect(bench.server.latest.sentOfType('reply.create')).toMatchObject([
      { instructions: expect.stringContaining('Show me the prices.') as string },
    ]);
  });

  it('of a typed line gets the line again with its result', async () => {
    bench.session.say('Show me the prices.');
    tell({ type: 'reply.started', reply_id: 'r' }, CALL, { type: 'reply.done', reply_id: 'r' });
    bench.session.answerTool('c1', '1', false);
    await nextPage();
    expect(bench.server.latest.sent.slice(1)).toMatchObject([
      { type: 'tool.result' },
      { type: 'reply.create', instructions: expect.stringContaining('Show me the prices.') as string },
    ]);
  });
});

it('the words that an earlier page did not receive are forgotten once the user speaks, even if a connection is lost later', async () => {
  const ids = { reply_id: 'r', item_id: 'i' };
  tell({ type: 'reply.started', reply_id: 'r' });
  for (const [at, delta] of ['One', 'two', 'three'].entries())
    tell({ type: 'transcript.agent.delta', ...ids, delta, start_ms: at * 1_000 });
  await nextPage();
  tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
  await bench.advance(1_000);
  bench.server.latest.serverCloses(1006);
  await bench.advance(0);
  bench.accept('s-1');
  await bench.advance(1_000);
  expect(sent()).toEqual(['session.resume']);
});

describe('a page that is left before its session is resumed', () => {
  it('leaves to the third one what was under way, and what was typed on it', async () => {
    tell(CALL);
    await leave();
    bench.session.say('On the second page.');
    await nextPage();
    expect(sent()).toEqual(['session.resume', 'conversation.message', 'reply.create']);
    expect(asked()).toEqual(['c1']);
  });

  it('leaves all words of a reply that it did not play', async () => {
    tell({ type: 'reply.started', reply_id: 'r' });
    for (const [at, delta] of ['One', 'two', 'three', 'four'].entries())
      tell({ type: 'transcript.agent.delta', reply_id: 'r', delta, start_ms: at * 100 });
    bench.audio('r', 25);
    bench.hear(1, 50);
    // With all of the audio in the last report.
    bench.session.keep();
    await leave();
    bench.session.keep();
    await nextPage();
    bench.hear(1, 0, true);
    const [request] = bench.server.latest.sentOfType('reply.create');
    expect(request?.instructions).toMatch(/: "three four"$/);
  });
});

describe('the words of a reply that a connection lost, too', () => {
  const rest = () =>
    bench.server.latest
      .sentOfType('reply.create')
      .map(({ instructions }) => instructions?.match(/: "(.*)"$/)?.[1]);

  beforeEach(() => {
    bench.reply('r');
    for (const [at, delta] of ['One', 'two', 'three', 'four'].entries())
      tell({ type: 'transcript.agent.delta', reply_id: 'r', delta, start_ms: at * 100 });
    bench.server.latest.serverCloses(1006);
    bench.hear(1, 150);
  });

  it('are asked for by the next page while what has arrived is still heard', async () => {
    await nextPage();
    bench.hear(1, 0, true);
    expect(rest()).toHaveLength(1);
    expect(rest()[0]).toMatch(/three four$/);
  });

  it('are asked for by the next page when that was heard', async () => {
    bench.hear(1, 180, true);
    await nextPage();
    expect(rest()).toEqual(['three four']);
  });

  it('are asked for by a third page if the next one is left before', async () => {
    await nextPage();
    expect(rest(), 'what has arrived is heard first').toEqual([]);
    await nextPage();
    bench.hear(1, 0, true);
    expect(rest()).toHaveLength(1);
    expect(rest()[0]).toMatch(/three four$/);
  });
});

it('the length of a call that was in two sessions counts both on every page', async () => {
  await bench.advance(20_000);
  await bench.loseSession();
  await bench.refuseResume();
  bench.accept('s-2', { resume_token: 'door' });
  await bench.advance(5_000);
  bench.session.answerTool('none', '1', false);
  await nextPage('s-2');
  bench.session.stop('stopped');
  tell({ type: 'session.ended', session_duration_seconds: 6 });
  expect(bench.of('ended')).toEqual([{ reason: 'stopped', seconds: 26 }]);
});

describe('what the earlier page knew of the session', () => {
  const tools = [{ type: 'function', name: 'go_to', description: '', parameters: {}, http: {} }];

  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady({ resume_token: 'door', config: { output: { type: 'text' }, tools } });
    bench.session.keep();
  });

  it('is known to the next one, even if the server does not repeat it: the server’s tools, replies without audio', async () => {
    tell({ type: 'reply.started', reply_id: 'r' });
    tell({ type: 'transcript.agent.delta', reply_id: 'r', delta: 'Prices:' });
    await nextPage();
    expect(bench.of('transcript').at(-1)).toMatchObject({ text: 'Prices:', unspoken: undefined });
    tell({ type: 'transcript.agent', reply_id: 'r', text: 'Prices: none.' });
    bench.hear(1, 0, true);
    expect(bench.of('transcript').at(-1)).toMatchObject({ text: 'Prices: none.', unspoken: undefined });
    tell(CALL);
    expect(asked()).toEqual([]);
  });
});

describe('what the page asks for while the connection is down', () => {
  beforeEach(() => bench.server.latest.serverCloses(1006));

  it('is sent by the next page if it was typed or asked for, and again until a reply shows that it has arrived', async () => {
    bench.session.say('Are you there?');
    bench.session.reply('Say goodbye.');
    await nextPage();
    expect(bench.server.latest.sent).toMatchObject([
      { type: 'session.resume' },
      { type: 'conversation.message', content: 'Are you there?' },
      { type: 'reply.create', instructions: expect.stringContaining('Are you there?') as string },
      { type: 'reply.create', instructions: 'Say goodbye.' },
    ]);
    const again = ['session.resume', 'conversation.message', 'reply.create', 'reply.create'];
    bench.session.keep();
    await nextPage();
    expect(sent(), 'by a third page').toEqual(again);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(sent(), 'after its connection was lost').toEqual(again);
    tell({ type: 'reply.started', reply_id: 'r' });
    await nextPage();
    expect(sent()).toEqual(['session.resume']);
  });

  it('is sent by the next page if it changes the session', async () => {
    bench.session.update({ output: { volume: 20 } });
    await nextPage();
    expect(bench.server.latest.sentOfType('session.update')).toMatchObject([
      { session: { output: { volume: 20 } } },
    ]);
  });

  it('is not spoken over by the rest of a reply', async () => {
    bench = new SessionBench();
    await bench.untilReady({ resume_token: 'door' });
    bench.session.keep();
    tell({ type: 'reply.started', reply_id: 'r' });
    for (const [at, delta] of ['One', 'two', 'three'].entries())
      tell({ type: 'transcript.agent.delta', reply_id: 'r', delta, start_ms: at * 1_000 });
    bench.server.latest.serverCloses(1006);
    expect(resumedSession(bench.of('kept').at(-1)!, 0).rest).not.toBe('');
    bench.session.say('Stop. What is four?');
    await nextPage();
    await bench.advance(5_000);
    bench.hear(1, 0, true);
    expect(bench.server.latest.sentOfType('reply.create')).toMatchObject([
      { instructions: expect.stringContaining('What is four?') as string },
    ]);
  });

  it('does not count as connected, however quiet it is', () => {
    const { connectedMs } = bench.of('kept').at(-1)!.connection;
    const { connection } = laterOn(bench.of('kept').at(-1)!, 20_000);
    expect(connection).toMatchObject({ lostMs: 20_001, connectedMs });
  });

  it('silences a reply for the next page, too', async () => {
    bench = new SessionBench();
    await bench.untilReady({ resume_token: 'door' });
    bench.reply('r', 100);
    bench.session.keep();
    bench.server.latest.serverCloses(1006);
    bench.session.interrupt();
    bench.flushed(1, 100, 900);
    await nextPage();
    expect(bench.sink.playedBytes(1)).toBe(0);
  });
});
