/** Typed text is repeated to the model until it is answered, also after the results of tools. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SentMessage } from '../../support/scripted-transport.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const tell = (...messages: Record<string, unknown>[]) => bench.server.latest.serverSends(...messages);
const sent = <Type extends SentMessage['type']>(type: Type) => bench.server.latest.sentOfType(type);
const asked = () => sent('reply.create').map(({ instructions }) => instructions);
const call = (id: string, name = 'book') => tell({ type: 'tool.call', call_id: id, name, arguments: {} });
const answer = (id: string) => bench.session.answerTool(id, '"done"', false);
const WRITTEN = expect.stringContaining('"A room, please."') as string;

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
});

describe('typed text', () => {
  beforeEach(() => bench.session.say('A room, please.'));

  it('is the instruction of the reply, and of each reply that follows a tool result', () => {
    expect(asked()).toEqual([WRITTEN]);
    for (const id of ['c1', 'c2', 'c3']) {
      tell({ type: 'reply.started', reply_id: id });
      call(id);
      answer(id);
      const before = asked().length;
      tell({ type: 'reply.done', reply_id: id });
      expect(asked().slice(before)).toEqual([WRITTEN]);
      expect(bench.server.latest.sent.slice(-2).map(({ type }) => type)).toEqual([
        'tool.result',
        'reply.create',
      ]);
    }
    tell({ type: 'reply.started', reply_id: 'r' }, { type: 'reply.done', reply_id: 'r' });
    expect(asked()).toHaveLength(4);
  });

  it('is repeated with the last result if several tools are running', () => {
    tell({ type: 'reply.started', reply_id: 'a' });
    call('c1');
    call('c2');
    tell({ type: 'reply.done', reply_id: 'a' });
    answer('c1');
    expect(asked()).toHaveLength(1);
    answer('c2');
    expect(asked()).toEqual([WRITTEN, WRITTEN]);
  });

  it('is repeated if a reply failed, or was empty after an interruption', () => {
    tell({ type: 'reply.started', reply_id: 'a' });
    tell({ type: 'reply.error', reply_id: 'a', code: 'llm_failed', message: 'No.', retryable: true });
    tell({ type: 'reply.done', reply_id: 'a' });
    expect(asked()).toEqual([WRITTEN, WRITTEN]);
  });

  it('belongs to the reply that answers it, not to one in progress', () => {
    bench.session.say('And breakfast.');
    tell({ type: 'reply.started', reply_id: 'a' }, { type: 'reply.done', reply_id: 'a' });
    tell({ type: 'reply.started', reply_id: 'b' });
    call('c1');
    answer('c1');
    tell({ type: 'reply.done', reply_id: 'b' });
    expect(asked().at(-1)).toContain('"And breakfast."');
  });

  it.each<[string, () => void]>([
    ['the user has spoken since', () => tell({ type: 'transcript.user', text: 'Something else.' })],
    ['another line was typed since', () => bench.session.say('And breakfast.')],
    ['the page has asked for a reply', () => bench.session.reply(undefined)],
  ])('is not repeated when it was answered and %s', (_what, happen) => {
    tell({ type: 'reply.started', reply_id: 'a' }, { type: 'reply.done', reply_id: 'a' });
    happen();
    const before = asked().length;
    tell({ type: 'reply.started', reply_id: 'b' });
    call('c1');
    answer('c1');
    tell({ type: 'reply.done', reply_id: 'b' });
    expect(asked().slice(before)).not.toContainEqual(WRITTEN);
  });

  it('is not forgotten because of noise without words', () => {
    tell({ type: 'reply.started', reply_id: 'a' });
    call('c1');
    tell({ type: 'input.speech.started' }, { type: 'input.speech.stopped' });
    tell({ type: 'transcript.user', text: ' ' }, { type: 'reply.done', reply_id: 'a' });
    answer('c1');
    expect(asked()).toEqual([WRITTEN, WRITTEN]);
  });
});

it('instructions of reply() are repeated, too', () => {
  bench.session.reply('Offer a room.');
  tell({ type: 'reply.started', reply_id: 'a' });
  call('c1');
  tell({ type: 'reply.done', reply_id: 'a' });
  answer('c1');
  expect(asked()).toEqual(['Offer a room.', 'Offer a room.']);
});

it('spoken words are known to the model: nothing is repeated with the result', () => {
  tell({ type: 'transcript.user', text: 'A room.' }, { type: 'reply.started', reply_id: 'a' });
  call('c1');
  tell({ type: 'reply.done', reply_id: 'a' });
  answer('c1');
  expect(sent('tool.result')).toHaveLength(1);
  expect(asked()).toEqual([]);
});
