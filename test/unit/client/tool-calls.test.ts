import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  runToolCall,
  ToolCallEvent,
  toolDefinitions,
  type VoiceAgentTool,
} from '../../../src/client/tool-calls.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tool = (handler?: VoiceAgentTool['handler'], more: Partial<VoiceAgentTool> = {}): VoiceAgentTool => ({
  name: 'weather',
  description: 'Tells the weather.',
  parameters,
  ...(handler ? { handler } : {}),
  ...more,
});
const throwing = (reason: unknown): VoiceAgentTool =>
  tool(() => {
    throw reason as Error;
  });
const call = (args: Record<string, unknown> = { city: 'Ulm' }, name = 'weather') => ({
  callId: 'c',
  name,
  arguments: args,
});
const unanswered = () => undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a tool call', () => {
  it.each<[unknown, string]>([
    [{ sun: true }, '{"sun":true}'],
    ['rain', '"rain"'],
    [undefined, 'null'],
    [() => 1, 'null'],
    [Promise.resolve([1]), '[1]'],
  ])('is answered by its handler, in JSON', async (value, result) => {
    expect(await runToolCall(call(), [tool(() => value)], unanswered)).toEqual({ result, isError: false });
    expect(vi.getTimerCount(), 'its time limit is over, too').toBe(0);
  });

  it('is answered by a listener before the handler', async () => {
    const handler = vi.fn();
    expect(await runToolCall(call(), [tool(handler)], () => Promise.resolve(7))).toEqual({
      result: '7',
      isError: false,
    });
    expect(handler).not.toHaveBeenCalled();
    const withoutHandler = await runToolCall(call(), [tool()], () => Promise.resolve('ok'));
    expect(withoutHandler).toEqual({ result: '"ok"', isError: false });
  });

  it('whose handler throws also shows the error to the page’s author', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const error = new TypeError('city is undefined');
    const answer = await runToolCall(call(), [tool(() => Promise.reject(error))], unanswered);
    vi.unstubAllGlobals();
    expect(answer).toEqual({ result: '{"error":"city is undefined"}', isError: true });
    expect(report.mock.calls).toEqual([[error]]);
  });

  it('with invalid arguments runs no handler, and tells the model what to correct', async () => {
    const handler = vi.fn();
    const offer = vi.fn(unanswered);
    const answer = await runToolCall(call({ city: 7 }), [tool(handler)], offer);
    expect(answer.isError).toBe(true);
    expect(JSON.parse(answer.result)).toEqual({
      error: 'city does not fit type: "string". Correct it and call weather again.',
    });
    expect(handler).not.toHaveBeenCalled();
    expect(offer).not.toHaveBeenCalled();
  });

  it.each<[string, VoiceAgentTool[], string]>([
    [
      'thrown error',
      [
        tool(() => {
          throw new Error('No network here.');
        }),
      ],
      'No network here.',
    ],
    ['rejection', [tool(() => Promise.reject(new Error('Sold out.')))], 'Sold out.'],
    [
      'thrown text',
      [
        tool(() => {
          throw 'odd' as unknown as Error;
        }),
      ],
      'odd',
    ],
    ['thrown plain object', [throwing({ message: 'Sold out.', code: 409 })], 'Sold out.'],
    [
      'thrown object that has neither a message nor a prototype',
      [throwing(Object.assign(Object.create(null) as object, { code: 409 }))],
      '"code":409',
    ],
    ['rejection without a reason', [throwing(undefined)], 'undefined'],
    ['unknown tool', [], 'There is no tool named weather here.'],
    ['tool that nobody answers', [tool()], 'There is no tool named weather here.'],
    [
      'circular result',
      [
        tool(() => {
          const a: unknown[] = [];
          a.push(a);
          return a;
        }),
      ],
      'circular',
    ],
  ])('with a %s is answered with an error text', async (_what, tools, words) => {
    const answer = await runToolCall(call(), tools, unanswered);
    expect(answer.isError).toBe(true);
    expect(String((JSON.parse(answer.result) as { error: unknown }).error)).toContain(words);
  });

  it('that takes too long is an error, after the tool’s own time', async () => {
    const pending = runToolCall(
      call(),
      [tool(() => new Promise(() => undefined), { timeoutSeconds: 5 })],
      unanswered,
    );
    await vi.advanceTimersByTimeAsync(4_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await pending).toEqual({
      result: '{"error":"The tool gave no answer within 5 seconds."}',
      isError: true,
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the event of a tool call', () => {
  it('accepts one answer, while it is dispatched', async () => {
    const event = new ToolCallEvent(call());
    event.respondWith(Promise.resolve(1));
    expect(() => event.respondWith(2)).toThrow(TypeError);
    expect(await event.close()).toBe(1);
  });

  it('refuses later answers, because the model already has an error', () => {
    const event = new ToolCallEvent(call());
    expect(event.close()).toBeUndefined();
    expect(() => event.respondWith(1)).toThrow(/at once/);
  });
});

it('tools are sent to the server in the API’s form', () => {
  expect(toolDefinitions([tool(undefined, { executionMode: 'hold', timeoutSeconds: 9 })])).toEqual([
    {
      type: 'function',
      name: 'weather',
      description: 'Tells the weather.',
      parameters,
      execution_mode: 'hold',
      timeout_seconds: 9,
    },
  ]);
  expect(toolDefinitions([{ name: 'a', description: 'b' }])[0]?.parameters).toEqual({
    type: 'object',
    properties: {},
  });
});
