import { afterAll, describe, expect, test } from 'vitest';
import { Voice } from '../../../agent/voice.js';
import { Conversation, GREETING } from './conversation.js';

afterAll(() => Voice.shared.close());

const TOOL = {
  type: 'function',
  name: 'get_time',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: { city: { type: 'string' }, exact: { type: 'boolean' } } },
};

describe('tools', () => {
  async function calling(update: Record<string, unknown> = {}): Promise<Conversation> {
    const conversation = await Conversation.open({ tools: [TOOL], ...update });
    conversation.tell({ type: 'reply.create', instructions: 'Use the tool get_time' });
    await conversation.pass(500);
    return conversation;
  }

  test('a call has valid arguments, and its result is spoken', async () => {
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

  test('instructions are forgotten after a tool’s result, unless they are sent again', async () => {
    const tools = [TOOL, { ...TOOL, name: 'get_date' }];
    const instructions = 'Use get_time, then get_date';
    const names = (of: Conversation) => of.ofType('tool.call').map(({ message }) => message.name);
    for (const [isRepeated, called] of [
      [false, ['get_time']],
      [true, ['get_time', 'get_date']],
    ] as const) {
      const conversation = await Conversation.open({ tools });
      conversation.tell({ type: 'reply.create', instructions });
      for (let reply = 1; reply <= 3; reply++) {
        await conversation.pass(12_000);
        const { call_id } = conversation.last('tool.call')!;
        if (conversation.ofType('tool.call').length < reply) break;
        conversation.tell({ type: 'tool.result', call_id, result: `"it is ${reply}"` });
        if (isRepeated) conversation.tell({ type: 'reply.create', instructions });
      }
      expect(names(conversation), 'none twice').toEqual(called);
      // One reply for each result, without another one for the instructions.
      expect(conversation.ofType('reply.started')).toHaveLength(called.length + 1);
      expect(conversation.last('transcript.agent')?.text).toContain(`It says: it is ${called.length}`);
      // Another turn may call the same tool again.
      conversation.tell({ type: 'reply.create', instructions });
      await conversation.pass(12_000);
      expect(names(conversation)).toEqual([...called, 'get_time']);
    }
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

  test('a call without an answer times out after its own time', async () => {
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

  test('a result for a call that was never made is an error', async () => {
    const conversation = await Conversation.open();
    conversation.tell({ type: 'tool.result', call_id: 'call_of_the_wild', result: '1' });
    expect(conversation.last('session.error')).toMatchObject({ code: 'invalid_value', param: 'call_id' });
  });

  test("a stored agent's own tools are announced, but answered by the service", async () => {
    const conversation = await Conversation.open({ agent_id: 'demo' });
    await conversation.pass(9000);
    conversation.tell({ type: 'reply.create', instructions: 'look_up_weather' });
    await conversation.pass(1000);
    const call = conversation.last('tool.call')!;
    expect(call.name).toBe('look_up_weather');
    conversation.tell({ type: 'tool.result', call_id: call.call_id, result: '1' });
    expect(conversation.last('session.error')).toMatchObject({ param: 'call_id' });
  });

  test.each([{ name: 'aai_transfer' }, { name: 'get_time', deployment_id: 'd1' }])(
    'a platform tool is announced, and the platform answers it: %j',
    async (own) => {
      const conversation = await Conversation.open({ tools: [{ ...TOOL, ...own }] });
      conversation.tell({ type: 'reply.create', instructions: `Use ${own.name}` });
      await conversation.pass(1000);
      const call = conversation.last('tool.call')!;
      expect(call.name).toBe(own.name);
      conversation.tell({ type: 'tool.result', call_id: call.call_id, result: '1' });
      expect(conversation.last('session.error')).toMatchObject({ param: 'call_id' });
    },
  );

  test('tool-storm sends known and unknown calls at once', async () => {
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
