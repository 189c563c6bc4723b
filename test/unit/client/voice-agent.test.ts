import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { SessionHost } from '../../../src/client/session-host.js';
import { VoiceAgent, type VoiceAgentOptions } from '../../../src/index.js';
import { listen, once, stubPage } from '../../support/client-page.js';
import { ScriptedServer } from '../../support/scripted-server.js';

vi.mock(import('../../../src/client/session-host.js'), async (original) => {
  const actual = await original();
  const { runSession } = await import('../../../src/worker/session-runner.js');
  const createSessionHost = (): Promise<SessionHost> => {
    const host = actual.hostOnPage(runSession);
    const { post } = host;
    // Values that cannot be posted to a Worker fail here, too.
    const posted: SessionHost['post'] = (message, transfer = []) =>
      post(structuredClone(message, { transfer }));
    const { close } = host;
    hosts.push(host);
    return Promise.resolve(Object.assign(host, { post: posted, close: vi.fn(close) }));
  };
  return { ...actual, createSessionHost };
});

/** The session's place of each call. */
const hosts: SessionHost[] = [];
let server: ScriptedServer;
let warn: MockInstance<(...data: unknown[]) => void>;
let agent: VoiceAgent;

beforeEach(async () => {
  stubPage();
  warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  server = await ScriptedServer.listen();
});

afterEach(async () => {
  vi.useRealTimers();
  await agent.stop();
  await server[Symbol.asyncDispose]();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Typed messages only, because there is no audio in Node. */
function make(options: VoiceAgentOptions = {}): VoiceAgent {
  return (agent = new VoiceAgent({ serverUrl: server.url, token: 't', inputMode: 'text', ...options }));
}

async function sent(call: number, type: string): Promise<Record<string, unknown>> {
  return (await (await server.call(call)).message(type)).message;
}

describe('options are read as JSON at start()', () => {
  /** A reactive proxy, as in Vue, Svelte and Alpine. */
  const reactive = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, key, receiver): unknown {
        const value: unknown = Reflect.get(object, key, receiver);
        return typeof value === 'object' && value !== null ? reactive(value) : value;
      },
    });

  it('a reactive configuration reaches the server, including tools and changes', async () => {
    const tool = { name: 'now', description: 'The time.', parameters: { type: 'object', properties: {} } };
    make({ sessionConfig: reactive({ input: { keyterms: ['Wi-Fi'] } }), tools: reactive([tool]) });
    await agent.start();
    expect((await sent(1, 'session.update'))['session']).toMatchObject({
      input: { keyterms: ['Wi-Fi'] },
      tools: [{ type: 'function', name: 'now' }],
    });
    agent.updateSession(reactive({ input: { keyterms: ['LAN'] } }));
    const call = await server.call(1);
    await call.until('the change', () => JSON.stringify(call.received).includes('LAN'));
  });

  it('a value that is not JSON is refused by name', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    await expect(make({ sessionConfig: { circle } }).start()).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('sessionConfig') as string,
    });
  });
});

describe('a handler of an event', () => {
  it('may start the next call when this one has ended', async () => {
    make();
    await agent.start();
    let next: Promise<void> | undefined;
    const startNext = (): void => void (next = agent.start());
    agent.addEventListener('session-end', startNext, { once: true });
    await agent.stop();
    await next;
    expect(agent.state).toBe('listening');
    expect(server.calls).toHaveLength(2);
  });

  it('may start again when a call has failed, and gets the events of the old call before those of the new one', async () => {
    make({ getToken: () => Promise.reject(new Error('503')) });
    const told = listen(agent);
    let next: Promise<void> | undefined;
    agent.addEventListener('agent-error', ({ detail }) => {
      if (!detail.fatal) return;
      agent.getToken = () => Promise.resolve('fresh');
      next = agent.start();
    });
    await expect(agent.start()).rejects.toMatchObject({ code: 'token_failed' });
    await next;
    expect(agent.state).toBe('listening');
    const states = told.filter(({ type }) => type === 'state-change').map(({ detail }) => detail);
    expect(states).toEqual([
      { state: 'connecting', previous: 'idle' },
      { state: 'error', previous: 'connecting' },
      { state: 'connecting', previous: 'error' },
      { state: 'listening', previous: 'connecting' },
    ]);
  });

  it('may start the next call right after hanging up: the session of the old call is ended', async () => {
    make();
    await agent.start();
    const startNext = (): void => void agent.start();
    agent.addEventListener('state-change', startNext, { once: true });
    await agent.stop();
    await (await server.call(1)).message('session.end');
    await once(agent, 'session-ready');
    expect(agent.state).toBe('listening');
  });

  it('may hang up while the call starts: no connection is opened', async () => {
    make();
    const told = listen(agent);
    agent.addEventListener('state-change', ({ detail }) => {
      if (detail.state === 'connecting') void agent.stop();
    });
    await expect(agent.start()).rejects.toMatchObject({ code: 'stopped' });
    expect(agent.state).toBe('ended');
    expect(told.filter(({ type }) => type === 'session-end')).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.calls).toHaveLength(0);
  });

  it('of the replaced call may hang up the new one, which leaves no listeners on the page', async () => {
    const before = make();
    await before.start();
    const next = make();
    const hangUp = (): void => void next.stop();
    before.addEventListener('state-change', hangUp, { once: true });
    await expect(next.start()).rejects.toMatchObject({ code: 'stopped' });
    await before.stop();
    const watched = [
      'voice-agent-call-begins',
      'pagehide',
      'online',
      'offline',
      'freeze',
      'visibilitychange',
    ];
    const watches = watched.flatMap((type) =>
      [window, document].flatMap((of) => getEventListeners(of, type)),
    );
    expect(watches).toEqual([]);
    // Such a watch would take the next call for another one, and end it.
    await next.start();
    expect(next.state).toBe('listening');
  });
});

it('is `ending` until the end is confirmed, then `ended`', async () => {
  make();
  await agent.start();
  const told = listen(agent);
  const stopped = agent.stop();
  expect(agent.state).toBe('ending');
  await stopped;
  expect(agent.state).toBe('ended');
  expect(told.filter(({ type }) => type !== 'agent-error')).toEqual([
    { type: 'state-change', detail: { state: 'ending', previous: 'listening' } },
    { type: 'session-end', detail: { reason: 'stopped', seconds: expect.any(Number) as number } },
    { type: 'state-change', detail: { state: 'ended', previous: 'ending' } },
  ]);
});

describe('the error of getToken()', () => {
  it('is the cause of the call’s error, and logged once', async () => {
    const cause = new Error('Our database is asleep.');
    make({ getToken: () => Promise.reject(cause) });
    const { message } = await agent.start().then(
      () => expect.fail('It started.'),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'token_failed', cause });
        return error as { message: string };
      },
    );
    expect(agent.error?.cause).toBe(cause);
    const logged = warn.mock.calls.filter((call) => call.includes(cause));
    expect(logged).toEqual([[`<voice-agent> token_failed: ${message}`, cause]]);
  });
});

describe('a call has one end', () => {
  it('when the service refuses it', async () => {
    server.manners = 'unauthorized';
    make();
    const told = listen(agent);
    await expect(agent.start()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(told.filter(({ type }) => type === 'session-end')).toHaveLength(1);
    expect(told.filter(({ type }) => type === 'agent-error').at(-1)).toMatchObject({
      detail: { code: 'unauthorized', fatal: true },
    });
  });

  it('when a handler hangs up as it fails', async () => {
    server.manners = 'refuse';
    make();
    const told = listen(agent);
    agent.addEventListener('agent-error', () => void agent.stop());
    agent.addEventListener('session-end', () => void agent.stop());
    await expect(agent.start()).rejects.toBeDefined();
    expect(told.filter(({ type }) => type === 'session-end')).toHaveLength(1);
    expect(agent.state).toMatch(/^(error|ended)$/);
  });
});

describe('text, requests and changes while a call starts', () => {
  it('are shown at once, and reach the session in order, once each', async () => {
    make();
    const told = listen(agent);
    const started = agent.start();
    agent.say('Good morning.');
    agent.updateSession({ system_prompt: 'Be brief.' });
    agent.say('Any news?');
    agent.reply('Say hello.');
    const words = (): string[] => agent.transcript.map(({ text }) => text);
    expect(words()).toEqual(['Good morning.', 'Any news?']);
    await started;
    const call = await server.call(1);
    const ofType = (type: string): number =>
      call.received.filter(({ message }) => message.type === type).length;
    await call.until('three requests', () => ofType('reply.create') === 3);
    const messages = call.received.map(({ message }) => message);
    expect(messages.map(({ type }) => type).slice(0, 7)).toEqual([
      'session.update',
      'session.update',
      'conversation.message',
      'reply.create',
      'conversation.message',
      'reply.create',
      'reply.create',
    ]);
    expect(messages[1]).toMatchObject({ session: { system_prompt: 'Be brief.' } });
    expect(messages[2]).toMatchObject({ content: 'Good morning.' });
    expect(messages[4]).toMatchObject({ content: 'Any news?' });
    expect(messages[6]).toMatchObject({ instructions: 'Say hello.' });
    expect(words()).toEqual(['Good morning.', 'Any news?']);
    expect(told.filter(({ type }) => type === 'transcript')).toHaveLength(2);
    const shown = once(agent, 'transcript');
    agent.say('And now?');
    await shown;
    expect(words()).toEqual(['Good morning.', 'Any news?', 'And now?']);
  });
});

describe('a turn that produces nothing is over after 12 s', () => {
  let asked: Promise<void>;

  /** A call whose tool never answers. */
  async function callTool(): Promise<void> {
    let handler: () => Promise<never>;
    asked = new Promise<void>((resolve) => {
      handler = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    make({ tools: [{ name: 'book', description: 'Books.', handler: () => handler() }] });
    await agent.start();
    (await server.call(1)).send({ type: 'tool.call', call_id: 'c-1', name: 'book', arguments: {} });
    await asked;
  }

  async function think(call: number): Promise<void> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const turn = once(agent, 'state-change');
    (await server.call(call)).send({ type: 'reply.started', reply_id: 'r', item_id: 'i' });
    await turn;
    expect(agent.state).toBe('thinking');
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 12_000);
    await vi.advanceTimersByTimeAsync(12_000);
    vi.useRealTimers();
    expect(agent.state).toBe('listening');
  }

  it('even if a tool still works for the call before', async () => {
    await callTool();
    await agent.stop();
    await agent.start();
    await think(2);
  });

  it('even if a tool still works for a turn that was interrupted', async () => {
    await callTool();
    const listening = once(agent, 'state-change');
    (await server.call(1)).send({ type: 'reply.done', status: 'interrupted' });
    (await server.call(1)).send({ type: 'input.speech.started' });
    await listening;
    expect(agent.state).toBe('listening');
    await think(1);
  });
});

it('a call that cannot have sound fails, unless it is one of typed messages', async () => {
  make({ inputMode: 'voice' });
  await expect(agent.start()).rejects.toMatchObject({ code: 'insecure_page' });
  expect(server.calls).toHaveLength(0);
  expect(agent.error?.code).toBe('insecure_page');
  agent.inputMode = 'text';
  await agent.start();
  expect(agent.state).toBe('listening');
  expect(agent.error).toBeUndefined();
});

it('the user speaks from the report of the service to the next one, or until the connection is lost', async () => {
  make();
  await agent.start();
  const call = await server.call(1);
  for (const end of [
    () => call.send({ type: 'input.speech.stopped' }),
    () => {
      server.manners = 'mute';
      call.drop();
    },
  ]) {
    const begun = once(agent, 'speech-start');
    call.send({ type: 'input.speech.started' });
    await begun;
    expect(agent.userSpeaking).toBe(true);
    const over = once(agent, 'speech-end');
    end();
    await over;
    expect(agent.userSpeaking).toBe(false);
  }
});

it('every call begins with an empty transcript and ends its thread', async () => {
  make();
  hosts.length = 0;
  agent.say('Nobody is there.');
  expect(agent.transcript).toEqual([]);
  for (let n = 1; n <= 2; n++) {
    await agent.start();
    expect(agent.transcript).toEqual([]);
    agent.say('  ');
    const shown = once(agent, 'transcript');
    agent.say(`Call ${n}.`);
    await shown;
    expect(agent.transcript.map(({ text }) => text)).toEqual([`Call ${n}.`]);
    await agent.stop();
    expect(hosts).toHaveLength(n);
    expect(hosts.at(-1)!.close).toHaveBeenCalled();
  }
});

it('a line that was typed while a call failed to start hides no line of the next call', async () => {
  server.manners = 'unauthorized';
  make();
  const failing = agent.start();
  agent.say('Lost.');
  await expect(failing).rejects.toBeDefined();
  server.manners = 'polite';
  await agent.start();
  const shown = once(agent, 'transcript');
  agent.say('Found.');
  await shown;
  expect(agent.transcript.map(({ text }) => text)).toEqual(['Found.']);
});

it('a session that takes over may use the ids of the one before', async () => {
  make();
  await agent.start();
  const say = async (call: number, text: string): Promise<void> => {
    const shown = once(agent, 'transcript');
    (await server.call(call)).send({ type: 'transcript.user', item_id: 'item-1', text });
    await shown;
  };
  await say(1, 'First.');
  server.manners = 'mute';
  (await server.call(1)).drop();
  const resuming = await server.call(2);
  server.manners = 'polite';
  const ready = once(agent, 'session-ready');
  resuming.send({ type: 'session.error', code: 'session_not_found', message: 'Session not found' });
  await ready;
  const texts = agent.transcript.map(({ text }) => text);
  await say(server.calls.length, 'Second.');
  expect(agent.transcript.map(({ text }) => text)).toEqual([...texts, 'Second.']);
});
