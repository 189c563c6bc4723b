import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionHost } from '../../../src/client/session-host.js';
import { VoiceAgent } from '../../../src/index.js';
import { once, stubPage } from '../../support/client-page.js';
import { ScriptedServer } from '../../support/scripted-server.js';

let host: SessionHost;
vi.mock(import('../../../src/client/session-host.js'), async (original) => {
  const actual = await original();
  const { runSession } = await import('../../../src/worker/session-runner.js');
  return { ...actual, createSessionHost: () => Promise.resolve((host = actual.hostOnPage(runSession))) };
});

describe('a tool', () => {
  const call = { callId: 'c-1', name: 'book', arguments: { table: 4 } };
  /** The session tells the page of the call. */
  const callTool = () => host.onmessage({ type: 'event', event: { type: 'tool-call', detail: call } });
  const handler = vi.fn(() => new Promise((resolve) => (answer = resolve)));
  let answer: (value: unknown) => void;
  let server: ScriptedServer;
  let agent: VoiceAgent;

  beforeEach(async () => {
    stubPage();
    handler.mockClear();
    server = await ScriptedServer.listen();
    const tools = [{ name: 'book', description: 'Books.', handler }];
    agent = new VoiceAgent({ serverUrl: server.url, token: 't', inputMode: 'text', tools });
    vi.spyOn(console, 'warn').mockReturnValue(undefined);
    await agent.start();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('is not run after the visitor has hung up, although its call was on its way', async () => {
    const stopped = agent.stop();
    callTool();
    await stopped;
    expect(handler).not.toHaveBeenCalled();
  });

  it('that answers when its call is over was not used', async () => {
    callTool();
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    await agent.stop();
    const unused = once(agent, 'tool-result-unused');
    answer({ booked: true });
    expect((await unused).detail).toEqual({ ...call, result: '{"booked":true}', isError: false });
  });
});
