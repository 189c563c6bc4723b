import { afterAll, describe, expect, test } from 'vitest';
import { Voice } from '../../../agent/voice.js';
import { Conversation, GREETING, QUESTION, REPLY_ORDER } from './conversation.js';

afterAll(() => Voice.shared.close());

describe('failures of the service', () => {
  test('a reply can fail, retryable or not', async () => {
    for (const replyErrorRetryable of [true, false]) {
      const conversation = await Conversation.open(
        { greeting: GREETING },
        { replyError: 1, replyErrorRetryable },
      );
      await conversation.pass(1500);
      expect(conversation.order(2)).toEqual(['reply.started', 'reply.error', 'reply.done']);
      expect(conversation.last('reply.error')).toMatchObject({
        reply_id: conversation.last('reply.started')!.reply_id,
        retryable: replyErrorRetryable,
        code: 'provider_error',
        status_code: 503,
      });
      conversation.tell({ type: 'reply.create', instructions: 'thanks' });
      await conversation.pass(8000);
      expect(conversation.last('transcript.agent')?.text).toContain('You are very welcome');
    }
  });

  test('endAfterLastReply() sends a whole reply at once, then ends the session', async () => {
    const conversation = await Conversation.open();
    await conversation.pass(1000);
    const from = conversation.sent.length;
    conversation.session.endAfterLastReply();
    await conversation.pass(500);
    expect(conversation.order(from)).toEqual([...REPLY_ORDER, 'session.ended']);
    expect(conversation.ofType('reply.audio').length).toBeGreaterThan(100);
    expect(conversation.closes).toEqual([1000]);
  });

  test('an unsupported language is accepted, but nothing is recognized', async () => {
    const conversation = await Conversation.open({ input: { language_codes: ['tlh'] } });
    await conversation.listen(4000, await conversation.user(QUESTION));
    expect(conversation.order(2)).toEqual(['input.speech.started', 'input.speech.stopped']);
  });
});

describe('a session without audio', () => {
  test('answers in text, and ignores audio', async () => {
    const conversation = await Conversation.open({ input: { type: 'text' }, output: { type: 'text' } });
    expect(conversation.last('session.ready')).toMatchObject({
      config: { input: { type: 'text' }, output: { type: 'text' } },
    });
    conversation.tell({ type: 'reply.create', instructions: 'thanks' });
    await conversation.pass(1000);
    expect(conversation.order(2)).toEqual([
      'reply.started',
      'transcript.agent.delta',
      'transcript.agent',
      'reply.done',
    ]);
    const deltas = conversation
      .ofType('transcript.agent.delta')
      .map(({ message }) => message.delta as string);
    expect(deltas.map((delta) => delta.trim()).join(' ')).toBe(conversation.last('transcript.agent')!.text);
    await conversation.listen(3000, await conversation.user(QUESTION));
    expect(conversation.heardFrames).toBe(0);
  });
});

test('at ten times the pace, the same conversation takes a tenth of the time', async () => {
  const conversation = await Conversation.open({ greeting: GREETING }, { pace: 10 });
  await conversation.pass(250);
  expect(conversation.order(2)).toEqual(REPLY_ORDER);
  await conversation.listen(2400, await conversation.user(QUESTION));
  // A pause of 60 ms ends a turn, so the question is over when its audio is.
  expect(conversation.ofType('transcript.user').length).toBeGreaterThan(0);
  await conversation.pass(1500);
  expect(conversation.ofType('reply.done').length).toBeGreaterThan(1);
});
