import { beforeEach, describe, expect, it } from 'vitest';
import { Transcript } from '../../../src/client/transcript.js';
import type { SessionOptions } from '../../../src/session/session-options.js';
import { resumedSession } from '../../../components/across-pages/resumed-session.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;

/** The connection drops while a line is on its way, and the server refuses to resume the session. */
async function loseLine(options: Partial<SessionOptions> = {}): Promise<void> {
  bench = new SessionBench(options);
  await bench.untilReady();
  bench.server.latest.serverSends({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
  bench.session.say('Are you there?');
  await bench.loseSession();
  bench.accept('s-2');
}

/** What the page shows. */
function transcript(): Transcript['entries'] {
  const shown = new Transcript();
  for (const { type, detail } of bench.events) {
    if (type === 'session-ready' && detail.how === 'fresh') shown.settle();
    if (type === 'transcript') shown.apply(detail);
  }
  return shown.entries;
}

it('a line that is sent again to a session that takes over is one line of the page’s transcript', async () => {
  await loseLine();
  expect(transcript()).toMatchObject([
    { text: 'A room, please.' },
    { text: 'Are you there?', sentAgain: true },
  ]);
});

describe('a line whose session and the next one are lost before it is answered is one line of the transcript', () => {
  /** The session that has taken over loses its connection, too. */
  async function loseBoth(): Promise<void> {
    await bench.refuseResume();
    bench.accept('s-2');
    bench.server.latest.serverCloses(1006);
    await bench.advance(1_000);
    const lines = transcript().filter(({ role }) => role === 'user');
    expect(lines.map(({ text }) => text)).toEqual(['Hello.', 'Are you there?']);
  }

  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady();
    bench.session.say('Hello.');
  });

  it('if it was typed while the connection was down', async () => {
    bench.server.latest.serverCloses(1006);
    bench.session.say('Are you there?');
    await loseBoth();
  });

  it('if the server had received it and was answering another one', async () => {
    bench.session.say('Are you there?');
    bench.reply('r');
    bench.server.latest.serverCloses(1006);
    await loseBoth();
  });
});

it('a stored agent that takes over learns what was said before it is asked to answer', async () => {
  await loseLine({ config: { agent_id: 'stored' } });
  expect(bench.server.latest.sent).toMatchObject([
    { type: 'session.update' },
    { type: 'conversation.message', role: 'system' },
    { type: 'conversation.message', role: 'user', content: 'Are you there?' },
    { type: 'reply.create' },
  ]);
});

describe('the instruction of a typed line is sent with the result of the tool that its reply calls', () => {
  const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
  const words = { type: 'transcript.user', item_id: 'u', text: 'Hm, well.' };
  const instructions = () =>
    bench.server.latest
      .sentOfType('reply.create')
      .map(({ instructions: text }) => /"(.*)"/.exec(text ?? '')?.[1]);
  /** The server answers with a tool, which is answered. */
  function callTool(): void {
    const call = { type: 'tool.call', call_id: 'c', name: 'book', arguments: {} };
    tell({ type: 'reply.started', reply_id: 'r' }, call, { type: 'reply.done', reply_id: 'r' });
    bench.session.answerTool('c', '1', false);
  }

  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady();
  });

  it.each<[string, () => void]>([
    ['before that reply', () => tell(words)],
    ['after a reply to them has begun', () => tell({ type: 'reply.started', reply_id: 'q' }, words)],
  ])('even if words from before the line are transcribed late: %s', (_, transcribe) => {
    tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    bench.session.say('Book a room.');
    transcribe();
    callTool();
    expect(instructions()).toEqual(['Book a room.', 'Book a room.']);
  });

  it.each([[true], [false]])(
    'unless the user has spoken since (the server reports speech: %s)',
    (isReported) => {
      bench.session.say('Book a room.');
      if (isReported) tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
      tell(words);
      callTool();
      expect(instructions()).toEqual(['Book a room.']);
    },
  );

  it.each<[string, () => unknown]>([
    ['was interrupted', () => tell({ type: 'reply.done', reply_id: 'q', status: 'interrupted' })],
    ['was lost with its session', () => bench.loseSession().then(() => bench.accept('s-2'))],
  ])('not that of an earlier line, whose reply %s', async (_, end) => {
    bench.session.say('Book a table.');
    tell({ type: 'reply.started', reply_id: 'q' });
    await end();
    const before = instructions().length;
    bench.session.say('Book a room.');
    callTool();
    expect(instructions().slice(before)).toEqual(['Book a room.', 'Book a room.']);
  });

  it('even if the server had received the line when the page was left, and was answering another one', async () => {
    bench.session.keep();
    bench.session.say('Book a table.');
    bench.session.say('Book a room.');
    tell({ type: 'reply.started', reply_id: 'q' });
    await nextPage();
    tell({ type: 'reply.done', reply_id: 'q' });
    callTool();
    expect(instructions()).toEqual(['Book a room.']);
  });

  it('even if the line was typed before the page was left', async () => {
    bench.session.keep();
    bench.server.latest.serverCloses(1006);
    bench.session.say('Book a room.');
    await nextPage();
    callTool();
    expect(instructions()).toEqual(['Book a room.', 'Book a room.']);
  });
});

/** The page is left; the next one continues the call. */
async function nextPage(): Promise<void> {
  bench = new SessionBench({ resumed: resumedSession(structuredClone(bench.of('kept').at(-1)!), 500) });
  bench.session.start();
  await bench.settle();
  bench.accept('s-1');
}

describe('a request that no reply has confirmed', () => {
  const sent = () => bench.server.latest.sent.map(({ type }) => type);

  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady();
    bench.session.keep();
  });

  it('is sent again after each loss of the connection, if it is one of the page', async () => {
    bench.session.reply('Say goodbye.');
    for (const cut of [1, 2, 3]) {
      if (cut === 3) bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r' });
      bench.server.latest.serverCloses(1006);
      await bench.advance(1_000);
      bench.accept('s-1');
      expect(sent()).toEqual(cut === 3 ? ['session.resume'] : ['session.resume', 'reply.create']);
      expect(bench.state).toBe(cut === 3 ? 'listening' : 'thinking');
    }
  });

  it('is sent again by the next page if this one is left just after it was sent again', async () => {
    bench.session.say('Show me the prices.');
    bench.server.latest.serverCloses(1006);
    await bench.advance(1_000);
    bench.accept('s-1');
    await nextPage();
    expect(sent()).toEqual(['session.resume', 'conversation.message', 'reply.create']);
  });

  it('is sent again only if it is one of the latest eight', async () => {
    for (let n = 1; n <= 20; n++) bench.session.reply(`Count to ${n}.`);
    bench.server.latest.serverCloses(1006);
    await bench.advance(1_000);
    bench.accept('s-1');
    const asked = bench.server.latest.sentOfType('reply.create').map(({ instructions }) => instructions);
    expect(asked).toEqual(Array.from({ length: 8 }, (_, at) => `Count to ${at + 13}.`));
  });

  it('is sent again by the next page if this one is left', async () => {
    bench.session.say('Show me the prices.');
    await nextPage();
    expect(sent()).toEqual(['session.resume', 'conversation.message', 'reply.create']);
  });

  it('is not sent again if a reply has begun', async () => {
    bench.session.say('Show me the prices.');
    bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r' });
    await nextPage();
    expect(sent()).toEqual(['session.resume']);
  });
});

it('what was typed during a reply is thought about when that reply is over', async () => {
  bench = new SessionBench();
  await bench.untilReady();
  bench.reply('r');
  bench.hear(1, 50);
  bench.session.say('And the prices?');
  expect(bench.state).toBe('speaking');
  bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r' });
  bench.hear(1, 100, true);
  expect(bench.state).toBe('thinking');
  await bench.advance(12_000);
  expect(bench.state, 'if nothing comes').toBe('listening');
});

it('what was typed before the session was ready precedes what a listener of that says', async () => {
  bench = new SessionBench();
  bench.session.start();
  bench.session.say('First.');
  bench.onEvent = (type) => {
    if (type === 'session-ready') bench.session.say('Second.');
  };
  await bench.settle();
  bench.accept('s-1');
  const lines = bench.server.latest.sentOfType('conversation.message').map(({ content }) => content);
  expect(lines).toEqual(['First.', 'Second.']);
});
