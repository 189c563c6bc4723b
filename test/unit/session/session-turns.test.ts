import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const sent = () => bench.server.latest.sent.map((message) => message.type);
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const callTool = (callId: string) =>
  tell({ type: 'tool.call', call_id: callId, name: 'weather', arguments: {} });

beforeEach(async () => {
  bench = new SessionBench({ idleTimeoutMs: 60_000 });
  await bench.untilReady();
});

describe('results of tools', () => {
  it('are dropped with the turn when it is interrupted, even if the page silenced it before', () => {
    bench.reply('filler');
    callTool('c1');
    bench.session.answerTool('c1', '1', false);
    bench.session.interrupt();
    tell({ type: 'reply.done', reply_id: 'filler', status: 'interrupted' }, { type: 'reply.done' });
    expect(sent()).not.toContain('tool.result');
  });

  it('are dropped with a turn in which nothing was said', () => {
    callTool('c1');
    tell({ type: 'reply.done', status: 'interrupted' });
    bench.session.answerTool('c1', '1', false);
    tell({ type: 'reply.done' });
    expect(sent()).not.toContain('tool.result');
  });

  it('are sent once, and the tool runs once, if the server repeats a call whose answer waits for the end of a reply', () => {
    bench.reply('filler');
    callTool('c1');
    bench.session.answerTool('c1', '1', false);
    callTool('c1');
    expect(bench.of('tool-call')).toHaveLength(1);
    tell({ type: 'reply.done', reply_id: 'filler' });
    expect(sent().filter((type) => type === 'tool.result')).toHaveLength(1);
  });

  it('of the next turn stay when the interruption of the last one is repeated', () => {
    bench.reply('a');
    tell({ type: 'reply.done', reply_id: 'a', status: 'interrupted' });
    bench.reply('b');
    callTool('c2');
    tell({ type: 'transcript.agent', reply_id: 'a', text: 'One', interrupted: true });
    bench.session.answerTool('c2', '2', false);
    tell({ type: 'reply.done', reply_id: 'b' });
    expect(bench.server.latest.sentOfType('tool.result').map(({ call_id }) => call_id)).toEqual(['c2']);
  });
});

describe('the answer to a result', () => {
  it('is not requested twice if the result was sent in the reply after an interruption', async () => {
    bench = new SessionBench({ toolTiming: 'immediate' });
    await bench.untilReady();
    bench.reply('a');
    tell({ type: 'reply.done', reply_id: 'a', status: 'interrupted' });
    tell({ type: 'reply.started', reply_id: 'b' });
    callTool('c1');
    bench.session.answerTool('c1', '1', false);
    tell({ type: 'reply.done', reply_id: 'b' });
    expect(sent().filter((type) => type !== 'session.update')).toEqual(['tool.result']);
  });

  it('is worked on until a reply begins, and the page shows that', () => {
    bench.reply('filler');
    bench.hear(1, 1);
    callTool('c1');
    bench.session.answerTool('c1', '1', false);
    tell({ type: 'reply.done', reply_id: 'filler' });
    expect(sent()).toContain('tool.result');
    bench.hear(1, 100, true);
    expect(bench.state).toBe('thinking');
    bench.reply('answer');
    tell({ type: 'reply.done', reply_id: 'answer' });
    bench.hear(2, 100, true);
    expect(bench.state).toBe('listening');
  });
});

describe('a turn that produces nothing', () => {
  const think = () => tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });

  it.each<[string, () => void]>([
    ['after speech', think],
    ['after a reply that was only announced', () => tell({ type: 'reply.started', reply_id: 'r' })],
    ['after a typed line', () => bench.session.say('Hello?')],
  ])('%s is over after 12 s', async (_, begin) => {
    begin();
    await bench.advance(11_950);
    expect(bench.state).toBe('thinking');
    await bench.advance(50);
    expect(bench.state).toBe('listening');
  });

  it('lasts as long as its tools, and 12 s more', async () => {
    think();
    callTool('c1');
    await bench.advance(40_000);
    expect(bench.state).toBe('thinking');
    bench.session.answerTool('c1', '1', false);
    await bench.advance(11_950);
    expect(bench.state).toBe('thinking');
    await bench.advance(50);
    expect(bench.state).toBe('listening');
  });

  it('does not wait for a slow tool of a turn that was interrupted', async () => {
    bench.reply('filler');
    bench.hear(1, 1);
    callTool('slow');
    tell({ type: 'input.speech.started' }, { type: 'reply.done', reply_id: 'filler', status: 'interrupted' });
    bench.flushed(1, 100, 0);
    tell({ type: 'input.speech.stopped' });
    expect(bench.state).toBe('thinking');
    await bench.advance(12_000);
    expect(bench.state).toBe('listening');
  });
});

describe('a reply whose end the server does not report', () => {
  const ended = () => bench.sink.actions.filter(({ type }) => type === 'end');

  it('is complete when nothing more of it was heard for 12 s, and the agent listens', async () => {
    bench.reply('r');
    for (let heardMs = 1; heardMs <= 30_000; heardMs += 5_000) {
      bench.hear(1, heardMs);
      await bench.advance(5_000);
    }
    await bench.advance(6_950);
    expect(ended()).toEqual([]);
    expect(bench.state).toBe('speaking');
    await bench.advance(50);
    expect(ended()).toEqual([{ type: 'end', reply: 1 }]);
    bench.hear(1, 30_000, true);
    expect(bench.state).toBe('listening');
  });

  it('does not keep back the result of a tool for ever', async () => {
    bench.reply('filler');
    bench.hear(1, 1);
    callTool('c1');
    bench.session.answerTool('c1', '1', false);
    await bench.advance(11_950);
    expect(sent()).not.toContain('tool.result');
    await bench.advance(50);
    expect(sent()).toContain('tool.result');
  });

  it('is heard to its end even if it was only slow', async () => {
    bench.reply('r');
    bench.hear(1, 1);
    await bench.advance(12_000);
    bench.audio('r', 1);
    bench.hear(1, 100, true);
    bench.audio('r', 1);
    tell({ type: 'transcript.agent', reply_id: 'r', text: 'All of it.' }, { type: 'reply.done' });
    expect(bench.sink.playedBytes(1) + bench.sink.playedBytes(2)).toBe(12 * 480);
    expect(ended().map((action) => 'reply' in action && action.reply)).toEqual([1, 1, 2]);
    bench.hear(2, 10, true);
    expect(bench.of('transcript').at(-1)).toMatchObject({ text: 'All of it.', final: true });
    expect(bench.state).toBe('listening');
  });
});

describe('a call without participants', () => {
  it('is idle even if the server plays endless silence', async () => {
    bench.reply('r', 1);
    for (let i = 0; i < 61; i++) {
      await bench.advance(1_000);
      bench.audio('r', 1);
      bench.hear(1, 0);
    }
    expect(sent().at(-1)).toBe('session.end');
  });

  it('is idle even if the server never reports that the user stopped speaking', async () => {
    tell({ type: 'input.speech.started' });
    bench.speak(1, 0.1);
    for (let i = 0; i < 61; i++) {
      bench.speak(1, 0.001);
      await bench.advance(1_000);
    }
    expect(sent().at(-1)).toBe('session.end');
  });

  it('is not idle while the user speaks, even if no word is transcribed', async () => {
    tell({ type: 'input.speech.started' });
    for (let i = 0; i < 100; i++) {
      bench.speak(1, i % 3 === 0 ? 0.1 : 0.001);
      await bench.advance(1_000);
    }
    expect(sent()).not.toContain('session.end');
  });

  it('is not idle while the server transcribes the user, whatever else it reports', async () => {
    for (let n = 0; n < 30; n++) {
      tell({ type: 'transcript.user.delta', text: 'and so on', item_id: 'u' });
      await bench.advance(5_000);
    }
    expect(sent()).not.toContain('session.end');
  });

  it('is not idle while the user types', async () => {
    for (let n = 0; n < 10; n++) {
      bench.session.say('And now?');
      await bench.advance(50_000);
    }
    expect(sent()).not.toContain('session.end');
  });

  it('is not idle while a tool is running', async () => {
    callTool('c1');
    await bench.advance(100_000);
    expect(sent()).not.toContain('session.end');
  });
});

describe('the response latency', () => {
  it('begins with the last speech at the microphone, not with the report of the server', async () => {
    tell({ type: 'input.speech.started' });
    for (let i = 0; i < 10; i++) {
      bench.speak(1, 0.2);
      await bench.advance(50);
    }
    for (let i = 0; i < 12; i++) {
      bench.speak(1, 0.004);
      await bench.advance(50);
    }
    tell({ type: 'input.speech.stopped' });
    await bench.advance(400);
    bench.reply('r');
    bench.hear(1, 1);
    expect(bench.session.counters.responseLatencyMs).toBe(50 + 600 + 400);
  });

  it('is measured for a quiet voice after a loud one, too', async () => {
    for (const level of [1, 0.03]) {
      tell({ type: 'input.speech.started' });
      bench.speak(1, level);
      await bench.advance(700);
      tell({ type: 'input.speech.stopped' });
    }
    bench.reply('r');
    bench.hear(1, 1);
    expect(bench.session.counters.responseLatencyMs).toBe(700);
  });

  it('begins with the report of the server if the microphone heard nothing since the turn before', async () => {
    tell({ type: 'input.speech.started' });
    bench.speak(1, 0.2);
    tell({ type: 'input.speech.stopped' });
    await bench.advance(10_000);
    tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    await bench.advance(400);
    bench.reply('r');
    bench.hear(1, 1);
    expect(bench.session.counters.responseLatencyMs).toBe(400);
  });

  it('begins with the report of the server if the microphone heard nothing', async () => {
    tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    await bench.advance(400);
    bench.reply('r');
    bench.hear(1, 1);
    expect(bench.session.counters.responseLatencyMs).toBe(400);
  });
});

describe('the state on the page', () => {
  it('is speaking if a reply is still audible after a reconnection', async () => {
    bench.reply('r', 100);
    bench.hear(1, 1);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(bench.state).toBe('speaking');
    bench.hear(1, 1_000, true);
    expect(bench.state).toBe('listening');
  });

  it('is thinking if a tool is still running after a reconnection', async () => {
    callTool('c1');
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(bench.state).toBe('thinking');
  });

  it('is thinking if another reply follows', () => {
    bench.reply('filler');
    bench.hear(1, 1);
    bench.reply('answer');
    bench.hear(1, 100, true);
    expect(bench.state).toBe('thinking');
    bench.hear(2, 1);
    expect(bench.state).toBe('speaking');
  });
});
