import { beforeEach, describe, expect, it } from 'vitest';
import type { SentMessage } from '../../support/scripted-transport.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const sent = <Type extends SentMessage['type']>(type: Type) => bench.server.latest.sentOfType(type);
const thinkAbout = () => tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
const failure = (retryable: boolean) => ({
  type: 'reply.error',
  reply_id: 'r',
  code: 'LLM_FAILED',
  message: 'The model is down.',
  retryable,
});

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
});

describe('a reply that fails', () => {
  it('is reported, and the agent listens again', () => {
    thinkAbout();
    expect(bench.state).toBe('thinking');
    tell(failure(false));
    expect(bench.of('agent-error')).toMatchObject([
      { code: 'llm_failed', message: 'The model is down.', fatal: false },
    ]);
    expect(bench.state).toBe('listening');
    expect(sent('reply.create')).toEqual([]);
  });

  it('is reported without credentials and within limits', () => {
    tell({ ...failure(false), message: `token-1 of s-1 ${'x'.repeat(10_000)}` });
    tell({ ...failure(false), code: 'x'.repeat(10_000) });
    const [first, second] = bench.of('agent-error');
    expect(first?.message).toMatch(/^… of … x{490}/);
    expect(first?.message.length).toBe(500);
    expect(second?.code).toBe('server_error');
  });

  it('is requested again, once, if it is retryable', () => {
    thinkAbout();
    tell(failure(true), { type: 'reply.done', reply_id: 'r' });
    expect(sent('reply.create')).toHaveLength(1);
    expect(bench.state).toBe('thinking');
    tell(failure(true), { type: 'reply.done', reply_id: 'r' });
    expect(sent('reply.create')).toHaveLength(1);
    expect(bench.state).toBe('listening');
    bench.reply('better');
    bench.hear(1, 1);
    tell(failure(true));
    expect(sent('reply.create'), 'another turn').toHaveLength(2);
  });
});

describe('an empty reply', () => {
  it('after an interruption is requested again, once', () => {
    bench.reply('a');
    tell({ type: 'reply.done', reply_id: 'a', status: 'interrupted' });
    tell({ type: 'reply.started', reply_id: 'b' }, { type: 'reply.done', reply_id: 'b' });
    expect(sent('reply.create')).toHaveLength(1);
    tell({ type: 'reply.started', reply_id: 'c' }, { type: 'reply.done', reply_id: 'c' });
    expect(sent('reply.create')).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['without an interruption', () => undefined],
    ['that makes a call', () => tell({ type: 'tool.call', call_id: 'c', name: 'n', arguments: {} })],
    ['that has words', () => tell({ type: 'transcript.agent.delta', reply_id: 'b', delta: 'Well.' })],
  ])('%s is none', (what, happen) => {
    if (what !== 'without an interruption') {
      bench.reply('a');
      tell({ type: 'reply.done', reply_id: 'a', status: 'interrupted' });
    }
    tell({ type: 'reply.started', reply_id: 'b' });
    happen();
    tell({ type: 'reply.done', reply_id: 'b' });
    expect(sent('reply.create')).toEqual([]);
  });
});

describe('interrupt()', () => {
  it('asks the server to stop its current reply', () => {
    bench.reply('a');
    bench.session.interrupt();
    expect(sent('reply.cancel')).toEqual([{ type: 'reply.cancel', reply_id: 'a' }]);
  });

  it('asks for nothing if the server has sent all of it', () => {
    bench.reply('a');
    tell({ type: 'reply.done', reply_id: 'a' });
    bench.session.interrupt();
    expect(sent('reply.cancel')).toEqual([]);
    expect(bench.sink.types).toContain('flush');
  });

  it('stops asking, without an error, if the server does not know the message', () => {
    bench.reply('a');
    bench.session.interrupt();
    tell({ type: 'session.error', code: 'invalid_format', message: 'Unknown message type.' });
    expect(bench.of('agent-error')).toEqual([]);
    bench.reply('b');
    bench.session.interrupt();
    expect(sent('reply.cancel')).toHaveLength(1);
    tell({ type: 'session.error', code: 'invalid_format', message: 'Something else.' });
    expect(bench.of('agent-error')).toHaveLength(1);
  });
});

describe('late audio of a complete reply', () => {
  it('is complete, too: later replies do not wait for more', () => {
    bench.reply('a');
    tell({ type: 'reply.done', reply_id: 'a' });
    bench.audio('a', 1);
    expect(bench.sink.types.slice(-2)).toEqual(['audio', 'end']);
  });
});

describe('a tool that finishes after an interruption', () => {
  const call = () => tell({ type: 'tool.call', call_id: 'c1', name: 'book', arguments: { room: 7 } });

  it.each<[string, () => void]>([
    ['after it', () => undefined],
    ['before it', () => bench.session.answerTool('c1', '{"booked":true}', false)],
  ])('(%s) is made known to the page and to the agent', (when, answerBefore) => {
    bench.reply('a');
    call();
    answerBefore();
    tell({ type: 'reply.done', reply_id: 'a', status: 'interrupted' });
    if (when === 'after it') bench.session.answerTool('c1', '{"booked":true}', false);
    expect(bench.of('tool-result-unused')).toEqual([
      { callId: 'c1', name: 'book', arguments: { room: 7 }, result: '{"booked":true}', isError: false },
    ]);
    const [context] = sent('conversation.message');
    expect(context).toMatchObject({ role: 'system' });
    expect(context?.content).toMatch(/book.*"room":7.*"booked":true/);
    expect(sent('tool.result'), 'as documented').toEqual([]);
  });

  it('is reported to a session that takes over', async () => {
    call();
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.server.latest.serverOpens();
    tell({ type: 'session.error', code: 'session_not_found', message: 'No.' });
    bench.server.latest.serverCloses(1008);
    await bench.advance(0);
    bench.session.answerTool('c1', '{"booked":true}', false);
    bench.accept('s-2');
    expect(sent('tool.result')).toEqual([]);
    expect(sent('conversation.message')[0]?.content).toContain('"booked":true');
    expect(bench.of('tool-result-unused')).toHaveLength(1);
  });

  it('waits while the user has begun to speak', () => {
    call();
    tell({ type: 'input.speech.started' });
    bench.session.answerTool('c1', '1', false);
    expect(sent('tool.result')).toEqual([]);
    tell({ type: 'input.speech.stopped' });
    expect(sent('tool.result')).toHaveLength(1);
  });
});

it('the user’s words come before the answer, even if they are transcribed later', () => {
  tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
  bench.reply('r');
  tell({ type: 'transcript.agent.delta', reply_id: 'r', delta: 'Two?', start_ms: 0 });
  bench.hear(1, 1);
  tell({ type: 'transcript.user', item_id: 'u', text: 'A room.' });
  const order = Object.fromEntries(bench.of('transcript').map((update) => [update.role, update.order]));
  expect(order['user']).toBeLessThan(order['agent'] ?? NaN);
});
