/** What the user said last, when the session that was to answer it is lost. */
import { beforeEach, describe, expect, it } from 'vitest';
import { resumedSession } from '../../../components/across-pages/resumed-session.js';
import type { KeptSession } from '../../../src/session/kept-session.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const said = (text: string) => tell({ type: 'transcript.user', item_id: text, text });
const answer = (id: string, text: string) => {
  bench.reply(id);
  tell(
    { type: 'transcript.agent', reply_id: id, text, interrupted: false },
    { type: 'reply.done', reply_id: id },
  );
};
/** What the agent is asked to answer. */
const asked = () =>
  bench.server.latest
    .sentOfType('reply.create')
    .map(({ instructions }) => /: "(.*?)"?$/m.exec(instructions ?? '')?.[1]);

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
  said('Hello.');
  answer('r', 'Good evening.');
  bench.hear(1, 100, true);
});

describe('a question that was not answered is put to the session that takes over', () => {
  it('if no reply to it had begun', async () => {
    said('What does a room cost?');
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual(['What does a room cost?']);
  });

  it('if nothing of the reply had arrived, after that of an earlier reply was heard', async () => {
    said('And a double?');
    tell({ type: 'reply.started', reply_id: 'q' }, { type: 'reply.done', reply_id: 'q' });
    bench.reply('q2');
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual([]);
    bench.hear(2, 0, true);
    bench.hear(3, 100, true);
    expect(asked()).toEqual(['And a double?']);
    bench.hear(3, 100, true);
    expect(asked()).toHaveLength(1);
  });

  it('with the outcome of the tool that was called for it', async () => {
    said('What does a room cost?');
    tell({ type: 'tool.call', call_id: 'c', name: 'prices', arguments: {} });
    bench.server.latest.serverCloses(1006);
    bench.session.answerTool('c', '80', false);
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual(['What does a room cost?']);
    expect(JSON.stringify(bench.server.latest.sent[0])).toContain('The tool prices');
  });

  it('on the next page, too', async () => {
    bench.session.keep();
    said('What does a room cost?');
    bench = new SessionBench({ resumed: resumedSession(structuredClone(bench.of('kept').at(-1)!), 500) });
    bench.session.start();
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual(['What does a room cost?']);
  });

  it.each<[string, () => void]>([
    ['the agent had answered', () => undefined],
    ['the user has gone on by typing', () => bench.session.say('Hello?')],
  ])('unless %s', async (_, act) => {
    act();
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).not.toContain('Hello.');
    expect(asked().length).toBeLessThanOrEqual(1);
  });

  it('unless its session is resumed', async () => {
    said('What does a room cost?');
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(asked()).toEqual([]);
  });
});

it('lines that were typed while another one was answered are put to the session that takes over, once', async () => {
  for (const line of ['One.', 'Two.', 'Three.']) bench.session.say(line);
  bench.reply('q');
  tell({ type: 'transcript.agent.delta', reply_id: 'q', delta: 'Well', start_ms: 0 });
  bench.hear(2, 100);
  for (const cut of ['s-2', 's-3']) {
    await bench.advance(11_000);
    await bench.loseSession();
    bench.hear(2, 100, true);
    bench.accept(cut);
    expect(asked()).toEqual(['Two.', 'Three.']);
  }
});

describe('a typed line is put to the session that takes over if the only reply that has begun may belong to', () => {
  const speech = [{ type: 'input.speech.started' }, { type: 'input.speech.stopped' }];
  const call = { type: 'tool.call', call_id: 'c', name: 'prices', arguments: {} };

  it.each<[string, () => void]>([
    [
      'what the user said afterwards',
      () => {
        bench.session.say('Two.');
        tell(...speech);
        said('Well?');
      },
    ],
    [
      'what the user was saying',
      () => {
        tell(...speech);
        bench.session.say('Two.');
        said('Well?');
      },
    ],
    [
      'the result of a tool',
      () => {
        said('Well?');
        tell({ type: 'reply.started', reply_id: 'q' }, call, { type: 'reply.done', reply_id: 'q' });
        bench.session.say('Two.');
        bench.session.answerTool('c', '80', false);
      },
    ],
  ])('%s', async (_, act) => {
    act();
    answer('q2', 'Well, well.');
    await bench.loseSession();
    for (const reply of [2, 3]) bench.hear(reply, 100, true);
    bench.accept('s-2');
    expect(asked()).toEqual(['Two.']);
  });

  it.each<[string, () => void]>([
    [
      'unless another reply has followed',
      () => {
        bench.session.say('Two.');
        said('Well?');
        answer('q', 'Well.');
      },
    ],
    [
      'or the user has spoken twice since',
      () => {
        bench.session.say('Two.');
        for (const text of ['Well?', 'Come on!']) {
          tell(...speech);
          said(text);
        }
      },
    ],
  ])('%s', async (_, act) => {
    act();
    answer('q2', 'Well, well.');
    await bench.loseSession();
    for (const reply of [2, 3]) bench.hear(reply, 100, true);
    bench.accept('s-2');
    expect(asked()).toEqual([]);
  });
});

it('a line of the page before is put to the session that takes over, if it was not the first one of two', async () => {
  bench.session.keep();
  for (const line of ['One.', 'Two.']) bench.session.say(line);
  bench = new SessionBench({ resumed: resumedSession(structuredClone(bench.of('kept').at(-1)!), 500) });
  bench.session.start();
  await bench.settle();
  bench.accept('s-1');
  bench.reply('q');
  await bench.loseSession();
  bench.accept('s-2');
  expect(asked()).toEqual(['Two.']);
});

it('what was typed while the call was starting is put to the session that takes over, if only the greeting had begun', async () => {
  bench = new SessionBench();
  bench.session.start();
  bench.session.say('A room, please.');
  await bench.settle();
  bench.accept('s-1');
  answer('greeting', 'Hello.');
  bench.hear(1, 100, true);
  await bench.loseSession();
  bench.accept('s-2');
  expect(asked()).toEqual(['A room, please.']);
});

describe('what was typed is put to the session that takes over on the next page', () => {
  /** What the page has told goes through JSON. */
  async function nextPage(): Promise<void> {
    const kept = JSON.parse(JSON.stringify(bench.of('kept').at(-1))) as KeptSession;
    bench = new SessionBench({ resumed: resumedSession(kept, 500) });
    bench.session.start();
    await bench.settle();
  }

  beforeEach(() => bench.session.keep());

  it('if the server had received it and was answering another line', async () => {
    for (const line of ['One.', 'Two.', 'Three.']) bench.session.say(line);
    tell({ type: 'reply.started', reply_id: 'q' });
    await nextPage();
    await nextPage();
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual(['Two.', 'Three.']);
  });

  it('if the only reply that had begun may belong to what the user had said', async () => {
    bench.session.say('Two.');
    tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    said('Well?');
    await nextPage();
    bench.accept('s-1');
    tell({ type: 'reply.started', reply_id: 'q' });
    await bench.loseSession();
    bench.hear(1, 0, true);
    bench.accept('s-2');
    expect(asked()).toContain('Two.');
  });

  it('if the page was left before that session had started', async () => {
    await bench.loseSession();
    bench.session.say('Are you there?');
    await nextPage();
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual(['Are you there?']);
  });
});

it('a question is put again if the connection is lost before a reply to it has begun', async () => {
  said('What does a room cost?');
  await bench.loseSession();
  bench.accept('s-2');
  for (const cut of [1, 2]) {
    bench.server.latest.serverCloses(1006);
    await bench.advance(2_000);
    bench.accept('s-2');
    expect(asked(), `${cut}`).toEqual(['What does a room cost?']);
  }
});

it('a question is put to the session that takes over, also if a line that was typed before waits, too', async () => {
  bench.session.say('Two.');
  tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
  said('Well?');
  await bench.loseSession();
  bench.accept('s-2');
  expect(asked()).toEqual(['Two.', 'Well?']);
});

it('a question whose tool has an outcome is put to the session that takes over, although the agent had said that it would look', async () => {
  said('What does a room cost?');
  bench.reply('q');
  tell(
    { type: 'transcript.agent', reply_id: 'q', text: 'One moment.', interrupted: false },
    { type: 'tool.call', call_id: 'c', name: 'prices', arguments: {} },
    { type: 'reply.done', reply_id: 'q' },
  );
  bench.hear(2, 100, true);
  bench.session.answerTool('c', '80', false);
  await bench.loseSession();
  bench.accept('s-2');
  expect(JSON.stringify(bench.server.latest.sent[0])).toContain('The tool prices');
  expect(asked()).toEqual(['What does a room cost?']);
});

it.each([[''], ['One moment.']])(
  'a question whose tool is still running is put to the session that takes over when it has finished, with its outcome, so that it is not called twice (said before: %j)',
  async (text) => {
    said('Book a room.');
    bench.reply('q');
    tell(
      { type: 'transcript.agent', reply_id: 'q', text, interrupted: false },
      { type: 'tool.call', call_id: 'c', name: 'book', arguments: {} },
      { type: 'reply.done', reply_id: 'q' },
    );
    bench.hear(2, 100, true);
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual([]);
    bench.session.answerTool('c', '"Room 7"', false);
    expect(asked()).toEqual(['Book a room.']);
    expect(bench.server.latest.sentOfType('reply.create')[0]?.instructions).toContain('Its result: "Room 7"');
    bench.session.answerTool('none', '1', false);
    expect(asked()).toHaveLength(1);
  },
);

it('a typed line is put to the session that takes over once, also if a tool of an earlier turn has finished since', async () => {
  bench.reply('q');
  tell(
    { type: 'tool.call', call_id: 'c', name: 'prices', arguments: {} },
    { type: 'reply.done', reply_id: 'q', status: 'interrupted' },
  );
  bench.flushed(2, 0, 100);
  bench.session.say('One.');
  bench.session.answerTool('c', '80', false);
  await bench.loseSession();
  bench.accept('s-2');
  expect(asked()).toEqual(['One.']);
});

describe('what was typed before a stored agent greets is put to the session that takes over', () => {
  const greet = () => {
    answer('greeting', 'Hello.');
    bench.hear(1, 100, true);
  };

  beforeEach(() => {
    bench = new SessionBench({ config: { agent_id: 'stored' } });
  });

  it('if the server does not tell whether it greets', async () => {
    bench.session.start();
    bench.session.say('A room, please.');
    await bench.settle();
    bench.accept('s-1');
    greet();
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual(['A room, please.']);
  });

  it('if it greets again in another session', async () => {
    await bench.untilReady();
    bench.session.say('A room, please.');
    await bench.loseSession();
    bench.accept('s-2');
    greet();
    // A connection that lasts is followed by another one at once.
    await bench.advance(11_000);
    await bench.loseSession();
    bench.accept('s-3');
    expect(asked()).toEqual(['A room, please.']);
  });

  it('unless the server tells that it does not', async () => {
    bench.session.start();
    bench.session.say('A room, please.');
    await bench.settle();
    bench.accept('s-1', { config: { system_prompt: 'Be kind.' } });
    answer('r', 'Gladly.');
    bench.hear(1, 100, true);
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual([]);
  });
});
