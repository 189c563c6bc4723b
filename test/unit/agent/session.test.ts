import { afterAll, describe, expect, test } from 'vitest';
import { Voice } from '../../../agent/voice.js';
import { encodeWireAudio } from '../../support/wire-audio.js';
import { Conversation } from './conversation.js';

afterAll(() => Voice.shared.close());

const GREETING = 'Hello there.';
const QUESTION = 'Good morning, how are you doing today?';
const TOOL = {
  type: 'function',
  name: 'get_time',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: { city: { type: 'string' }, exact: { type: 'boolean' } } },
};
const REPLY_ORDER = [
  ...[
    'reply.started',
    'reply.audio',
    'transcript.agent.delta',
    'reply.audio',
    'transcript.agent',
    'reply.done',
  ],
];

describe('opening', () => {
  test('the resolved session is echoed before session.ready', async () => {
    const conversation = await Conversation.open({ input: { format: { encoding: 'audio/pcmu' } } });
    expect(conversation.order()).toEqual(['session.updated', 'session.ready']);
    expect(conversation.last('session.ready')).toMatchObject({
      session_id: conversation.session.id,
      resume_token: 'resume-me',
      config: {
        input: { format: { encoding: 'audio/pcmu', sample_rate: 8000 } },
        output: { voice: 'alba', format: { encoding: 'audio/pcm', sample_rate: 24_000 } },
      },
    });
    const inAnHour = conversation.clock.epochMs() / 1000 + 3600;
    expect(conversation.last('session.ready')?.expires_at).toBeCloseTo(inAnHour, -1);
  });

  test('a greeting is spoken literally', async () => {
    const conversation = await Conversation.open({ greeting: GREETING });
    await conversation.pass(4000);
    expect(conversation.order(2)).toEqual(REPLY_ORDER);
    expect(conversation.last('transcript.agent')).toMatchObject({ text: GREETING, interrupted: false });
  });

  test('a greeting is not held back by whatever is heard', async () => {
    const conversation = await Conversation.open({ greeting: GREETING });
    const speech = await conversation.user(`${QUESTION} ${QUESTION}`);
    // As if the network had kept the first moments, which come at once.
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
  test('goes through the messages of the service in their order, with an honest transcript', async () => {
    const conversation = await Conversation.open({
      input: { format: { encoding } },
      output: { format: { encoding } },
    });
    const question = await conversation.user(QUESTION);
    await conversation.listen(300);
    await conversation.listen(4000, question);
    await conversation.pass(16_000);
    expect(conversation.order(2)).toEqual([
      ...[
        'input.speech.started',
        'transcript.user.delta',
        'input.speech.stopped',
        'transcript.user',
        ...REPLY_ORDER,
      ],
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

test('speech is announced half a second in, and deltas hold the whole utterance so far', async () => {
  const conversation = await Conversation.open();
  await conversation.listen(3000, await conversation.user(QUESTION));
  const [started] = conversation.ofType('input.speech.started');
  expect(started!.atMs).toBeGreaterThanOrEqual(500 - 50);
  expect(started!.atMs).toBeLessThanOrEqual(600);
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

test('somebody who goes on talking while the agent thinks is not talked over', async () => {
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

test('what was asked for in writing is not lost when somebody speaks meanwhile', async () => {
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

  test('stops the reply in one breath: announcement, trimmed transcript, interrupted', async () => {
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

  test('an "uh-huh" does not', async () => {
    const conversation = await speaking();
    const from = conversation.sent.length;
    await conversation.listen(3000, await conversation.user('Yes.'));
    expect(conversation.order(from)).toEqual(['reply.audio']);
  });

  test('an early alarm that was false leaves the reply alone', async () => {
    const conversation = await speaking({}, { speechAlarmMs: 250 });
    const from = conversation.sent.length;
    await conversation.listen(3000, await conversation.user('Yes.'));
    const types = conversation.order(from).filter((type) => type !== 'reply.audio');
    expect(types).toEqual(['input.speech.started', 'input.speech.stopped']);
  });

  test('an early alarm that was true is not announced twice', async () => {
    const conversation = await speaking({}, { speechAlarmMs: 250 });
    await conversation.listen(2000, await conversation.user('Stop it please, I want to say something now.'));
    expect(conversation.ofType('input.speech.started').length).toBe(1);
    expect(conversation.last('reply.done')).toMatchObject({ status: 'interrupted' });
  });

  test('nobody interrupts where the session forbids it', async () => {
    const conversation = await speaking({ input: { turn_detection: { interrupt_response: false } } });
    await conversation.listen(3000, await conversation.user('Stop it please, I want to say something now.'));
    expect(conversation.ofType('reply.done')).toEqual([]);
  });
});

describe('typed text', () => {
  test('a message alone is not seen, a reply with instructions is answered', async () => {
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

describe('tools', () => {
  async function calling(update: Record<string, unknown> = {}): Promise<Conversation> {
    const conversation = await Conversation.open({ tools: [TOOL], ...update });
    conversation.tell({ type: 'reply.create', instructions: 'Use the tool get_time' });
    await conversation.pass(500);
    return conversation;
  }

  test('a call comes with arguments that fit, and its result is spoken', async () => {
    const conversation = await calling();
    expect(conversation.order(2).slice(0, 3)).toEqual(['reply.started', 'reply.audio', 'tool.call']);
    const call = conversation.last('tool.call')!;
    expect(call).toMatchObject({ name: 'get_time', arguments: { city: 'Lisbon', exact: true } });
    await conversation.pass(8000);
    expect(conversation.ofType('reply.started').length).toBe(1);
    conversation.tell({ type: 'tool.result', call_id: call.call_id, result: '{"time":"noon"}' });
    await conversation.pass(8000);
    expect(conversation.last('transcript.agent')?.text).toBe(
      'The tool get time answered. It says: time: noon.',
    );
  });

  test('an error is spoken as an error', async () => {
    const conversation = await calling();
    const { call_id } = conversation.last('tool.call')!;
    conversation.tell({ type: 'tool.result', call_id, result: '"no clock"', is_error: true });
    await conversation.pass(15_000);
    expect(conversation.last('transcript.agent')?.text).toBe(
      'The tool get time reported an error. It says: no clock.',
    );
  });

  test('a call that nobody answers is given up after its own time', async () => {
    const conversation = await calling({ tools: [{ ...TOOL, timeout_seconds: 12 }] });
    await conversation.pass(11_000);
    expect(conversation.ofType('reply.started').length).toBe(1);
    await conversation.pass(9000);
    expect(conversation.last('transcript.agent')?.text).toContain('did not answer in time');
    const { call_id } = conversation.last('tool.call')!;
    conversation.tell({ type: 'tool.result', call_id, result: '1' });
    expect(conversation.ofType('session.error')).toEqual([]);
  });

  test('an interruption drops the calls; their late results are neither spoken nor an error', async () => {
    const story = 'Here is a filler that is long enough for somebody to lose patience with it, as one does.';
    const conversation = await Conversation.open({ tools: [TOOL], greeting: story }, { toolStorm: 2 });
    await conversation.pass(9000);
    conversation.tell({ type: 'reply.create', instructions: 'help' });
    await conversation.pass(1000);
    const calls = conversation.ofType('tool.call');
    expect(calls.length).toBe(2);
    await conversation.listen(3500, await conversation.user('Stop it please, I want to say something now.'));
    expect(conversation.last('reply.done')).toMatchObject({ status: 'interrupted' });
    for (const { message } of calls) {
      conversation.tell({ type: 'tool.result', call_id: message.call_id, result: '"too late"' });
    }
    await conversation.pass(25_000);
    expect(conversation.ofType('session.error')).toEqual([]);
    const texts = conversation.ofType('transcript.agent').map(({ message }) => message.text as string);
    expect(texts.filter((text) => text.includes('too late'))).toEqual([]);
    expect(texts.length).toBe(3);
  });

  test('an answer to a call that never was is an error', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'tool.result', call_id: 'call_of_the_wild', result: '1' });
    expect(conversation.last('session.error')).toMatchObject({ code: 'invalid_value', param: 'call_id' });
  });

  test("a stored agent's own tools are announced, and answered without the client", async () => {
    const conversation = await Conversation.open({ agent_id: 'demo' });
    await conversation.pass(9000);
    conversation.tell({ type: 'reply.create', instructions: 'look_up_weather' });
    await conversation.pass(1000);
    const call = conversation.last('tool.call')!;
    expect(call.name).toBe('look_up_weather');
    conversation.tell({ type: 'tool.result', call_id: call.call_id, result: '1' });
    expect(conversation.last('session.error')).toMatchObject({ param: 'call_id' });
  });

  test('a storm brings known and unknown calls at once', async () => {
    const conversation = await Conversation.open({ greeting: GREETING, tools: [TOOL] }, { toolStorm: 4 });
    await conversation.listen(3000);
    conversation.tell({ type: 'reply.create', instructions: 'thanks' });
    await conversation.pass(1000);
    const calls = conversation.ofType('tool.call');
    expect(calls.map(({ message }) => message.name)).toEqual([
      'get_time',
      'unknown_tool_1',
      'get_time',
      'unknown_tool_3',
    ]);
    expect(new Set(calls.map(({ atMs }) => atMs)).size).toBe(1);
  });
});

describe('changes and mistakes', () => {
  test('mutable fields change, immutable ones are refused and the session goes on', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'session.update', session: { system_prompt: 'New.', output: { volume: 50 } } });
    expect(conversation.last('session.updated')).toMatchObject({
      config: { system_prompt: 'New.', output: { volume: 50 } },
    });
    conversation.tell({ type: 'session.update', session: { output: { voice: 'anna' } } });
    expect(conversation.last('session.error')).toMatchObject({
      code: 'immutable_field',
      param: 'session.output.voice',
    });
    expect(conversation.session.config.output.voice).toBe('alba');
    expect(conversation.closes).toEqual([]);
  });

  test('the input may change its encoding in mid-call and is still understood', async () => {
    const conversation = await Conversation.open();
    await conversation.listen(500);
    conversation.tell({ type: 'session.update', session: { input: { format: { encoding: 'audio/pcma' } } } });
    await conversation.listen(3500, await conversation.user(QUESTION));
    expect(conversation.last('transcript.user')?.text).toMatch(/fairly loud/);
  });

  test('audio that is no base64 is an error that the session survives', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'input.audio', audio: 'not base64!' });
    expect(conversation.last('session.error')).toMatchObject({ code: 'invalid_audio', param: 'audio' });
    expect(conversation.closes).toEqual([]);
  });

  test('audio far ahead of the clock ends the session, a catch-up of three seconds does not', async () => {
    const conversation = await Conversation.open();
    const second = Buffer.alloc(48_000).toString('base64');
    for (let sent = 0; sent < 4; sent++) conversation.tell({ type: 'input.audio', audio: second });
    expect(conversation.ofType('session.error')).toEqual([]);
    for (let sent = 0; sent < 4; sent++) conversation.tell({ type: 'input.audio', audio: second });
    expect(conversation.last('session.error')).toMatchObject({ code: 'audio_rate_violation' });
    expect([conversation.closes, conversation.session.ended]).toEqual([[1008], true]);
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
    expect([conversation.sent.length, conversation.clock.timerCount]).toEqual([count, 0]);
  });
});
