import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { Voice } from '../../../agent/voice.js';
import { ManualClock } from '../../support/manual-clock.js';
import { AgentClient, type Arrived } from './agent-client.js';

let server: AgentServer;
beforeAll(async () => {
  server = await startAgent();
  // Synthesized in advance, so that the first reply of each test is on time.
  await Voice.shared.speak('Hello there.', 'alba', 24_000);
});
afterAll(async () => {
  await server.close();
  await Voice.shared.close();
});

const GREETING = { type: 'session.update', session: { greeting: 'Hello there.' } };
const greeted = (query: string): Promise<AgentClient> =>
  AgentClient.connect(server, { query, first: GREETING });

describe('faults in the URL of a session', { concurrent: true }, () => {
  test('a token is refused after the upgrade, or during it', async () => {
    const told = await greeted('fault=bad-token');
    expect((await told.waitFor('session.error')).message.code).toBe('unauthorized');
    expect(await told.closed).toBe(1008);
    await expect(greeted('fault=bad-token=handshake')).rejects.toThrow('401');
  });

  test('at capacity twice, then accepted', async () => {
    const query = 'fault=at-capacity=2&scope=capacity-test';
    for (const attempt of [1, 2]) {
      const client = await greeted(query);
      expect((await client.waitFor('session.error')).message.code, `attempt ${attempt}`).toBe('at_capacity');
      expect(await client.closed).toBe(1013);
    }
    await (await greeted(query)).waitFor('session.ready');
  });

  test('the first update is refused with the field that is wrong', async () => {
    const client = await greeted('fault=fatal-update');
    expect((await client.waitFor('session.error')).message).toMatchObject({
      code: 'invalid_value',
      param: 'system_prompt',
    });
    expect(await client.closed).toBe(1008);
  });

  test.each([
    ['cut=0.3', 1006],
    ['cut=0.3,cut-code=1011', 1011],
  ])('%s drops the connection with %i, and the session can be resumed', async (fault, code) => {
    const query = `fault=${fault},cut-times=1&scope=${fault}`;
    const client = await greeted(query);
    const { message } = await client.waitFor('session.ready');
    expect(await client.closed).toBe(code);
    const first = { type: 'session.resume', session_id: message.session_id };
    const again = await AgentClient.connect(server, { query, first });
    expect((await again.waitFor('session.ready')).message.session_id).toBe(message.session_id);
  });

  test('a stall loses and reorders nothing', async () => {
    const sound = (client: AgentClient) => client.ofType('reply.audio').map(({ message }) => message.data);
    // link.test.ts tests the gap and the burst on a manual clock.
    const client = await greeted('fault=stall=500,stall-after=0.1,lead=100,speed=2');
    await client.waitFor('reply.done');
    const plain = await greeted('fault=speed=50,lead=100');
    await plain.waitFor('reply.done');
    expect(sound(client).length).toBeGreaterThan(80);
    expect(sound(client)).toEqual(sound(plain));
  });

  test('a reply faster than real time is complete', async () => {
    const fast = await greeted('fault=speed=20,lead=100');
    await fast.waitFor('reply.done');
    const slower = await greeted('fault=speed=4,lead=100');
    await slower.waitFor('reply.done');
    const sound = (client: AgentClient) => client.ofType('reply.audio').map(({ message }) => message.data);
    expect(sound(fast).length).toBeGreaterThan(80);
    expect(sound(fast)).toEqual(sound(slower));
  });

  test('malformed messages come between the valid ones', async () => {
    const client = await greeted('fault=malformed=4,speed=20');
    // One of the malformed messages is the end of a reply that never began.
    const isReal = ({ message }: Arrived): boolean => String(message.reply_id).startsWith('reply_');
    await client.until(() => client.ofType('reply.done').find(isReal), 'the end of the true reply');
    expect(client.garbage.length).toBeGreaterThan(5);
    expect(client.ofType('future.event').length).toBeGreaterThan(0);
    expect(client.ofType('transcript.agent').some(({ message }) => message.text === 'Hello there.')).toBe(
      true,
    );
  });

  test.each([
    ['silent-reply=1', 0],
    ['unspoken-reply=1', 1],
  ])('%s is a silent reply with %i transcripts', async (fault, transcripts) => {
    const client = await greeted(`fault=${fault},speed=20`);
    await client.waitFor('reply.done');
    const loud = client
      .ofType('reply.audio')
      .some(({ message }) => Buffer.from(message.data as string, 'base64').some((byte) => byte !== 0));
    expect(loud).toBe(false);
    expect(client.ofType('transcript.agent').length).toBe(transcripts);
  });

  test('odd-bytes ends messages within samples', async () => {
    const client = await greeted('fault=odd-bytes,speed=20');
    await client.waitFor('reply.done');
    const lengths = client
      .ofType('reply.audio')
      .map(({ message }) => Buffer.from(message.data as string, 'base64').length);
    expect(lengths.filter((bytes) => bytes % 2 === 1).length).toBeGreaterThan(40);
    expect(lengths.reduce((sum, bytes) => sum + bytes, 0) % 2).toBe(0);
  });

  test('a session expires during a call, and cannot be resumed', async () => {
    const client = await greeted('fault=expire=0.2');
    const { message } = await client.waitFor('session.ready');
    expect((await client.waitFor('session.error')).message.code).toBe('session_expired');
    expect(await client.closed).toBe(1008);
    const first = { type: 'session.resume', session_id: message.session_id };
    const again = await AgentClient.connect(server, { first });
    expect((await again.waitFor('session.error')).message.code).toBe('session_expired');
  });

  test('the server ends the call', async () => {
    const client = await greeted('fault=end=0.2');
    await client.waitFor('session.ended');
    expect(client.order().slice(-3)).toEqual(['transcript.agent', 'reply.done', 'session.ended']);
    expect(await client.closed).toBe(1000);
  });

  test('errors have the alias as their type', async () => {
    const client = await greeted('fault=error-alias,fatal-update');
    expect((await client.waitFor('error')).message.code).toBe('invalid_value');
    expect(client.ofType('session.error')).toEqual([]);
  });

  test('reply.cancel is an unknown type', async () => {
    const client = await greeted('fault=no-cancel');
    const { message } = await client.waitFor('reply.started');
    client.send({ type: 'reply.cancel', reply_id: message.reply_id });
    expect((await client.waitFor('session.error')).message).toMatchObject({
      code: 'invalid_format',
      param: 'type',
    });
    expect((await client.waitFor('reply.done')).message.status).not.toBe('interrupted');
  });

  test('a session without audio is refused', async () => {
    const first = { type: 'session.update', session: { output: { type: 'text' } } };
    const client = await AgentClient.connect(server, { query: 'fault=no-text', first });
    expect((await client.waitFor('session.error')).message.param).toBe('output.type');
    expect(await client.closed).toBe(1008);
  });

  test.each([
    // Which token resumes a session under which rule: its own, or a fresh one.
    ['', { own: undefined, fresh: undefined }],
    ['resume=token', { own: undefined, fresh: 'session_forbidden' }],
    ['resume=fresh', { own: 'unauthorized', fresh: undefined }],
    ['resume=refuse', { own: 'session_not_found', fresh: 'session_not_found' }],
  ])('with "%s" a session can be resumed by %j', async (rule, expected) => {
    for (const kind of ['own', 'fresh'] as const) {
      const client = await greeted(`fault=cut=0.1,cut-times=1,${rule}&scope=${rule}-${kind}`);
      const { message } = await client.waitFor('session.ready');
      await client.closed;
      const token = kind === 'own' ? (message.resume_token as string) : server.agent.mintToken();
      const again = new AgentClient(`${server.wsUrl}?token=${token}&fault=${rule}`);
      await again.open();
      again.send({ type: 'session.resume', session_id: message.session_id });
      const find = (type: string) => again.ofType(type)[0]?.message;
      const answer = await again.until(() => find('session.error') ?? find('session.ready'), 'an answer');
      expect(answer.code, kind).toBe(expected[kind]);
      if (answer.type !== 'session.ready') continue;
      expect(answer.session_id).toBe(message.session_id);
      expect(answer.resume_token).not.toBe(message.resume_token);
    }
  });

  test('a resume token is valid for its own session only, until the next session.ready', async () => {
    const client = await greeted('');
    const { resume_token: token } = (await client.waitFor('session.ready')).message;
    const use = async (first: Record<string, unknown>): Promise<unknown> => {
      const again = new AgentClient(`${server.wsUrl}?token=${token as string}`);
      await again.open();
      again.send(first);
      return (await again.waitFor('session.error')).message.code;
    };
    expect(await use({ type: 'session.update', session: {} })).toBe('unauthorized');
    expect(await use({ type: 'session.resume', session_id: 'another' })).toBe('session_forbidden');
  });

  test('an unknown fault is refused with a readable error', async () => {
    await expect(greeted('fault=gremlins')).rejects.toThrow('400');
  });
});

test('latency delays every message, from the first on', async () => {
  const clock = new ManualClock();
  const other = await startAgent({ clock, readyDelayMs: 0 });
  try {
    const written: (string | undefined)[] = [];
    other.events.on('server-message', ({ message }) => written.push(message.type));
    const client = new AgentClient(`${other.wsUrl}?token=${other.agent.mintToken()}&fault=latency=300`);
    const understood = new Promise((resolve) => other.events.once('client-message', resolve));
    await client.open();
    client.send({ type: 'session.update', session: {} });
    await understood;
    clock.advance(0);
    const timers = clock.pendingTimers;
    // The session exists, and its messages wait for their time.
    await vi.waitUntil(() => clock.pendingTimers > timers);
    clock.advance(299);
    expect(written).toEqual([]);
    clock.advance(1);
    await client.waitFor('session.ready');
    expect(written).toEqual(['session.updated', 'session.ready']);
  } finally {
    await other.close();
  }
});

test('a cut comes at its time, and at most as often as requested', async () => {
  const clock = new ManualClock();
  const other = await startAgent({ clock, readyDelayMs: 0 });
  const connect = async (first: Record<string, unknown>): Promise<AgentClient> => {
    const client = new AgentClient(
      `${other.wsUrl}?token=${other.agent.mintToken(600)}&fault=cut=5,cut-times=1`,
    );
    const understood = new Promise((resolve) => other.events.once('client-message', resolve));
    await client.open();
    client.send(first);
    await understood;
    clock.advance(0);
    await client.waitFor('session.ready');
    return client;
  };
  try {
    const client = await connect({ type: 'session.update', session: {} });
    clock.advance(4999);
    expect(other.agent.sessionCount).toBe(1);
    const gone = new Promise((resolve) => other.events.once('disconnection', resolve));
    clock.advance(1);
    await gone;
    expect(await client.closed).toBe(1006);
    const session_id = client.ofType('session.ready')[0]!.message.session_id;
    const again = await connect({ type: 'session.resume', session_id });
    clock.advance(60_000);
    again.send({ type: 'session.end' });
    await again.waitFor('session.ended');
    expect(await again.closed).toBe(1000);
  } finally {
    await other.close();
  }
});

test('the whole agent can be started with faults, and a session adds its own', async () => {
  const { HEALTHY } = await import('../../../agent/faults.js');
  const faulty = await startAgent({ faults: { ...HEALTHY, speed: 20, leadMs: 0 } });
  try {
    const client = await AgentClient.connect(faulty, { query: 'fault=silent-reply=1', first: GREETING });
    await client.waitFor('reply.done');
    expect(client.order()).toEqual([
      'session.updated',
      'session.ready',
      'reply.started',
      'reply.audio',
      'reply.done',
    ]);
  } finally {
    await faulty.close();
  }
});
