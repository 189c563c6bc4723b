import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionOptions } from '../../../src/session/session-options.js';
import type { PageToSession, Port, SessionToPage } from '../../../src/worker/bridge.js';
import { runSession } from '../../../src/worker/session-runner.js';
import type { SessionToWorklet, WorkletToSession } from '../../../src/worklet/messages.js';
import { Socket } from '../../support/fake-worker.js';
import { STATS } from '../../support/session-bench.js';

/** A worklet's end of a real channel. */
class Worklet {
  readonly heard: SessionToWorklet[] = [];
  readonly sessionPort: MessagePort;
  readonly #port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.sessionPort = port2;
    port1.onmessage = ({ data }: MessageEvent<SessionToWorklet>) => this.heard.push(data);
  }

  say(message: WorkletToSession): void {
    this.#port.postMessage(message);
  }

  get types(): string[] {
    return this.heard.map(({ type }) => type);
  }

  close(): void {
    this.#port.close();
  }
}

/** The page's end of the session. */
class Page implements Port {
  readonly posted: SessionToPage[] = [];
  onmessage: Port['onmessage'] = null;

  postMessage(message: unknown): void {
    this.posted.push(message as SessionToPage);
  }

  say(message: PageToSession): void {
    this.onmessage?.({ data: message } as MessageEvent);
  }

  of<Type extends SessionToPage['type']>(type: Type): Extract<SessionToPage, { type: Type }>[] {
    return this.posted.filter((message) => message.type === type) as never;
  }
}

const heard = (reply: number, heardMs: number, playedBytes: number, over = false): WorkletToSession => ({
  type: 'heard',
  reply,
  heardMs,
  playedBytes,
  over,
});

let page: Page;
let first: Worklet;
let second: Worklet;
let socket: Socket;

beforeEach(async () => {
  vi.stubGlobal('WebSocket', Socket);
  Socket.made = [];
  page = new Page();
  [first, second] = [new Worklet(), new Worklet()];
  runSession(page);
  const options: SessionOptions = {
    config: {},
    formats: { input: 'audio/pcmu', output: 'audio/pcm' },
    toolTiming: 'after-reply',
    bargeIn: 'instant',
    maxDurationMs: 0,
    idleTimeoutMs: 0,
  };
  page.say({ type: 'start', options, workletPort: first.sessionPort });
  const [asked] = page.of('token-request');
  page.say({
    type: 'token',
    request: asked!.request,
    grant: { url: 'wss://agent.test/v1/ws', token: 'worker-1' },
  });
  await vi.waitFor(() => expect(Socket.made).toHaveLength(1));
  socket = Socket.made[0]!;
  socket.readyState = 1;
  socket.onopen?.();
  socket.tell({ type: 'session.ready', session_id: 's' });
});

afterEach(() => {
  page.say({ type: 'request', method: 'stop', args: ['stopped'] });
  socket.closeBy('server', 1000);
  for (const worklet of [first, second]) worklet.close();
  vi.unstubAllGlobals();
});

const reply = (...values: number[]) => {
  socket.tell({ type: 'reply.started', reply_id: 'a' });
  for (const value of values)
    socket.tell({ type: 'reply.audio', reply_id: 'a', data: Buffer.alloc(480, value).toString('base64') });
};
const replace = () => page.say({ type: 'worklet', workletPort: second.sessionPort });

describe('a second worklet during a call', () => {
  it('gets the formats, what was not heard, the end of the reply, the gain and the hold', async () => {
    first.say({ type: 'stats', stats: { ...STATS, playedSeconds: 9, echoAboveNoiseDb: 20 } });
    reply(1, 2, 3);
    first.say(heard(1, 10, 500));
    socket.tell({ type: 'input.speech.started' });
    await vi.waitFor(() =>
      expect(page.of('event').map(({ event }) => event.type)).toContain('reply-audible'),
    );
    socket.tell({ type: 'reply.done', reply_id: 'a' });

    replace();
    await vi.waitFor(() => expect(second.types).toContain('hold'));
    expect(second.types).toEqual(['format', 'give-way', 'audio', 'audio', 'end', 'hold']);
    expect(second.heard[0]).toEqual({ type: 'format', input: 'audio/pcmu', output: 'audio/pcm' });
    expect(second.heard[1]).toEqual({
      type: 'give-way',
      allowed: true,
      gain: 10 ** (-6 / 20),
      guarded: true,
    });
    const pieces = second.heard.flatMap((message) => (message.type === 'audio' ? [message.bytes[0]] : []));
    expect(pieces).toEqual([2, 3]);
    expect(second.heard.at(-1)).toEqual({ type: 'hold', held: true });
  });

  it('continues what was heard and the counters, and repeats no event', async () => {
    reply(1);
    first.say(heard(1, 900, 0));
    first.say({ type: 'stats', stats: STATS });
    const underruns = () => page.of('stats').map(({ playback }) => playback.underruns);
    await vi.waitFor(() => expect(underruns()).toEqual([2]));

    replace();
    second.say(heard(1, 100, 0));
    second.say({ type: 'flushed', reply: 1, heardMs: 150, discardedMs: 0, roundTripMs: 5 });
    second.say({ type: 'stats', stats: STATS });
    second.say({ type: 'stats', stats: { ...STATS, underruns: 3 } });
    await vi.waitFor(() => expect(underruns()).toEqual([2, 4, 5]));
    expect(page.of('stats')[1]?.playback).toMatchObject({
      concealedMs: 20,
      droppedSilenceMs: 10,
      insertedSilenceMs: 2,
      ducks: 6,
      falseDucks: 2,
    });
    const types = page.of('event').map(({ event }) => event.type);
    expect(types.filter((type) => type === 'reply-audible')).toHaveLength(1);
  });

  it('is the only one whose reports count', async () => {
    reply(1);
    replace();
    first.say(heard(1, 900, 0));
    second.say(heard(1, 0, 0));
    second.say({ type: 'stats', stats: STATS });
    await vi.waitFor(() => expect(page.of('stats')).toHaveLength(1));
    expect(page.of('event').map(({ event }) => event.type)).not.toContain('reply-audible');
  });

  it('gets nothing of what was flushed', async () => {
    reply(1);
    socket.tell(
      { type: 'input.speech.started' },
      { type: 'reply.done', reply_id: 'a', status: 'interrupted' },
    );
    socket.tell({ type: 'reply.started', reply_id: 'b' });
    socket.tell({ type: 'reply.audio', reply_id: 'b', data: Buffer.alloc(480, 9).toString('base64') });
    replace();
    socket.tell({ type: 'reply.done', reply_id: 'b' });
    await vi.waitFor(() => expect(second.types).toContain('end'));
    const numbers = second.heard.map((message) => ('reply' in message ? message.reply : message.type));
    expect(numbers).toEqual(['format', 'give-way', 2, 2]);
  });
});

it('packets in an encoding that was replaced in the meantime are not sent', async () => {
  const packet = { type: 'packet', bytes: new Uint8Array(400), level: 0.1, startedAtMs: Date.now() } as const;
  first.say({ ...packet, encoding: 'audio/pcm' });
  first.say({ ...packet, encoding: 'audio/pcmu' });
  first.say({ type: 'stats', stats: STATS });
  await vi.waitFor(() => expect(page.of('stats')).toHaveLength(1));
  expect(socket.types.filter((type) => type === 'input.audio')).toHaveLength(1);
  expect(page.of('stats')[0]?.playback.captureDelayMs).toBeGreaterThanOrEqual(0);
});

it.each([
  ['refused it', () => Promise.resolve(new Response()), 'unauthorized'],
  ['is away', () => Promise.reject(new TypeError('No network.')), 'connection_failed'],
])('a server that %s is asked without any credentials whether it is there', async (_, answer, code) => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.href);
    return answer();
  });
  const other = new Page();
  runSession(other);
  Socket.made = [];
  const worklet = new Worklet();
  other.say({
    type: 'start',
    options: {
      config: {},
      formats: { input: 'audio/pcm', output: 'audio/pcm' },
      toolTiming: 'after-reply',
      bargeIn: 'instant',
      maxDurationMs: 0,
      idleTimeoutMs: 0,
    },
    workletPort: worklet.sessionPort,
  });
  for (let n = 1; n <= 2; n++) {
    await vi.waitFor(() => expect(other.of('token-request')).toHaveLength(n));
    const { request } = other.of('token-request')[n - 1]!;
    other.say({
      type: 'token',
      request,
      grant: { url: 'wss://agent.test/v1/ws?key=secret', token: `secret-${n}` },
    });
    await vi.waitFor(() => expect(Socket.made).toHaveLength(n));
    Socket.made[n - 1]!.closeBy('server', 1006);
  }
  const failures = () =>
    other.of('event').flatMap(({ event }) => (event.type === 'failed' ? [event.detail.error.key] : []));
  await vi.waitFor(() => expect(failures()).toEqual([code]));
  expect(asked).toEqual(['https://agent.test/v1/ws']);
  worklet.close();
});
