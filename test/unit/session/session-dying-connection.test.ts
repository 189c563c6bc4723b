import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const types = () => bench.server.latest.sent.map((message) => message.type);

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
});

describe('what was written into a connection that was dying', () => {
  it('is sent again if it is a tool result, once for each connection', async () => {
    for (const id of ['c1', 'c2'])
      bench.server.latest.serverSends({ type: 'tool.call', call_id: id, name: 'weather', arguments: {} });
    bench.session.answerTool('c1', '1', false);
    bench.reply('r');
    bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r' });
    bench.session.answerTool('c2', '2', false);
    const results = () => bench.server.latest.sentOfType('tool.result').map(({ call_id }) => call_id);
    expect(results()).toEqual(['c1', 'c2']);
    for (let cut = 0; cut < 2; cut++) {
      bench.server.latest.serverCloses(1006);
      await bench.advance(1_000);
      bench.accept('s-1');
      expect(results(), 'a reply has shown that the first one arrived').toEqual(['c2']);
    }
    bench.reply('r2');
    bench.server.latest.serverCloses(1006);
    await bench.advance(5_000);
    bench.accept('s-1');
    expect(types()).toEqual(['session.resume']);
  });

  it('may be refused the second time if it is a tool result, which is no problem of the page', async () => {
    bench.server.latest.serverSends({ type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} });
    bench.session.answerTool('c1', '"sun"', false);
    bench.server.latest.serverCloses(1006);
    await bench.advance(1_000);
    bench.accept('s-1');
    const refusal = {
      type: 'session.error',
      code: 'invalid_value',
      param: 'call_id',
      message: 'No pending tool call has this id',
    };
    bench.reply('r');
    bench.server.latest.serverSends(refusal);
    expect(bench.of('agent-error')).toEqual([]);
    bench.server.latest.serverSends(refusal);
    expect(bench.of('agent-error'), 'only one was sent twice').toHaveLength(1);
  });

  it('is a tool result: a server that repeats its call, because it has none, does not run the tool twice', async () => {
    const call = { type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} };
    bench.server.latest.serverSends(call);
    bench.session.answerTool('c1', '"sun"', false);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    bench.server.latest.serverSends(call);
    expect(bench.of('tool-call')).toHaveLength(1);
    expect(types()).toEqual(['session.resume', 'tool.result']);
  });

  it('is told to a session that takes over if it is a tool result', async () => {
    bench.server.latest.serverSends({ type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} });
    bench.session.answerTool('c1', '"sun"', false);
    bench.server.latest.serverCloses(1006);
    await bench.refuseResume();
    bench.accept('s-2');
    expect(JSON.stringify(bench.server.latest.sent[0])).toMatch(/The tool weather.* has finished/);
    expect(types()).not.toContain('tool.result');
    expect(bench.of('tool-result-unused')).toHaveLength(1);
  });

  it('is no answer on a connection that has not resumed the session yet', async () => {
    bench.server.latest.serverSends({ type: 'tool.call', call_id: 'c1', name: 'weather', arguments: {} });
    bench.server.latest.serverCloses(1006);
    bench.session.answerTool('c1', '"sun"', false);
    await bench.advance(0);
    bench.server.latest.serverOpens();
    bench.server.latest.serverSends({ type: 'reply.done' });
    bench.server.latest.serverSends({ type: 'session.error', code: 'session_not_found', message: 'No.' });
    bench.server.latest.serverCloses(1008);
    await bench.advance(0);
    bench.accept('s-2');
    expect(types()).not.toContain('tool.result');
    expect(bench.of('tool-result-unused').map(({ callId }) => callId)).toEqual(['c1']);
  });

  it('is sent again if it is the outcome of a tool whose turn was over, until a reply shows that it has arrived', async () => {
    const call = { type: 'tool.call', call_id: 'c1', name: 'book', arguments: {} };
    bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r' }, call);
    bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r', status: 'interrupted' });
    bench.session.answerTool('c1', '"booked"', false);
    for (const again of [['session.resume', 'conversation.message'], ['session.resume']]) {
      bench.server.latest.serverCloses(1006);
      await bench.advance(1_000);
      bench.accept('s-1');
      expect(types()).toEqual(again);
      expect(bench.state, 'no answer is to come').toBe('listening');
      bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r2' });
      bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r2' });
      bench.hear(2, 0, true);
    }
  });

  it('is sent again if it changes the session', async () => {
    bench.session.update({ output: { volume: 20 } });
    bench.session.inform('The basket.');
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(bench.server.latest.sent.slice(1)).toEqual([
      {
        type: 'session.update',
        session: {
          output: { volume: 20 },
          system_prompt: expect.stringContaining('The basket.') as string,
        },
      },
    ]);
  });
});
