import type { ToldDetails } from '../../src/client/error-texts.js';
import { VoiceAgentError } from '../../src/errors.js';
import type { SessionConfig } from '../../src/protocol/messages.js';
import type { EchoReport } from '../../src/session/echo-policy.js';
import type { SessionEvent } from '../../src/session/events.js';
import type { SessionOptions } from '../../src/session/session-options.js';
import { Session } from '../../src/session/session.js';
import type { PlaybackStats } from '../../src/worklet/messages.js';
import { transition, type VoiceAgentState } from '../../src/session/state.js';
import { ManualClock } from './manual-clock.js';
import { RecordedEvents } from './recorded-events.js';
import { RecordedSink } from './recorded-sink.js';
import { ScriptedServerEnd } from './scripted-transport.js';

export const STATS: PlaybackStats = {
  depthMs: 40,
  targetMs: 40,
  underruns: 2,
  concealedMs: 10,
  droppedSilenceMs: 5,
  insertedSilenceMs: 1,
  overflowMs: 0,
  playoutDelayMs: 45,
  ducks: 3,
  falseDucks: 1,
  onsetToDuckMs: 90,
  echoLeakDb: -60,
  echoAboveNoiseDb: 0,
  playedSeconds: 0,
};

const config: SessionConfig = {
  system_prompt: 'Be kind.',
  greeting: 'Hello.',
  input: { format: { encoding: 'audio/pcm' } },
  output: { format: { encoding: 'audio/pcm' } },
};

/** A real session with a scripted server, a recorded sink and a manual clock. */
export class SessionBench {
  readonly clock = new ManualClock();
  readonly server = new ScriptedServerEnd();
  readonly sink = new RecordedSink();
  readonly #recorded = new RecordedEvents();
  readonly events = this.#recorded.all;
  /** An event handler of the page, which may make requests. */
  onEvent: (type: SessionEvent['type']) => void = () => undefined;
  readonly session: Session;
  tokens = 0;
  reachable = true;
  /** Number of checks whether the server is reachable. */
  looks = 0;
  isReachable = (): Promise<boolean> => Promise.resolve(this.reachable);
  tokenFailure: Error | undefined;
  /** The token endpoint never answers. */
  tokensPend = false;

  constructor(options: Partial<SessionOptions> = {}) {
    this.session = new Session(
      {
        config,
        formats: { input: 'audio/pcm', output: 'audio/pcm' },
        toolTiming: 'after-reply',
        bargeIn: 'instant',
        maxDurationMs: 0,
        idleTimeoutMs: 0,
        ...options,
      },
      {
        clock: this.clock,
        random: () => 0.5,
        openTransport: this.server.open,
        requestToken: () => {
          if (this.tokensPend) return new Promise(() => undefined);
          if (this.tokenFailure)
            return Promise.resolve({ error: VoiceAgentError.from(this.tokenFailure).toData() });
          return Promise.resolve({
            grant: { token: `token-${++this.tokens}`, url: 'wss://agent.test/v1/ws' },
          });
        },
        isReachable: () => {
          this.looks++;
          return this.isReachable();
        },
        post: this.sink.post,
        emit: (type, ...detail) => {
          this.#recorded.emit(type, ...detail);
          this.onEvent(type);
        },
      },
    );
  }

  /** Starts the session and lets the server accept it. */
  async untilReady(ready: Record<string, unknown> = {}): Promise<void> {
    this.session.start();
    await this.settle();
    this.accept('s-1', ready);
  }

  /** The server accepts the latest connection. */
  accept(sessionId: string, ready: Record<string, unknown> = {}): void {
    this.server.latest.serverOpens();
    this.server.latest.serverSends({ type: 'session.ready', session_id: sessionId, ...ready });
  }

  /** Runs the reactions to settled promises. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }

  /** Advances the clock step by step, and runs the reactions to promises in between. */
  async advance(ms: number): Promise<void> {
    const stepMs = 50;
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
      this.clock.advance(Math.min(stepMs, leftMs));
      await this.settle();
    }
    this.clock.advance(0);
    await this.settle();
  }

  /** The connection drops, and the server has forgotten the session; the next connection takes over. */
  async loseSession(): Promise<void> {
    this.server.latest.serverCloses(1006);
    await this.refuseResume();
  }

  /** The server has forgotten the session; the next connection takes over. */
  async refuseResume(): Promise<void> {
    await this.advance(0);
    this.server.latest.serverOpens();
    this.server.latest.serverSends({ type: 'session.error', code: 'session_not_found', message: 'No.' });
    this.server.latest.serverCloses(1008);
    await this.advance(0);
  }

  /** The microphone delivers packets of 50 ms. */
  speak(packets: number, level = 0): void {
    for (let i = 0; i < packets; i++) this.packet(new Uint8Array(2_400).fill(i + 1), level);
  }

  packet(bytes: Uint8Array, level = 0): void {
    this.session.hear({ type: 'packet', encoding: 'audio/pcm', bytes, level, startedAtMs: 0 });
  }

  /** The worklet has played this much of a reply; 0 ms while it is silent. */
  hear(reply: number, heardMs: number, over = false): void {
    this.session.hear({ type: 'heard', reply, heardMs, playedBytes: 0, over });
  }

  flushed(reply: number, heardMs: number, discardedMs: number): void {
    this.session.hear({ type: 'flushed', reply, heardMs, discardedMs, roundTripMs: 5 });
  }

  /** The worklet's measurement of our own sound. */
  echo(report: Partial<EchoReport>): void {
    this.session.hear({ type: 'stats', stats: { ...STATS, ...report } });
  }

  /** The server begins a reply and sends this many frames of 10 ms. */
  reply(id: string, frames = 10): void {
    this.server.latest.serverSends({ type: 'reply.started', reply_id: id });
    this.audio(id, frames);
  }

  audio(id: string | undefined, frames: number): void {
    const data = Buffer.alloc(480, 1).toString('base64');
    for (let i = 0; i < frames; i++) {
      this.server.latest.serverSends({
        type: 'reply.audio',
        data,
        ...(id === undefined ? {} : { reply_id: id }),
      });
    }
  }

  /** The state that a page would show. */
  get state(): VoiceAgentState {
    return this.events.reduce<VoiceAgentState>((state, { type }) => transition(state, type), 'connecting');
  }

  /** The details of all events of that type. */
  of<Type extends keyof ToldDetails>(type: Type): ToldDetails[Type][] {
    return this.#recorded.of(type);
  }
}
