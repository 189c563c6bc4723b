import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientMessage, FunctionTool } from '../../../src/protocol/messages.js';
import { ToolResults, type UnusedResult } from '../../../src/session/tool-results.js';

let sent: ClientMessage[];
let tools: ToolResults;
let unused: UnusedResult[];
let isReady: boolean;
const call = (call_id: string, name: string) =>
  tools.called({ type: 'tool.call', call_id, name, arguments: { of: call_id } });

beforeEach(() => {
  sent = [];
  unused = [];
  isReady = true;
  tools = new ToolResults({
    send: (message) => sent.push(message),
    isReady: () => isReady,
    allSent: () => undefined,
    unused: (result) => unused.push(result),
  });
});

const tool = (name: string, http?: unknown): FunctionTool => ({
  type: 'function',
  name,
  description: '',
  parameters: {},
  ...(http === undefined ? {} : { http }),
});

describe('results of tools', () => {
  it('wait for the end of the reply', () => {
    expect(call('c1', 'weather')).toBe(true);
    tools.answer('c1', '{"sun":true}', false, true);
    expect(sent).toEqual([]);
    tools.release();
    expect(sent).toEqual([{ type: 'tool.result', call_id: 'c1', result: '{"sun":true}' }]);
    expect(tools.pending, 'its answer is to come').toBe(true);
    tools.arrived();
    expect(tools.pending).toBe(false);
  });

  it('are sent at once if no reply is in progress, or if the page wants it', () => {
    call('c1', 'a');
    tools.answer('c1', '1', false, false);
    tools.timing = 'immediate';
    call('c2', 'a');
    tools.answer('c2', '2', true, true);
    expect(sent).toEqual([
      { type: 'tool.result', call_id: 'c1', result: '1' },
      { type: 'tool.result', call_id: 'c2', result: '2', is_error: true },
    ]);
  });

  it('of several calls are sent once each, in any order', () => {
    for (const id of ['c1', 'c2', 'c3']) call(id, 'a');
    expect(call('c2', 'a'), 'said twice').toBe(false);
    tools.answer('c3', '3', false, true);
    tools.answer('c1', '1', false, true);
    tools.release();
    tools.answer('c2', '2', false, false);
    tools.answer('c2', '2', false, false);
    expect(sent.map((message) => message.type === 'tool.result' && message.call_id)).toEqual([
      'c3',
      'c1',
      'c2',
    ]);
  });

  it('are dropped by an interruption, finished or not', () => {
    call('c1', 'a');
    call('c2', 'a');
    tools.answer('c1', '1', false, true);
    tools.drop();
    tools.answer('c2', '2', false, false);
    tools.release();
    expect(sent).toEqual([]);
    expect(tools.pending).toBe(false);
    const rest = { name: 'a', isError: false };
    expect(unused, 'what was done is done').toEqual([
      { ...rest, callId: 'c1', arguments: { of: 'c1' }, result: '1' },
      { ...rest, callId: 'c2', arguments: { of: 'c2' }, result: '2' },
    ]);
    tools.answer('c2', '2', false, false);
    expect(unused).toHaveLength(2);
  });

  it('are sent again after the connection was lost, unless a reply has shown that they arrived', () => {
    for (const id of ['c1', 'c2', 'c3']) call(id, 'a');
    tools.answer('c1', '1', false, false);
    tools.arrived();
    tools.answer('c2', '2', false, false);
    isReady = false;
    tools.lost();
    tools.answer('c3', '3', false, false);
    tools.release();
    expect(sent, 'nothing without a connection').toHaveLength(2);
    isReady = true;
    tools.release();
    const ids = () => sent.map((message) => message.type === 'tool.result' && message.call_id);
    expect(ids()).toEqual(['c1', 'c2', 'c2', 'c3']);
    tools.drop();
    tools.lost();
    tools.release();
    expect(ids(), 'their turn was over').toHaveLength(4);
    expect(unused).toEqual([]);
  });

  it('of tools that the server calls over HTTP are never requested', () => {
    tools.resolved([tool('weather', { url: 'https://x' }), tool('clock'), tool('map')]);
    expect(call('c1', 'weather')).toBe(false);
    expect(call('c2', 'clock')).toBe(true);
    expect(call('c3', 'map')).toBe(true);
  });

  it('of the platform’s own and of deployed tools are left to the server', () => {
    tools.resolved([{ ...tool('search'), deployment_id: 'd-1' }, tool('map')]);
    expect(call('c1', 'search')).toBe(false);
    expect(call('c2', 'map')).toBe(true);
    expect(call('c3', 'aai_transfer_call')).toBe(false);
  });

  it('of unknown calls are not sent', () => {
    tools.answer('never', '1', false, false);
    expect(sent).toEqual([]);
  });

  it('are limited in number', () => {
    const accepted = Array.from({ length: 10_000 }, (_, i) => call(`c${i}`, 'a')).filter(Boolean);
    expect(accepted).toHaveLength(128);
  });
});
