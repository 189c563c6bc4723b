import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientMessage, FunctionTool } from '../../../src/protocol/messages.js';
import { ToolResults } from '../../../src/session/tool-results.js';

let sent: ClientMessage[];
let tools: ToolResults;

beforeEach(() => {
  sent = [];
  tools = new ToolResults((message) => sent.push(message));
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
    expect(tools.called('c1', 'weather')).toBe(true);
    tools.answer('c1', '{"sun":true}', false, true);
    expect(sent).toEqual([]);
    tools.replyDone();
    expect(sent).toEqual([{ type: 'tool.result', call_id: 'c1', result: '{"sun":true}' }]);
    expect(tools.pending).toBe(false);
  });

  it('go at once when no reply is under way, or when told to', () => {
    tools.called('c1', 'a');
    tools.answer('c1', '1', false, false);
    tools.timing = 'immediate';
    tools.called('c2', 'a');
    tools.answer('c2', '2', true, true);
    expect(sent).toEqual([
      { type: 'tool.result', call_id: 'c1', result: '1' },
      { type: 'tool.result', call_id: 'c2', result: '2', is_error: true },
    ]);
  });

  it('of several calls are each sent once, whichever comes first', () => {
    for (const id of ['c1', 'c2', 'c3']) tools.called(id, 'a');
    expect(tools.called('c2', 'a'), 'said twice').toBe(false);
    tools.answer('c3', '3', false, true);
    tools.answer('c1', '1', false, true);
    tools.replyDone();
    tools.answer('c2', '2', false, false);
    tools.answer('c2', '2', false, false);
    expect(sent.map((message) => message.type === 'tool.result' && message.call_id)).toEqual([
      'c3',
      'c1',
      'c2',
    ]);
  });

  it('are dropped by an interruption, finished or not', () => {
    tools.called('c1', 'a');
    tools.called('c2', 'a');
    tools.answer('c1', '1', false, true);
    tools.drop();
    tools.answer('c2', '2', false, false);
    tools.replyDone();
    expect(sent).toEqual([]);
    expect(tools.pending).toBe(false);
  });

  it('of tools that the server calls over HTTP are never asked for', () => {
    tools.resolved([tool('weather', { url: 'https://x' }), tool('clock', null), tool('map')]);
    expect(tools.called('c1', 'weather')).toBe(false);
    expect(tools.called('c2', 'clock')).toBe(true);
    expect(tools.called('c3', 'map')).toBe(true);
  });

  it('nobody asked for are not sent', () => {
    tools.answer('never', '1', false, false);
    expect(sent).toEqual([]);
  });

  it('stay bounded, whatever the server asks for', () => {
    const accepted = Array.from({ length: 10_000 }, (_, i) => tools.called(`c${i}`, 'a')).filter(Boolean);
    expect(accepted).toHaveLength(128);
  });
});
