/**
 * Whole calls without a browser: `VoiceAgent`, the session in a Worker or on the page, the real worklet and engine.
 * Server, network, system, page and event handlers act in random order.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeptSound } from '../../../components/across-pages/kept-sound.js';
import { resumedSession } from '../../../components/across-pages/resumed-session.js';
import type { SessionHost } from '../../../src/client/session-host.js';
import { engineBytes } from '../../../src/engine/call-engine.js';
import { VoiceAgent, VoiceAgentError, type KeptSession } from '../../../src/index.js';
import { isUp } from '../../../src/session/state.js';
import { act, handlers, type Act, type Asked, type Handler } from '../../support/call-acts.js';
import { checkProperty } from '../../support/check-property.js';
import { listen, stubPage, type Told } from '../../support/client-page.js';
import { FakeWorker, Socket } from '../../support/fake-worker.js';
import { deliver } from '../../support/port-pair.js';
import { DEVICE_RATE_HZ, loadProcessor, WorkletPath } from '../../support/worklet-path.js';

const RUNS = 75;
const ACTS_PER_RUN = 60;

/** Events that begin or end something. */
const PAIRED = [
  'session-end',
  'reply-start',
  'reply-end',
  'reply-hold',
  'speech-start',
  'speech-end',
] as const;

let handedOver = 0;
let hosted: 'worker' | 'page' = 'page';

vi.mock(import('../../../src/audio/audio-path.js'), async () => {
  const { WorkletPath: AudioPath } = await import('../../support/worklet-path.js');
  return { AudioPath } as never;
});
vi.mock(import('../../../src/loading/voice-node.js'), async (original) => ({
  ...(await original()),
  loadEngine: () => Promise.resolve(WorkletPath.engine),
}));
vi.mock(import('../../../src/client/session-host.js'), async (original) => {
  const actual = await original();
  const { runSession } = await import('../../../src/worker/session-runner.js');
  const createSessionHost = (): Promise<SessionHost> =>
    Promise.resolve(
      hosted === 'page' ? actual.hostOnPage(runSession) : new FakeWorker(runSession as never).host,
    );
  return { ...actual, createSessionHost };
});

// ── a run ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class Trial {
  readonly agent = new VoiceAgent({
    serverUrl: 'wss://agent.test/v1/ws',
    getToken: () => Promise.resolve(`worker-${FakeWorker.all.length}`),
    tools: [],
  });
  readonly told = listen(this.agent);
  readonly pairs = listen(this.agent, PAIRED);
  #replies = 0;
  /** What the next page would get. */
  #kept: KeptSession | undefined;

  constructor(reactions: readonly Handler[]) {
    this.agent.addEventListener('session-ready', () => {
      const sound = new KeptSound();
      if (!this.agent.keep((session) => (this.#kept = session && sound.added(session))))
        this.#kept = undefined;
    });
    this.agent.addEventListener('session-end', () => (this.#kept = undefined));
    for (const { on, asks } of reactions) {
      // Once only: a handler that answers every event with another would be an endless loop.
      this.agent.addEventListener(on as 'transcript', () => this.#ask(asks), { once: true });
    }
  }

  async do(one: Act): Promise<void> {
    const latest = Socket.made.at(-1);
    switch (one.what) {
      case 'page':
        this.#ask(one.asks);
        break;
      case 'speak':
        this.#speak(one.quanta);
        break;
      case 'time':
        vi.advanceTimersByTime(one.ms);
        break;
      case 'open':
        this.#open(latest);
        break;
      case 'accept':
        this.#accept(latest);
        break;
      case 'ended':
        latest?.tell({ type: 'session.ended', session_duration_seconds: 1 });
        if (latest) latest.sessionOver = true;
        latest?.closeBy('server', 1000);
        break;
      case 'reply': {
        const reply_id = `r-${++this.#replies}`;
        const data = Buffer.alloc(4_800, 9).toString('base64');
        latest?.tell({ type: 'reply.started', reply_id }, { type: 'reply.audio', reply_id, data });
        if (this.#replies % 2 === 0) latest?.tell({ type: 'reply.done', reply_id });
        break;
      }
      case 'tool':
        latest?.tell({ type: 'tool.call', call_id: `c-${++this.#replies}`, name: 'n', arguments: {} });
        break;
      case 'refuse':
        this.#open(latest);
        latest?.tell({ type: 'session.error', code: one.code, message: 'No.' });
        latest?.closeBy('server', 1008);
        break;
      case 'close':
        latest?.closeBy('server', one.code);
        break;
      case 'sound-lost':
        WorkletPath.latest?.rebuild();
        break;
      case 'sound-fails':
        WorkletPath.latest?.fail(VoiceAgentError.fatal('audio_failed'));
        break;
      case 'worker':
        if (one.becomes === 'dead') FakeWorker.all.at(-1)?.die();
        else FakeWorker.isBusy = one.becomes === 'busy';
        break;
    }
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      for (let turn = 0; turn < 30; turn++) await Promise.resolve();
      if (deliver() || FakeWorker.deliver()) quiet = -1;
    }
  }

  #ask(asks: Asked): void {
    const { agent } = this;
    if (asks === 'start') agent.start().catch(() => undefined);
    else if (asks === 'stop') void agent.stop();
    else if (asks === 'mute' || asks === 'unmute') agent.muted = asks === 'mute';
    else if (asks === 'say') agent.say('Hello.');
    else if (asks === 'interrupt') agent.interrupt();
    else if (asks === 'leave') this.#leave();
    else if (asks === 'hand-over') this.#handOver();
    else if (asks === 'update') agent.updateSession({ system_prompt: 'Another.' });
    else window.dispatchEvent(new Event(asks === 'wake' ? 'online' : 'offline'));
  }

  /** The page is put into the back/forward cache. Only the Worker runs while it goes. */
  #leave(): void {
    const fromMs = performance.now();
    let looks = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      FakeWorker.deliver();
      return fromMs + ++looks;
    });
    window.dispatchEvent(new Event('pagehide'));
    clock.mockRestore();
    if (FakeWorker.isBusy) return;
    for (const socket of Socket.made)
      if (socket.hasSession && socket.owesEnd && socket.end === 'none')
        expect(socket.ends, 'a page that is gone has ended its session').toBeGreaterThan(socket.endsBefore);
  }

  /** The page is left for another one, which continues the call. */
  #handOver(): void {
    const { agent } = this;
    const kept = this.#kept;
    if (!kept || !isUp(agent.state) || agent.state === 'ending') return;
    const { transcript } = agent;
    const resumed = resumedSession(structuredClone(kept), 0);
    agent.handOver();
    handedOver++;
    agent.resume({ readyAtMs: Date.now(), transcript, session: { resumed } }).catch(() => undefined);
  }

  /** Loud while muted, otherwise quiet. Audio from just before the muting may still be sent. */
  #speak(quanta: number): void {
    const path = WorkletPath.latest;
    const tone = (amplitude: number, hz: number) => (frame: number) =>
      amplitude * Math.sin((2 * Math.PI * hz * frame) / DEVICE_RATE_HZ);
    if (this.agent.muted) {
      path?.render(10, () => 0);
      path?.render(quanta, tone(0.9, 2_000));
    } else path?.render(quanta, tone(0.2, 300));
  }

  #open(socket: Socket | undefined): void {
    if (socket?.end !== 'none' || socket.readyState !== 0) return;
    socket.readyState = 1;
    socket.onopen?.();
  }

  #accept(socket: Socket | undefined): void {
    this.#open(socket);
    if (!socket?.isOpen || socket.hasSession || socket.types.length === 0) return;
    socket.hasSession = true;
    socket.endsBefore = socket.ends;
    socket.tell({ type: 'session.ready', session_id: socket.resumes ?? `s-${Socket.made.length}` });
  }

  /** States, reasons and messages of this run. */
  get seen(): string[] {
    const told = [...this.told, ...this.pairs].flatMap(({ type, detail }) => {
      if (type.startsWith('reply-') || type.startsWith('speech-')) return [type];
      const { state, reason } = detail as { state?: string; reason?: string };
      return type === 'state-change' || type === 'session-end' ? [`${type} ${state ?? reason ?? ''}`] : [];
    });
    return [...told, ...Socket.made.flatMap(({ types }) => types)];
  }

  check(): void {
    const ends = this.told.filter(
      ({ type, detail }) =>
        type === 'session-end' ||
        (type === 'state-change' && (detail as { state: string }).state === 'connecting'),
    );
    expect(
      ends.map(({ type }) => type),
      'each call has one end, before the next begins',
    ).toEqual(ends.map((_, index) => (index % 2 === 0 ? 'state-change' : 'session-end')));
    expect(ends.length % 2, 'no call is left').toBe(0);
    expect(['idle', 'ended', 'error']).toContain(this.agent.state);
    checkPairs(this.pairs);
    for (const socket of Socket.made) {
      expect(socket.leaks, 'samples that were audible while muted').toBe(0);
      if (!socket.owesEnd) continue;
      expect(socket.end, 'no connection is left').not.toBe('none');
      if (socket.end === 'client')
        expect(socket.ends, 'no session is left to be billed').toBeGreaterThan(socket.endsBefore);
    }
  }
}

/** What has begun ends once, and before its call does. */
function checkPairs(told: readonly Told[]): void {
  const open = new Set<string>();
  for (const { type, detail } of told) {
    const { replyId, outcome } = (detail ?? {}) as { replyId?: string; outcome?: string };
    const what = `${type.replace(/-(start|end|hold)$/, '')} ${replyId ?? ''}`;
    if (type === 'session-end') expect([...open], 'what outlives its call').toEqual([]);
    else if (type === 'reply-hold') {
      const isHeld = outcome === 'ducked' || outcome === 'held';
      if (isHeld) open.add('hold');
      else expect(open.delete('hold'), `${outcome} without a duck or a hold`).toBe(true);
    } else if (type.endsWith('-end')) expect(open.delete(what), `an end without a start: ${what}`).toBe(true);
    else {
      expect(open.has(what), `a second start: ${what}`).toBe(false);
      open.add(what);
    }
  }
}

/** What the runs must reach, or their invariants would mean little. */
const REACHED = [
  ...['connecting', 'listening', 'thinking', 'speaking', 'reconnecting', 'ending', 'ended', 'error'].map(
    (state) => `state-change ${state}`,
  ),
  ...['stopped', 'page-hidden', 'server-ended', 'expired', 'error'].map((reason) => `session-end ${reason}`),
  'session.update',
  'session.resume',
  'session.end',
  'input.audio',
  'tool.result',
  'reply.create',
  'reply-start',
  'reply-end',
  'reply-hold',
  'speech-start',
  'speech-end',
];

beforeEach(async () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  stubPage();
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('No network.')));
  for (const method of ['warn', 'error', 'info', 'debug'] as const)
    vi.spyOn(console, method).mockReturnValue(undefined);
  WorkletPath.engine = new WebAssembly.Module(engineBytes());
  await loadProcessor();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each(['page', 'worker'] as const)(
  'a call whose session runs in the %s has one end, leaves no session open, and sends no sample captured while muted',
  async (where) => {
    hosted = where;
    let sessions = 0;
    const seen = new Set<string>();
    await checkProperty(
      fc.asyncProperty(
        fc.array(act, { minLength: ACTS_PER_RUN, maxLength: ACTS_PER_RUN }),
        handlers,
        async (acts, reactions) => {
          Socket.made = [];
          FakeWorker.all = [];
          WorkletPath.latest = undefined;
          FakeWorker.isBusy = false;
          stubPage();
          vi.stubGlobal('WebSocket', Socket);
          const trial = new Trial(reactions);
          const first: Act[] = [{ what: 'page', asks: 'start' }, { what: 'accept' }];
          const last: Act[] = [
            { what: 'worker', becomes: 'free' },
            { what: 'page', asks: 'stop' },
            { what: 'time', ms: 6_000 },
            // A handler may have started another call.
            { what: 'page', asks: 'stop' },
            { what: 'time', ms: 6_000 },
            { what: 'page', asks: 'stop' },
            { what: 'time', ms: 6_000 },
          ];
          for (const one of [...first, ...acts, ...last]) await trial.do(one);
          trial.check();
          for (const one of trial.seen) seen.add(one);
          sessions += Socket.made.filter(({ hasSession }) => hasSession).length;
        },
      ),
      { name: `a call whose session runs in the ${where}`, seed: 20_261_127, numRuns: RUNS },
    );
    if (where === 'worker') expect(handedOver, 'sessions for the next page').toBeGreaterThan(RUNS / 4);
    expect(sessions, 'started sessions').toBeGreaterThan(RUNS);
    expect(
      REACHED.filter((one) => !seen.has(one)),
      'never reached',
    ).toEqual([]);
  },
  3_600_000,
);
