import { afterAll, describe, expect, test } from 'vitest';
import { Voice } from '../../../agent/voice.js';
import { encodeWireAudio } from '../../support/wire-audio.js';
import { Conversation, GREETING, QUESTION, REPLY_ORDER } from './conversation.js';

afterAll(() => Voice.shared.close());

describe('opening', () => {
  test('the resolved session is echoed before session.ready', async () => {
    const conversation = await Conversation.open({ input: { format: { encoding: 'audio/pcmu' } } });
    expect(conversation.order()).toEqual(['session.updated', 'session.ready']);
    expect(conversation.last('session.ready')).toMatchObject({
      session_id: conversation.session.id,
      resume_token: 'resume-me-1',
      config: {
        input: { format: { encoding: 'audio/pcmu', sample_rate: 8000 } },
        output: { voice: null, format: null },
      },
    });
    const inAnHour = conversation.clock.epochMs() / 1000 + 3600;
    expect(conversation.last('session.ready')?.expires_at).toBeCloseTo(inAnHour, -1);
  });

  test('a greeting is spoken word for word', async () => {
    const conversation = await Conversation.open({ greeting: GREETING });
    await conversation.pass(4000);
    expect(conversation.order(2)).toEqual(REPLY_ORDER);
    expect(conversation.last('transcript.agent')).toMatchObject({ text: GREETING, interrupted: false });
  });

  test('noise does not delay a greeting', async () => {
    const conversation = await Conversation.open({ greeting: GREETING });
    const speech = await conversation.user(`${QUESTION} ${QUESTION}`);
    // As if the network had delayed the first audio, which then arrives at once.
    const first = { rateHz: 24_000, samples: speech.subarray(0, 24 * 600) };
    const audio = Buffer.from(encodeWireAudio('audio/pcm', first)).toString('base64');
    conversation.tell({ type: 'input.audio', audio });
    await conversation.listen(600, speech.subarray(24 * 600));
    expect(conversation.order()).toContain('reply.audio');
  });

  test('without a greeting the agent listens first', async () => {
    const conversation = await Conversation.open();
    await conversation.listen(5000);
    expect(conversation.order()).toEqual(['session.updated', 'session.ready']);
  });
});

describe.each(['audio/pcm', 'audio/pcmu', 'audio/pcma'])('a turn in %s', (encoding) => {
  test('has the messages of the service in their order, with a description as transcript', async () => {
    const conversation = await Conversation.open({
      input: { format: { encoding } },
      output: { format: { encoding } },
    });
    const question = await conversation.user(QUESTION);
    await conversation.listen(300);
    await conversation.listen(4000, question);
    await conversation.pass(16_000);
    expect(conversation.order(2)).toEqual([
      'input.speech.started',
      'transcript.user.delta',
      'input.speech.stopped',
      'transcript.user',
      ...REPLY_ORDER,
    ]);
    const seconds = question.length / (encoding === 'audio/pcm' ? 24_000 : 8_000);
    const text = conversation.last('transcript.user')?.text as string;
    expect(text).toMatch(/^\(\d\.\d s of speech, fairly loud\)$/);
    expect(Number.parseFloat(text.slice(1))).toBeCloseTo(seconds, 0);
    expect(Math.abs(Number.parseFloat(text.slice(1)) - seconds)).toBeLessThan(0.25);
    expect(conversation.last('transcript.agent')?.text).toContain(
      `${Number.parseFloat(text.slice(1))} seconds`,
    );
  });
});

test('speech is announced after 0.6 s, and deltas contain the whole utterance so far', async () => {
  const conversation = await Conversation.open();
  await conversation.listen(3000, await conversation.user(QUESTION));
  const [started] = conversation.ofType('input.speech.started');
  expect(started!.atMs).toBeGreaterThanOrEqual(600 - 50);
  expect(started!.atMs).toBeLessThanOrEqual(700);
  const texts = conversation.ofType('transcript.user.delta').map(({ message }) => message.text as string);
  const seconds = texts.map((text) => Number.parseFloat(text.slice(1)));
  expect(texts.length).toBeGreaterThanOrEqual(3);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  const items = new Set(
    [...conversation.ofType('transcript.user.delta'), ...conversation.ofType('transcript.user')].map(
      ({ message }) => message.item_id,
    ),
  );
  expect(items.size).toBe(1);
});

test('the agent does not talk over a user who continues before the answer', async () => {
  const conversation = await Conversation.open({ input: { turn_detection: { min_silence: 200 } } });
  const first = await conversation.user('Well, let me see.');
  await conversation.listen((first.length / 24_000) * 1000 + 350, first);
  expect(conversation.ofType('transcript.user').length).toBe(1);
  expect(conversation.ofType('reply.started').length).toBe(0);
  const second = await conversation.user('I would like to say one more thing, if I may.');
  await conversation.listen(1000, second);
  expect(conversation.ofType('reply.started').length).toBe(0);
  await conversation.listen(4000, second.subarray(24_000));
  await conversation.pass(20_000);
  expect(conversation.ofType('transcript.user').length).toBe(2);
  expect(conversation.ofType('reply.started').length, 'remarks on both parts').toBe(1);
});

test('a text request is not lost if the user speaks meanwhile', async () => {
  const conversation = await Conversation.open();
  conversation.tell({ type: 'reply.create', instructions: 'thanks' });
  conversation.tell({ type: 'reply.create', instructions: 'goodbye' });
  await conversation.listen(3500, await conversation.user(QUESTION));
  await conversation.pass(25_000);
  const texts = conversation.ofType('transcript.agent').map(({ message }) => message.text as string);
  expect(texts.length).toBe(3);
  expect(texts[0]).toContain('You are very welcome');
  expect(texts[1]).toContain('Goodbye');
  const [answered] = conversation.ofType('reply.started');
  expect(answered!.atMs).toBeGreaterThan(conversation.ofType('transcript.user')[0]!.atMs - 10);
});

describe('barge-in', () => {
  async function speaking(update: Record<string, unknown> = {}, faults = {}): Promise<Conversation> {
    const conversation = await Conversation.open(
      {
        greeting:
          'I shall now speak for quite a while about nothing at all, until somebody stops me. And so on, and so on, and so on, for as long as it takes.',
        ...update,
      },
      faults,
    );
    await conversation.listen(1500);
    expect(conversation.ofType('reply.started').length).toBe(1);
    return conversation;
  }

  test('stops the reply with one sequence: announcement, trimmed transcript, interrupted', async () => {
    const conversation = await speaking();
    const from = conversation.sent.length;
    await conversation.listen(2200, await conversation.user('Stop it please, I want to say something now.'));
    const types = conversation.order(from).filter((type) => type !== 'reply.audio');
    expect(types.slice(0, 3)).toEqual(['input.speech.started', 'transcript.agent', 'reply.done']);
    const [started, transcript, done] = ['input.speech.started', 'transcript.agent', 'reply.done'].map(
      (type) => conversation.ofType(type)[0]!,
    );
    expect(done!.atMs - started!.atMs).toBeLessThanOrEqual(2);
    expect(started!.atMs - 1500).toBeGreaterThanOrEqual(1050);
    expect(started!.atMs - 1500).toBeLessThanOrEqual(1300);
    expect(done!.message).toMatchObject({ status: 'interrupted' });
    const full = conversation.session.config.greeting!;
    const heard = transcript!.message.text as string;
    expect(transcript!.message.interrupted).toBe(true);
    expect(full.startsWith(heard)).toBe(true);
    expect(heard.length).toBeGreaterThan(5);
    expect(heard.length).toBeLessThan(full.length / 2);
    const soundAfter = conversation.ofType('reply.audio').filter(({ atMs }) => atMs > done!.atMs);
    expect(soundAfter).toEqual([]);
  });

  test('ignores an "uh-huh"', async () => {
    const conversation = await speaking();
    const from = conversation.sent.length;
    await conversation.listen(3000, await conversation.user('Yes.'));
    expect(conversation.order(from)).toEqual(['reply.audio']);
  });

  test('a false early alarm does not affect the reply', async () => {
    const conversation = await speaking({}, { speechAlarmMs: 250 });
    const from = conversation.sent.length;
    await conversation.listen(3000, await conversation.user('Yes.'));
    const types = conversation.order(from).filter((type) => type !== 'reply.audio');
    expect(types).toEqual(['input.speech.started', 'input.speech.stopped']);
  });

  test('a true early alarm is not announced twice', async () => {
    const conversation = await speaking({}, { speechAlarmMs: 250 });
    await conversation.listen(2000, await conversation.user('Stop it please, I want to say something now.'));
    expect(conversation.ofType('input.speech.started').length).toBe(1);
    expect(conversation.last('reply.done')).toMatchObject({ status: 'interrupted' });
  });

  test('a protected greeting is not interrupted, but later replies are', async () => {
    const turns = { uninterruptible_turns: ['greeting'] };
    const conversation = await speaking({ input: { turn_detection: turns } });
    const words = await conversation.user('Stop it please, I want to say something now.');
    await conversation.listen(3000, words);
    expect(conversation.ofType('reply.done')).toEqual([]);
    await conversation.listen(12_000);
    conversation.tell({ type: 'reply.create', instructions: 'Tell me a story.' });
    await conversation.listen(2500);
    await conversation.listen(3000, words);
    expect(conversation.last('reply.done')).toMatchObject({ status: 'interrupted' });
  });

  test('interruption_delay delays the decision', async () => {
    const conversation = await speaking({ input: { turn_detection: { interruption_delay: 0 } } });
    await conversation.listen(2200, await conversation.user('Stop it please, I want to say something now.'));
    const [started] = conversation.ofType('input.speech.started');
    expect(started!.atMs - 1500).toBeGreaterThanOrEqual(550);
    expect(started!.atMs - 1500).toBeLessThanOrEqual(800);
  });

  test('reply.cancel stops only the reply that it names', async () => {
    const conversation = await speaking();
    const { reply_id: replyId } = conversation.last('reply.started')!;
    conversation.tell({ type: 'reply.cancel', reply_id: 'reply_of_another' });
    await conversation.pass(200);
    expect(conversation.ofType('reply.done')).toEqual([]);
    conversation.tell({ type: 'reply.create', instructions: 'thanks' });
    conversation.tell({ type: 'reply.cancel', reply_id: replyId });
    expect(conversation.last('reply.done')).toMatchObject({ reply_id: replyId, status: 'interrupted' });
    expect(conversation.last('transcript.agent')).toMatchObject({ interrupted: true });
    await conversation.pass(8000);
    expect(conversation.last('transcript.agent')?.text).toContain('You are very welcome');
  });

  test('is disabled if the session forbids it', async () => {
    const conversation = await speaking({ input: { turn_detection: { interrupt_response: false } } });
    await conversation.listen(3000, await conversation.user('Stop it please, I want to say something now.'));
    expect(conversation.ofType('reply.done')).toEqual([]);
  });
});

describe('typed text', () => {
  test('a message alone has no effect; reply.create with instructions is answered', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'conversation.message', role: 'user', content: 'Do you like ships?' });
    await conversation.pass(3000);
    expect(conversation.ofType('reply.started')).toEqual([]);
    conversation.tell({
      type: 'reply.create',
      instructions: 'The user typed: "Do you like ships?" Answer it.',
    });
    await conversation.pass(20_000);
    expect(conversation.last('transcript.agent')?.text).toContain('Do you like ships');
  });
});

describe('changes and errors', () => {
  test('mutable fields change, immutable ones are refused, and the session continues', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'session.update', session: { system_prompt: 'New.', output: { volume: 50 } } });
    expect(conversation.last('session.updated')).toMatchObject({
      config: { system_prompt: 'New.', output: { volume: 50 } },
    });
    conversation.tell({ type: 'session.update', session: { output: { voice: 'anna' } } });
    expect(conversation.last('session.error')).toMatchObject({
      code: 'immutable_field',
      param: 'output.voice',
    });
    expect(conversation.session.config.output.voice).toBe('alba');
    expect(conversation.closes).toEqual([]);
  });

  test('the input encoding can change during a call', async () => {
    const conversation = await Conversation.open();
    await conversation.listen(500);
    conversation.tell({ type: 'session.update', session: { input: { format: { encoding: 'audio/pcma' } } } });
    await conversation.listen(3500, await conversation.user(QUESTION));
    expect(conversation.last('transcript.user')?.text).toMatch(/fairly loud/);
  });

  test('audio that is not base64 is an error, and the session continues', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'input.audio', audio: 'not base64!' });
    expect(conversation.last('session.error')).toMatchObject({ code: 'invalid_audio', param: 'audio' });
    expect(conversation.closes).toEqual([]);
  });

  test('audio far ahead of real time is dropped, and the session continues; a catch-up of three seconds is accepted', async () => {
    const conversation = await Conversation.open();
    const second = Buffer.alloc(48_000).toString('base64');
    for (let sent = 0; sent < 4; sent++) conversation.tell({ type: 'input.audio', audio: second });
    expect([conversation.ofType('session.error'), conversation.heardFrames]).toEqual([[], 4 * 24_000]);
    for (let sent = 0; sent < 4; sent++) conversation.tell({ type: 'input.audio', audio: second });
    expect(conversation.ofType('session.error').map(({ message }) => message.code)).toEqual([
      'audio_rate_violation',
    ]);
    expect([conversation.closes, conversation.heardFrames]).toEqual([[], 5 * 24_000]);
    await conversation.pass(2000);
    conversation.tell({ type: 'input.audio', audio: second });
    expect(conversation.heardFrames).toBe(6 * 24_000);
  });

  test('with audio-burst, no more than a second may arrive at once, as documented', async () => {
    const conversation = await Conversation.open({}, { audioBurstMs: 1000 });
    const second = Buffer.alloc(48_000).toString('base64');
    await conversation.pass(10_000);
    for (let sent = 0; sent < 3; sent++) conversation.tell({ type: 'input.audio', audio: second });
    expect(conversation.heardFrames).toBe(24_000);
  });

  test('session.end is answered with the length of the session and close 1000', async () => {
    const conversation = await Conversation.open({ greeting: GREETING });
    await conversation.pass(2500);
    conversation.tell({ type: 'session.end' });
    expect(conversation.last('session.ended')).toEqual({
      type: 'session.ended',
      session_duration_seconds: 2.5,
      audio_duration_seconds: null,
    });
    expect([conversation.closes, conversation.session.ended]).toEqual([[1000], true]);
    const count = conversation.sent.length;
    await conversation.pass(3000);
    expect([conversation.sent.length, conversation.clock.pendingTimers]).toEqual([count, 0]);
  });
});
