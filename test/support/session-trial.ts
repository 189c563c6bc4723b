/** A session among hostile servers: what happens to it, and what holds for everything that it tells and sends. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { parseClientMessage } from '../../agent/protocol.js';
import type { SessionEvent } from '../../src/session/events.js';
import type { ResumedSession } from '../../src/session/kept-session.js';
import type { Happening } from './hostile-server.js';
import type { ScriptedTransport } from './scripted-transport.js';
import { SessionBench } from './session-bench.js';

/** A request that a listener of the page makes while it handles an event. */
export interface Handler {
  readonly on?: SessionEvent['type'];
  readonly asks?: 'stop' | 'interrupt' | 'wake' | 'offline' | 'say';
}

export const handlers: fc.Arbitrary<Handler> = fc.record({
  on: fc.constantFrom(
    'reconnecting',
    'agent-error',
    'session-ready',
    'leaving',
    'reply-end',
    'transcript',
    'ended',
  ),
  asks: fc.constantFrom('stop', 'interrupt', 'wake', 'offline', 'say'),
});

/** A session with a hostile server, and the invariants of both. */
export class Trial {
  readonly bench: SessionBench;
  /** Calls of tools from an earlier page, which may be answered here. */
  readonly #inherited: readonly string[];
  readonly open = new Set<ScriptedTransport>();
  readonly closed = new Set<ScriptedTransport>();
  /** Connections on which the server has started or resumed a session. */
  readonly asked = new Set<ScriptedTransport>();
  /** Connections on which the server has ended the session. */
  readonly ended = new Set<ScriptedTransport>();
  /** Connections that the client may have given up as dead. Their sessions must stay resumable. */
  readonly congested = new Set<ScriptedTransport>();
  frames = 0;
  #said = 0;
  /** What an earlier page has left to be sent. */
  readonly #waiting: readonly string[];

  /** @param resumed the session of an earlier page */
  constructor(resumed?: ResumedSession) {
    this.bench = new SessionBench({
      maxDurationMs: 60_000,
      idleTimeoutMs: 60_000,
      ...(resumed && { resumed }),
    });
    const { calls = [], results = [], connection } = resumed ?? {};
    this.#waiting = (connection?.waiting ?? []).flatMap((message) =>
      message.type === 'conversation.message' && message.role === 'user' ? message.content : [],
    );
    this.#inherited = [...calls.map(({ call_id: id }) => id), ...results.map(({ callId }) => callId)];
  }

  async run(happenings: readonly Happening[], handler: Handler = {}): Promise<void> {
    // Once only: a handler that answers every event with another would be an endless loop.
    let isPending = true;
    this.bench.onEvent = (type) => {
      if (!isPending || type !== handler.on) return;
      isPending = false;
      if (handler.asks === 'stop') this.bench.session.stop('stopped');
      else if (handler.asks === 'say') this.bench.session.say('At once.');
      else if (handler.asks) this.bench.session[handler.asks]();
    };
    this.bench.session.start();
    this.bench.session.keep();
    await this.bench.settle();
    for (const one of happenings) {
      await this.#let(one);
      this.#checkState();
    }
  }

  get isOver(): boolean {
    return this.bench.events.some(({ type }) => type === 'ended' || type === 'failed');
  }

  /** It was told to end. */
  get isEnding(): boolean {
    return this.bench.server.connections.some(({ sent }) => sent.some(({ type }) => type === 'session.end'));
  }

  async #let(one: Happening): Promise<void> {
    const { session, server, clock } = this.bench;
    const latest = server.connections.at(-1);
    switch (one.what) {
      case 'frame':
        if (latest && this.open.has(latest)) {
          this.frames++;
          latest.serverSendsRaw(one.data);
        }
        break;
      case 'time':
        clock.advance(one.ms);
        break;
      case 'close':
        if (latest && !this.closed.has(latest)) {
          this.open.delete(latest);
          this.closed.add(latest);
          latest.serverCloses(one.code);
        }
        break;
      case 'open':
      case 'accept':
        // A socket that the client has given up never opens.
        if (!latest || this.closed.has(latest) || latest.closedByClient) break;
        if (!this.open.has(latest)) {
          this.open.add(latest);
          latest.serverOpens();
        }
        if (one.what === 'open' || this.asked.has(latest)) break;
        this.asked.add(latest);
        latest.serverSends({
          type: 'session.ready',
          session_id: latest.sentOfType('session.resume')[0]?.session_id ?? `s-${server.connections.length}`,
          resume_token: `resume-${server.connections.length}`,
        });
        break;
      case 'ended':
        if (!latest || !this.open.has(latest)) break;
        this.ended.add(latest);
        latest.serverSends({ type: 'session.ended', session_duration_seconds: 1 });
        break;
      case 'audible':
        this.bench.hear(one.reply, 1);
        break;
      case 'playhead':
        this.bench.hear(one.reply, 100);
        break;
      case 'heard':
        this.bench.hear(one.reply, one.audible ? 100 : 0, true);
        break;
      case 'flushed':
        this.bench.flushed(one.reply, 5, 5);
        break;
      case 'congestion':
        if (!latest) break;
        latest.bufferedBytes = one.bytes;
        if (one.bytes > 0) this.congested.add(latest);
        break;
      case 'tool-answer':
        session.answerTool(one.callId, '{}', one.isError);
        break;
      case 'voice':
        session.hear({ ...one, type: 'voice' });
        break;
      case 'echo':
        this.bench.echo(one);
        break;
      case 'worklet-replaced':
        session.workletReplaced();
        break;
      case 'inform':
        session.inform('The visitor is on another page.');
        break;
      case 'packet':
        this.bench.speak(1);
        break;
      case 'say':
        session.say(`Typed "words" ${++this.#said}.`);
        break;
      case 'update':
        session.update({ system_prompt: 'Another.', input: { keyterms: ['k'] } });
        break;
      case 'reply':
        session.reply(undefined);
        break;
      case 'interrupt':
      case 'offline':
      case 'wake':
        session[one.what]();
        break;
      case 'stop':
        session.stop('stopped');
        break;
    }
    await this.bench.settle();
  }

  /** The state that the page shows agrees with the connection: over, down or up. */
  #checkState(): void {
    const { state } = this.bench;
    const latest = this.bench.server.connections.at(-1);
    if (this.isOver) {
      expect(['ended', 'error']).toContain(state);
      return;
    }
    const isUp = latest !== undefined && this.open.has(latest) && !latest.closedByClient;
    const isDown = latest === undefined || latest.closedByClient || this.closed.has(latest);
    // When it leaves, the last words may still be heard.
    const isLeaving = this.bench.of('leaving').length > 0;
    if (isUp || isLeaving)
      expect(['listening', 'thinking', 'speaking', 'connecting', 'reconnecting']).toContain(state);
    if (isDown && !isLeaving) expect(['connecting', 'reconnecting']).toContain(state);
    expect(this.bench.clock.pendingTimers).toBeLessThan(24);
  }

  /** Invariants of all events and all sent messages. */
  checkRecord(): void {
    checkEvents(this.bench.events);
    for (const connection of this.bench.server.connections) checkSent(connection);
    this.#checkTyped();
    checkAnswers(this.bench.events, this.bench.server.connections, this.#inherited);
    for (const connection of this.asked) {
      const isLeft = connection.closedByClient && !this.closed.has(connection);
      if (isLeft && !this.congested.has(connection) && !this.ended.has(connection))
        expect(
          connection.sentOfType('session.end').length,
          'no session is left to be billed',
        ).toBeGreaterThan(0);
    }
    if (!this.isOver) return;
    expect(checkHolds(this.bench.events), 'the reply that is still ducked or held').toBeUndefined();
    expect(this.bench.clock.pendingTimers, 'no timer outlives a call').toBe(0);
    expect(this.bench.server.latest.closedByClient).toBe(true);
  }

  /** While a session is up, everything that was typed so far has been sent. */
  #checkTyped(): void {
    const { events, server } = this.bench;
    const up = events.findLastIndex(({ type }) => type === 'session-ready');
    const down = events.findLastIndex(({ type }) => type === 'reconnecting' || type === 'leaving');
    const until = up > down ? events.length : up;
    const typed = events
      .slice(0, Math.max(0, until))
      .flatMap(({ type, detail }) =>
        type === 'transcript' && detail.itemId?.startsWith('typed-') ? detail.text : [],
      );
    const sent = server.connections.flatMap((connection) =>
      connection.sentOfType('conversation.message').map(({ content }) => content),
    );
    if (up >= 0) expect(sent).toEqual(expect.arrayContaining([...this.#waiting, ...typed]));
  }
}

/** @returns the reply whose duck or hold has no outcome yet */
function checkHolds(events: readonly SessionEvent[]): string | undefined {
  let open: string | undefined;
  for (const event of events) {
    if (event.type !== 'reply-hold') continue;
    const { replyId, outcome } = event.detail;
    if (open !== undefined) expect(replyId, 'one reply at a time').toBe(open);
    const isOver = outcome === 'resumed' || outcome === 'interrupted';
    if (isOver) expect(open, 'an outcome follows a duck or a hold').toBeDefined();
    open = isOver ? undefined : replyId;
  }
  return open;
}

/** The kinds of events and messages that occurred in any run: what the property has really tested. */
export class Coverage {
  readonly #kinds = new Map<string, number>();

  add({ bench }: Trial): void {
    for (const { type, detail } of bench.events) {
      const variant = type === 'session-ready' ? detail.how : type === 'reply-hold' ? detail.outcome : '';
      this.#count(`${type} ${variant}`.trim());
    }
    for (const { sent } of bench.server.connections) for (const { type } of sent) this.#count(type);
  }

  #count(kind: string): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }

  missing(wanted: readonly string[]): string[] {
    return wanted.filter((kind) => !this.#kinds.has(kind));
  }
}

export const EVERY_KIND = [
  'session-ready first',
  'session-ready resumed',
  'session-ready fresh',
  'reconnecting',
  'leaving',
  'ended',
  'failed',
  'agent-error',
  'speech-start',
  'speech-end',
  'voice',
  'transcript',
  'working',
  'reply-start',
  'reply-audible',
  'reply-end',
  'interruption',
  'nothing-came',
  'server-message',
  'reply-hold ducked',
  'reply-hold held',
  'reply-hold resumed',
  'reply-hold interrupted',
  'tool-call',
  'tool-result-unused',
  'call-warning',
  'session.update',
  'session.resume',
  'session.end',
  'input.audio',
  'tool.result',
  'reply.create',
  'conversation.message',
  'reply.cancel',
];

function checkEvents(events: readonly SessionEvent[]): void {
  const types = events.map(({ type }) => type);
  const count = (type: SessionEvent['type']) => types.filter((other) => other === type).length;
  const end = types.findIndex((type) => type === 'ended' || type === 'failed');
  expect(count('ended') + count('failed'), 'one end per call').toBeLessThanOrEqual(1);
  if (end >= 0) expect(types.slice(end + 1), 'no event follows the end').toEqual([]);
  const left = types.indexOf('leaving');
  const returns = types.filter((type, at) => at > left && /^(reconnecting|session-ready)$/.test(type));
  if (left >= 0) expect(returns, 'a call that is left does not come back').toEqual([]);
  expect(count('reply-end')).toBeLessThanOrEqual(count('reply-start'));
  expect(count('interruption')).toBeLessThanOrEqual(count('reply-start'));
  checkHolds(events);
  for (const event of events) {
    if (event.type === 'transcript') expect(event.detail.text.length).toBeLessThan(50_100);
    expect(() => structuredClone(event)).not.toThrow();
    // `kept` is for the next page, and dispatched as no event.
    if (event.type !== 'kept') expect(JSON.stringify(event), 'credentials').not.toMatch(/(token|resume)-\d/);
  }
}

/** Validates messages with the agent's schemas, which were written independently of the client's types. */
function checkSent(connection: ScriptedTransport): void {
  const sent = connection.sent.map((message) => parseClientMessage(JSON.stringify(message)));
  expect(sent.flatMap(({ problems }) => problems)).toEqual([]);
  expect(sent.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
  const types = connection.sent.map(({ type }) => type);
  if (types.length > 0) expect(['session.update', 'session.resume', 'session.end']).toContain(types[0]);
  const end = types.indexOf('session.end');
  if (end >= 0) expect(new Set(types.slice(end))).toEqual(new Set(['session.end']));
}

/**
 * Every tool result answers a call that the page has received, and only once. On a connection that resumes, a result may
 * be sent again, because the earlier connection may have lost it.
 */
function checkAnswers(
  events: readonly SessionEvent[],
  connections: readonly ScriptedTransport[],
  inherited: readonly string[],
): void {
  const asked = new Map<unknown, number>(inherited.map((id) => [id, 1]));
  for (const event of events) {
    if (event.type === 'tool-call') asked.set(event.detail.callId, (asked.get(event.detail.callId) ?? 0) + 1);
  }
  const before = new Set<unknown>();
  for (const connection of connections) {
    const isResumed = connection.sent[0]?.type === 'session.resume';
    const here = new Map<unknown, number>();
    for (const { call_id: callId } of connection.sentOfType('tool.result')) {
      const count = (here.get(callId) ?? 0) + 1;
      here.set(callId, count);
      if (isResumed && count === 1 && before.has(callId)) continue;
      const left = (asked.get(callId) ?? 0) - 1;
      expect(left, `answers to the call "${callId}"`).toBeGreaterThanOrEqual(0);
      asked.set(callId, left);
    }
    for (const callId of here.keys()) before.add(callId);
  }
}
