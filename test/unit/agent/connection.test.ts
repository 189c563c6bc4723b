import { describe, expect, test } from 'vitest';
import { Connection, type ConnectionOptions, type Credential } from '../../../agent/connection.js';
import { AgentEventEmitter } from '../../../agent/events.js';
import { FaultCounters, HEALTHY } from '../../../agent/faults.js';
import type { ServerMessage } from '../../../agent/protocol.js';
import { AgentSession } from '../../../agent/session.js';
import { firstConfig } from '../../../agent/session-config.js';
import { RESUME_WINDOW_MS, SessionRegistry } from '../../../agent/session-registry.js';
import { ManualClock } from '../../support/manual-clock.js';

const READY_MS = 60;
const FRESH: Credential = { kind: 'fresh' };

/** Connections to one agent, on a clock of the test's. */
class Agent {
  readonly clock = new ManualClock();
  readonly registry = new SessionRegistry(this.clock);
  /** Settle when their speech detectors are loaded. */
  readonly #sessions: Promise<AgentSession>[] = [];

  connect(
    first: Record<string, unknown>,
    createSession: ConnectionOptions['createSession'] = () => this.#createSession(),
  ) {
    const sent: ServerMessage[] = [];
    const closes: number[] = [];
    const connection = new Connection({
      connectionId: 1,
      clock: this.clock,
      events: new AgentEventEmitter(),
      registry: this.registry,
      faults: HEALTHY,
      counters: new FaultCounters(),
      scope: '',
      credential: FRESH,
      region: 'us',
      readyDelayMs: READY_MS,
      createSession,
      socket: {
        write: (text) => sent.push(JSON.parse(text) as ServerMessage),
        close: (code) => closes.push(code),
        terminate: () => undefined,
      },
    });
    connection.receive(JSON.stringify(first));
    return { connection, sent, closes };
  }

  /** Advances the clock, and waits until the sessions are created. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await Promise.allSettled(this.#sessions);
    await new Promise(setImmediate);
  }

  #createSession(): Promise<AgentSession> {
    const result = firstConfig({});
    if ('error' in result) throw new Error(result.error.message);
    const session = AgentSession.create({
      id: 's-1',
      clock: this.clock,
      faults: HEALTHY,
      config: result.config,
      startDelayMs: 600,
      thinkMs: 350,
      interruptionSpreadMs: 0,
      mintResumeToken: () => 'resume',
      voice: { speak: () => Promise.reject(new Error('Nothing is said here.')) },
      onAudio: () => undefined,
      onEnd: () => this.registry.remove('s-1'),
    });
    this.#sessions.push(session);
    return session;
  }
}

test('a session that cannot be made is an error for that client, not the end of the agent', async () => {
  const agent = new Agent();
  const { sent, closes } = agent.connect({ type: 'session.update', session: {} }, () =>
    Promise.reject(new Error('The detector is missing.')),
  );
  await agent.pass(READY_MS);
  expect(sent).toMatchObject([
    {
      type: 'session.error',
      code: 'internal_error',
      message: expect.stringContaining('The detector is missing.') as string,
    },
  ]);
  expect(closes).toEqual([1011]);
});

describe('two connections resume one session', () => {
  const RESUME = { type: 'session.resume', session_id: 's-1' };

  async function dropped(): Promise<Agent> {
    const agent = new Agent();
    const { connection, sent } = agent.connect({ type: 'session.update', session: {} });
    await agent.pass(READY_MS);
    expect(sent.map(({ type }) => type)).toEqual(['session.updated', 'session.ready']);
    connection.closed();
    return agent;
  }

  test('it stays with the second one if the first leaves before it is ready', async () => {
    const agent = await dropped();
    const left = agent.connect(RESUME);
    await agent.pass(READY_MS / 2);
    left.connection.closed();
    const stays = agent.connect(RESUME);
    await agent.pass(READY_MS);
    expect(stays.sent.map(({ type }) => type)).toEqual(['session.ready']);
    await agent.pass(2 * RESUME_WINDOW_MS);
    expect(agent.registry.size).toBe(1);
    stays.connection.receive(JSON.stringify({ type: 'session.end' }));
    expect(stays.sent.at(-1)).toMatchObject({ type: 'session.ended' });
  });

  test('the second one is refused if the first ends it', async () => {
    const agent = await dropped();
    const ends = agent.connect(RESUME);
    await agent.pass(READY_MS / 2);
    const late = agent.connect(RESUME);
    await agent.pass(READY_MS / 2);
    ends.connection.receive(JSON.stringify({ type: 'session.end' }));
    expect(ends.closes).toEqual([1000]);
    await agent.pass(READY_MS / 2);
    expect(late.sent).toMatchObject([{ type: 'session.error', code: 'session_not_found' }]);
    expect(late.closes).toEqual([1008]);
  });
});
