/** A call: one conversation, over one or more connections. The page, the socket and the worklet are injected. */
import type { ErrorReport } from '../errors.js';
import type {
  ClientMessage,
  ConversationMessage,
  ResolvedSessionConfig,
  SessionConfig,
  SessionError,
  SessionReady,
} from '../protocol/messages.js';
import type { WorkletToSession } from '../worklet/messages.js';
import { Briefing } from './briefing.js';
import { CallLimits, TURN_EVENTS } from './call-limits.js';
import { Conversation } from './conversation.js';
import { Dialer, type DialerHandlers, type Readiness } from './dialer.js';
import type { EmitSessionEvent, EndReason, SessionCounters } from './events.js';
import { SessionKeeping, type Formats } from './session-keeping.js';
import { Notices } from './notices.js';
import type { SessionOptions, SessionServices } from './session-options.js';
import { SleepWatch } from './sleep-watch.js';
import { Uplink } from './uplink.js';

/** How long `session.end` waits for `session.ended`. */
const ENDED_MS = 3_000;
/** After the end of a session, a reply without progress for this long will not be heard: the audio output is gone. */
const DRAIN_MS = 3_000;
/** How often unreadable messages are reported, which come in bursts. */
const MALFORMED_MS = 10_000;

type Phase =
  | 'idle'
  | 'starting'
  /** The session has started. Its connection may be lost for a while. */
  | 'up'
  /** `session.end` was sent. */
  | 'ending'
  /** The server has ended the session; its replies are still played to their end. */
  | 'draining'
  | 'over';

export class Session implements DialerHandlers {
  readonly #options: SessionOptions;
  readonly #services: SessionServices;
  readonly #dialer: Dialer;
  readonly #conversation: Conversation;
  readonly #limits: CallLimits;
  readonly #sleep: SleepWatch;
  readonly #briefing: Briefing;
  readonly #notices: Notices;
  readonly #uplink = new Uplink();
  readonly #keeping: SessionKeeping;
  #phase: Phase = 'idle';
  #endReason: EndReason = 'server-ended';
  #formats: Formats;
  #cancelEnding: (() => void) | undefined;
  #billedSeconds: number | undefined;

  /** No event follows the end. */
  readonly #emit: EmitSessionEvent = (type, ...detail) => {
    if (this.#phase === 'over') return;
    if (TURN_EVENTS.includes(type)) this.#limits.turn();
    this.#services.emit(type, ...detail);
  };

  constructor(options: SessionOptions, services: SessionServices) {
    this.#options = options;
    this.#formats = options.formats;
    this.#briefing = new Briefing(options.config, options.wished, options.context);
    this.#services = services;
    const { post, clock } = services;
    this.#limits = new CallLimits(options, clock, {
      warn: (secondsLeft) => this.#emit('call-warning', { reason: 'max-duration', secondsLeft }),
      expired: (reason) => this.stop(reason),
      nothingCame: () => this.#conversation.nothingCame(),
      isBusy: () => this.#conversation.tools.running,
    });
    this.#notices = new Notices(clock, this.#emit);
    this.#sleep = new SleepWatch(clock, () => this.stop('suspended'));
    this.#conversation = new Conversation({
      post,
      clock,
      options,
      emit: this.#emit,
      send: (message) => this.#keeping.send(message),
      isReady: () => this.#dialer.isReady,
      onActivity: () => this.#limits.active(),
    });
    this.#dialer = new Dialer(services, this);
    this.#keeping = new SessionKeeping({
      dialer: this.#dialer,
      briefing: this.#briefing,
      conversation: this.#conversation,
      formats: () => this.#formats,
      emit: this.#emit,
    });
  }

  get counters(): SessionCounters {
    const { packetsSent, packetsDropped } = this.#uplink;
    return { packetsSent, packetsDropped, ...this.#conversation.counters };
  }

  // ── what the page wants ─────────────────────────────────────────────────────────────────────────────────────────
  start(): void {
    if (this.#phase !== 'idle') return;
    const { resumed, formats } = this.#options;
    this.#phase = resumed ? 'up' : 'starting';
    this.#sleep.start();
    this.#setFormats(resumed ?? formats);
    this.#onConfig(resumed?.config);
    if (resumed) this.#keeping.restore(resumed);
    this.#dialer.dial();
  }

  keep(): void {
    this.#keeping.begin();
  }

  /** `session.end`, then `session.ended`: without it, the session stays resumable and is billed. */
  stop(reason: EndReason): void {
    if (this.#phase === 'over' || this.#phase === 'ending') return;
    if (this.#phase === 'draining') {
      this.#services.post({ type: 'flush' });
      this.#end();
      return;
    }
    this.#phase = 'ending';
    this.#endReason = reason;
    const isEnding = this.#dialer.endSession(reason !== 'suspended');
    this.#conversation.close();
    this.#services.post({ type: 'flush' });
    this.#stopListening();
    if (isEnding) {
      this.#cancelEnding = this.#services.clock.after(ENDED_MS, () => {
        // A connection that slept, or that was lost, does not answer.
        if (reason !== 'suspended' && this.#dialer.isOpen) this.#notices.tell('ended_timeout');
        this.#end();
      });
    } else this.#end();
  }

  interrupt(): void {
    this.#keeping.forget();
    this.#conversation.interrupt();
  }

  /** Changes fields that are mutable during a call; kept for a session that takes over. */
  update(config: SessionConfig, byPage = true): void {
    if (!this.#isUp) return;
    this.#briefing.change(config);
    if (byPage) this.#conversation.bargeIn.changed(config);
    this.#sendUpdates();
  }

  /** Changes the page's context. */
  inform(context: string): void {
    this.#briefing.context = context;
    this.#sendUpdates();
  }

  /** Typed input. */
  say(text: string): void {
    if (!this.#isUp) return;
    this.#limits.active();
    this.#conversation.typed.say(text);
    this.#emit('working');
  }

  reply(instructions: string | undefined): void {
    if (!this.#isUp) return;
    this.#conversation.typed.ask(instructions);
    this.#emit('working');
  }

  /** @param result a JSON text. */
  answerTool(callId: string, result: string, isError: boolean): void {
    this.#conversation.answerTool(callId, result, isError);
    if (this.#isUp) this.#limits.turn();
    this.#keeping.heard();
    this.#keeping.tell();
  }

  /** The network is back or the page awake. */
  wake(): void {
    if (!this.#sleep.look()) this.#dialer.wake();
  }

  /** The system reports no network, often wrongly. If the connection is dead, audio that is sent from now on is lost. */
  offline(): void {
    this.#uplink.doubt();
  }

  // ── what the worklet says ───────────────────────────────────────────────────────────────────────────────────────
  hear(message: WorkletToSession): void {
    switch (message.type) {
      case 'packet':
        if (message.encoding === this.#formats.input) this.#onPacket(message.bytes, message.level);
        return;
      case 'voice':
        this.#conversation.voice(message);
        return;
      case 'stats': {
        const change = this.#conversation.bargeIn.echo(message.stats);
        if (change) this.update(change, false);
        return;
      }
      case 'heard':
        this.#conversation.heard(message);
        this.#keeping.heard();
        break;
      case 'flushed':
        this.#conversation.flushed(message);
        break;
    }
    this.#keeping.tell();
    this.#drain();
  }

  /** Another worklet replaces a lost one. */
  workletReplaced(): void {
    this.#setFormats(this.#formats);
    this.#conversation.workletReplaced();
  }

  #onPacket(bytes: Uint8Array, level: number): void {
    if (this.#sleep.look()) return;
    // A session without audio input gets no packets; other messages show whether the network accepts anything.
    const isWritten = this.#briefing.resolved?.input?.type === 'text';
    const { taken, dropped } = isWritten
      ? { taken: !this.#dialer.wire?.bufferedBytes, dropped: 0 }
      : this.#uplink.push(bytes, level);
    this.#conversation.microphone(level);
    this.#dialer.sentAudio(taken);
    // While the connection is lost, the state shows it.
    if (dropped > 0 && this.#dialer.wire) this.#notices.tell('microphone_audio_dropped');
  }

  // ── what the connection says ────────────────────────────────────────────────────────────────────────────────────
  firstMessage(): ClientMessage {
    if (this.#phase === 'starting') return this.#briefing.begin();
    this.#conversation.sessionLost();
    const { dialogue, replies, typed } = this.#conversation;
    // Nothing of the greeting was heard.
    if (!dialogue.text()) replies.lostWords ||= this.#options.config.greeting ?? '';
    const { first, story } = this.#briefing.takeOver(dialogue.text());
    if (story) typed.begin(story);
    return first;
  }

  mayAskForLess(): boolean {
    return this.#briefing.giveIn();
  }

  opened(): void {
    this.#emit('socket-open');
  }

  ready(message: SessionReady, how: Readiness): void {
    if (this.#sleep.look()) return;
    this.#onConfig(message.config);
    this.#phase = 'up';
    this.#limits.start();
    if (how === 'first' && this.#briefing.hasGreeting) this.#uplink.forget();
    if (this.#dialer.wire) this.#uplink.open(this.#dialer.wire);
    // First, because a listener may have more to send.
    this.#sendUpdates();
    this.#conversation.typed.ready();
    this.#conversation.tools.release();
    this.#emit('session-ready', { sessionId: message.session_id, config: this.#briefing.resolved, how });
    // After a reconnection, a reply may still be audible, or a tool be running.
    if (this.#conversation.replies.sounding) this.#emit('reply-audible');
    else if (this.#conversation.isAwaited) this.#emit('working');
    this.#keeping.ready(how);
  }

  sessionEnded(lastSeconds: number | undefined): void {
    if (lastSeconds !== undefined) this.#billedSeconds = lastSeconds + this.#dialer.othersMs / 1_000;
    this.closed();
  }

  sessionUpdated(config: ResolvedSessionConfig | undefined): void {
    if (this.#phase !== 'ending') this.#onConfig(config);
  }

  sessionError(error: SessionError): void {
    // A session that reached its time limit is over; nobody asked for another one, which would be billed.
    if (this.#phase === 'up' && error.code === 'session_expired') this.#leave('expired');
    else if (this.#phase !== 'ending' && !this.#conversation.isExpected(error))
      this.#emit('agent-error', error);
  }

  conversation(message: ConversationMessage): void {
    this.#uplink.trust();
    // After `session.end` only its answer matters.
    if (this.#phase === 'ending') return;
    this.#conversation.receive(message);
    this.#keeping.received(message);
  }

  #onConfig(config: ResolvedSessionConfig | undefined): void {
    if (!config) return;
    this.#conversation.resolved(this.#briefing.resolve(config));
    // A stored agent may have its own encodings; they are fixed once the call is up.
    if (this.#phase !== 'starting') return;
    const input = config.input?.format?.encoding ?? this.#formats.input;
    const output = config.output?.format?.encoding ?? this.#formats.output;
    if (input !== this.#formats.input || output !== this.#formats.output) this.#setFormats({ input, output });
  }

  malformed(reason: string): void {
    this.#notices.tell('protocol_error/malformed', { what: reason }, MALFORMED_MS);
  }

  lost(unsentBytes: number): void {
    if (this.#sleep.look()) return;
    this.#uplink.interrupt(unsentBytes);
    this.#keeping.lost();
    this.#emit('reconnecting');
  }

  retrying(error: ErrorReport): void {
    this.#emit('agent-error', { ...error, retrying: true });
  }

  get #isUp(): boolean {
    return this.#phase === 'starting' || this.#phase === 'up';
  }

  #setFormats({ input, output }: Formats): void {
    this.#formats = { input, output };
    this.#uplink.setEncoding(input);
    this.#services.post({ type: 'format', input, output });
    this.#conversation.bargeIn.apply();
  }

  #sendUpdates(): void {
    if (this.#dialer.isReady) for (const update of this.#briefing.takeUpdates()) this.#dialer.send(update);
    this.#keeping.tell();
  }

  /** The session is over, and the server knows. */
  closed(): void {
    if (this.#isUp) this.#leave('server-ended');
    else this.#end();
  }

  /** The server ended the session: the microphone stops at once, and replies that have arrived are played to their end. */
  #leave(reason: EndReason): void {
    this.#phase = 'draining';
    this.#endReason = reason;
    this.#stopListening();
    this.#dialer.close();
    this.#conversation.tools.drop();
    this.#conversation.connectionLost();
    if (this.#conversation.replies.sounding) this.#emit('reply-audible');
    this.#drain();
  }

  /** Call this on progress of the playback: when nothing is left to be heard, the call is over. */
  #drain(): void {
    if (this.#phase !== 'draining') return;
    this.#cancelEnding?.();
    if (this.#conversation.replies.areHeard) this.#end();
    else this.#cancelEnding = this.#services.clock.after(DRAIN_MS, () => this.#end());
  }

  #stopListening(): void {
    this.#uplink.close();
    this.#limits.stop();
    this.#sleep.stop();
    this.#emit('leaving');
  }

  failed(error: ErrorReport): void {
    this.#end(error);
  }

  #end(error?: ErrorReport): void {
    // First, because a listener of the last transcripts may hang up.
    this.#conversation.close();
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#cancelEnding?.();
    this.#stopListening();
    this.#dialer.close();
    const seconds = this.#billedSeconds ?? this.#dialer.connectedMs / 1_000;
    if (error) this.#services.emit('failed', { error, seconds });
    else this.#services.emit('ended', { reason: this.#endReason, seconds });
  }
}
