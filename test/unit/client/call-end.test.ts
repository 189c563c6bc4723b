import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAgent } from '../../../agent/server.js';
import type { AudioPathHandlers } from '../../../src/audio/audio-path.js';
import { silentWorklet } from '../../../src/audio/silent-worklet.js';
import { VoiceAgent, VoiceAgentError } from '../../../src/index.js';
import type { ResumedSession } from '../../../src/session/kept-session.js';
import type { SessionHost } from '../../../src/client/session-host.js';
import { listen, once, stubPage } from '../../support/client-page.js';
import type { ScriptedCall } from '../../support/scripted-call.js';
import { ScriptedServer } from '../../support/scripted-server.js';

/** The audio of the latest call, which fails when a test says so. */
let breakSound: (error: VoiceAgentError) => void;
/** The browser plays nothing before a tap. */
let awaitsTap = false;
/** The session hears of the page's requests a moment later, as in a Worker. */
let isApart = false;

vi.mock(import('../../../src/audio/audio-path.js'), () => ({
  AudioPath: class {
    readonly outputLatencyMs = 0;
    readonly sessionPort = silentWorklet();
    readonly openMicrophone = (): Promise<void> => Promise.resolve();
    readonly load = (): Promise<void> => Promise.resolve();
    readonly run = (): Promise<void> => (awaitsTap ? new Promise(() => undefined) : Promise.resolve());
    readonly releaseMicrophone: () => void;
    readonly set = (): void => undefined;
    readonly close = (): Promise<void> => Promise.resolve();
    constructor(_options: unknown, { failed, tell }: AudioPathHandlers) {
      breakSound = failed;
      this.releaseMicrophone = () => tell({ type: 'microphone-change', detail: { status: 'off' } });
    }
  } as never,
}));
vi.mock(import('../../../src/client/session-host.js'), async (original) => {
  const actual = await original();
  const { runSession } = await import('../../../src/worker/session-runner.js');
  const createSessionHost = (): Promise<SessionHost> => {
    const host = actual.hostOnPage(runSession);
    const { post } = host;
    if (isApart) host.post = (message) => queueMicrotask(() => post(message));
    return Promise.resolve(host);
  };
  return { ...actual, createSessionHost };
});

let server: ScriptedServer;
beforeEach(async () => {
  stubPage();
  server = await ScriptedServer.listen();
});
afterEach(async () => {
  awaitsTap = isApart = false;
  await server[Symbol.asyncDispose]();
  vi.unstubAllGlobals();
});

it('sound that breaks leaves a call of typed messages its words', async () => {
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't', inputMode: 'text' });
  await agent.start();
  const call = await server.call(1);
  const told = listen(agent);
  breakSound(VoiceAgentError.fatal('audio_failed'));
  expect(told).toMatchObject([{ type: 'agent-error', detail: { code: 'audio_failed', fatal: false } }]);
  const said = once(agent, 'transcript');
  const data = Buffer.alloc(4_800, 9).toString('base64');
  call.send({ type: 'reply.started', reply_id: 'r-1' });
  call.send({ type: 'reply.audio', reply_id: 'r-1', data });
  call.send({
    type: 'transcript.agent',
    reply_id: 'r-1',
    item_id: 'i-1',
    text: 'Hello.',
    interrupted: false,
  });
  call.send({ type: 'reply.done', reply_id: 'r-1', status: 'completed' });
  expect((await said).detail).toMatchObject({ role: 'agent', text: 'Hello.' });
  expect(told.filter(({ type }) => type === 'session-end')).toEqual([]);
  await agent.stop();
});

it.each(['live', 'reconnecting'])(
  'sound that breaks while %s ends the call once, with the session on the page',
  async (when) => {
    const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
    await agent.start();
    const call = await server.call(1);
    const told = listen(agent);
    if (when === 'reconnecting') {
      const lost = once(agent, 'state-change');
      server.manners = 'refuse';
      call.drop();
      expect((await lost).detail.state).toBe('reconnecting');
    }
    breakSound(VoiceAgentError.fatal('audio_failed'));
    expect(told.filter(({ type }) => type === 'session-end')).toEqual([
      { type: 'session-end', detail: { reason: 'error', seconds: expect.any(Number) as number } },
    ]);
    expect(agent.state).toBe('error');
    if (when === 'live') await call.message('session.end');
  },
);

describe('the microphone is off, and the page knows,', () => {
  it('before the end of a call that the service ends while a reply is still to be heard', async () => {
    const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
    await agent.start();
    const call = await server.call(1);
    const told = listen(agent, ['microphone-change', 'reply-end', 'session-end']);
    const off = once(agent, 'microphone-change');
    call.send({ type: 'reply.started', reply_id: 'r' });
    call.send({ type: 'reply.audio', reply_id: 'r', data: Buffer.alloc(4_800, 9).toString('base64') });
    call.send({ type: 'session.ended', session_duration_seconds: 1 });
    await off;
    await once(agent, 'session-end');
    expect(told.map(({ type }) => type).slice(0, 2)).toEqual(['microphone-change', 'reply-end']);
  });

  it('before the end of a call that fails', async () => {
    const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
    await agent.start();
    const told = listen(agent, ['microphone-change', 'session-end']);
    breakSound(VoiceAgentError.fatal('audio_failed'));
    expect(told.map(({ type }) => type)).toEqual(['microphone-change', 'session-end']);
  });
});

it('a call that the service has ended is kept for no other page, although its last words are still heard', async () => {
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  await agent.start();
  const call = await server.call(1);
  const kept = vi.fn();
  agent.keep(kept);
  await endWithLastWords(agent, call);
  expect(kept.mock.lastCall).toEqual([undefined]);
  await once(agent, 'session-end');
});

it('a text is refused once the service has ended the call, although its last words are still heard', async () => {
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  expect(agent.say('Too early.')).toBe(false);
  await agent.start();
  const call = await server.call(1);
  expect(agent.say('In time.')).toBe(true);
  await call.message('conversation.message');
  await endWithLastWords(agent, call);
  expect(agent.say('Too late.')).toBe(false);
  await once(agent, 'session-end');
  expect(agent.say('Over.')).toBe(false);
  expect(agent.transcript.map(({ text }) => text)).not.toContain('Too late.');
  const next = agent.start();
  expect(agent.say('Again.')).toBe(true);
  await next;
  await agent.stop();
});

it('a text is refused once the visitor has hung up', async () => {
  isApart = true;
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  await agent.start();
  const stopped = agent.stop();
  expect(agent.state).toBe('ending');
  expect(agent.say('Too late.')).toBe(false);
  await stopped;
});

it('a text that is typed while the sound is not running yet is told once', async () => {
  awaitsTap = true;
  server.manners = 'mute';
  vi.stubGlobal('navigator', { languages: ['en'], onLine: true, userActivation: { hasBeenActive: true } });
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  const told = listen(agent, ['transcript']);
  agent.start().catch(() => undefined);
  const call = await server.call(1);
  await call.message('session.update');
  agent.say('Good morning.');
  expect(told).toHaveLength(1);
  expect(agent.transcript).toHaveLength(1);
  await agent.stop();
});

it('hanging up while the connection is down leaves no session at the service, which would bill it', async () => {
  const service = await startAgent();
  try {
    const agent = new VoiceAgent({
      serverUrl: `${service.wsUrl}?fault=cut=0.05,cut-times=1`,
      getToken: () => Promise.resolve(service.agent.mintToken()),
      inputMode: 'text',
    });
    await agent.start();
    while (agent.state !== 'reconnecting') await once(agent, 'state-change');
    expect(service.agent.sessionCount).toBe(1);
    await agent.stop();
    expect(agent.state).toBe('ended');
    expect(service.agent.sessionCount).toBe(0);
  } finally {
    await service.close();
  }
});

/** The service ends the call; the last words are still heard. */
async function endWithLastWords(agent: VoiceAgent, call: ScriptedCall): Promise<void> {
  call.send({ type: 'reply.started', reply_id: 'r' });
  call.send({ type: 'reply.audio', reply_id: 'r', data: Buffer.alloc(4_800, 9).toString('base64') });
  const off = once(agent, 'microphone-change');
  call.send({ type: 'session.ended', session_duration_seconds: 1 });
  await off;
  expect(['ended', 'error']).not.toContain(agent.state);
}

/** Continues the session of the page before. */
function resume(agent: VoiceAgent): Promise<void> {
  const resumed: ResumedSession = {
    connection: {
      sessionId: 's-1',
      resumeToken: 'door',
      url: server.url,
      lostMs: 500,
      connectedMs: 1_000,
      othersMs: 0,
      waiting: [],
    },
    config: {},
    changes: {},
    context: '',
    bargeIn: { changes: {}, told: {}, greetingOver: true },
    input: 'audio/pcm',
    output: 'audio/pcm',
    dialogue: '',
    order: 0,
    asked: undefined,
    open: [],
    calls: [],
    results: [],
    messages: [],
    heardMs: 0,
    rest: '',
  };
  return agent.resume({ readyAtMs: Date.now(), transcript: [], session: { resumed } });
}

it.each<[string, (agent: VoiceAgent) => unknown]>([
  ['the visitor hangs up', (agent) => agent.stop()],
  ['the sound breaks', () => breakSound(VoiceAgentError.fatal('audio_failed'))],
])('the session of the page before, while it is being resumed, is ended once when %s', async (_, end) => {
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  void resume(agent);
  const call = await server.call(1);
  await call.message('session.resume');
  end(agent);
  await call.message('session.end');
  call.send({ type: 'session.ended', session_duration_seconds: 1 });
  await call.closed;
  await agent.stop();
  expect(server.calls).toHaveLength(1);
});

it.each<[string, (agent: VoiceAgent) => unknown]>([
  ['the visitor hangs up', (agent) => agent.stop()],
  ['the sound breaks', () => breakSound(VoiceAgentError.fatal('audio_failed'))],
])('the session of the page before is ended when %s before there is a Worker', async (_, end) => {
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
  void resume(agent).catch(() => undefined);
  end(agent);
  const call = await server.call(1);
  await call.message('session.end');
  expect(call.received.map(({ message }) => message.type)).toEqual(['session.resume', 'session.end']);
});

describe('the session of the page before, which this page may not continue without a tap,', () => {
  let agent: VoiceAgent;

  beforeEach(async () => {
    awaitsTap = true;
    agent = new VoiceAgent({ serverUrl: server.url, token: 't' });
    void resume(agent);
    await new Promise((resolve) => setTimeout(resolve));
    expect(server.calls).toHaveLength(0);
  });

  it.each<[string, () => unknown]>([
    ['the visitor hangs up', () => agent.stop()],
    ['the sound breaks', () => breakSound(VoiceAgentError.fatal('audio_failed'))],
  ])('is ended when %s', async (_, end) => {
    end();
    const call = await server.call(1);
    await call.message('session.end');
    expect(call.received.map(({ message }) => message.type).slice(0, 2)).toEqual([
      'session.resume',
      'session.end',
    ]);
    await agent.stop();
    expect(['ended', 'error']).toContain(agent.state);
  });
});

it('a call works where the browser refuses a BroadcastChannel, as Firefox does without cookies', async () => {
  vi.stubGlobal('BroadcastChannel', function refuse() {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  const agent = new VoiceAgent({ serverUrl: server.url, token: 't', inputMode: 'text' });
  await agent.start();
  expect(agent.state).toBe('listening');
  await agent.stop();
  expect(agent.state).toBe('ended');
});
