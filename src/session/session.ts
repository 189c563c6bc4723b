/**
 * A call: one conversation with the Voice Agent API, over as many connections as the network makes of it. Knows no
 * page, no socket and no sound: those are handed in.
 */
import { DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import type { ErrorKey, ErrorValues } from '../error-catalogue.js';
import { hintOf, VoiceAgentError } from '../errors.js';
import type {
  ClientMessage,
  ConversationMessage,
  ResolvedSessionConfig,
  SessionConfig,
  SessionReady,
} from '../protocol/messages.js';
import type { AudioSink, AudioSinkHandlers, FlushReport } from './audio-sink.js';
import { CallLimits, type CallLimitOptions } from './call-limits.js';
import type { SessionNews } from './connection.js';
import { Conversation } from './conversation.js';
import { Dialer, type DialerServices, type Readiness } from './dialer.js';
import type { EmitSessionEvent, EndReason, SessionCounters } from './events.js';
import { mergeConfig, promptWithDialogue, storyOf, successorConfig } from './handover.js';
import { complaintError } from './reconnect.js';
import type { ToolTiming } from './tool-results.js';
import { GAP_MS, SOCKET_MS, Uplink } from './uplink.js';

/** How long `session.end` waits for `session.ended`. */
export const ENDED_MS = 3_000;
/**
 * A connection that takes no sound for this long is dead, whether or not anybody has said so: just so long that all it
 * did not take can still be kept.
 */
const STALLED_MS = GAP_MS - SOCKET_MS;
/** Wishes of the page kept while the connection is down. */
const MAX_WAITING = 32;
/** Broken messages are told once in this time: they come in swarms. */
const MALFORMED_QUIET_MS = 10_000;

export interface SessionOptions extends CallLimitOptions {
  /** The first `session.update`, encodings included. */
  readonly config: SessionConfig;
  /** What the agent is expected to use; the server's resolved session wins. */
  readonly inputEncoding: AudioEncoding;
  readonly outputEncoding: AudioEncoding;
  readonly toolTiming: ToolTiming;
}

export interface SessionServices extends DialerServices {
  readonly sink: AudioSink;
  readonly emit: EmitSessionEvent;
}

type Phase = 'idle' | 'starting' | 'live' | 'lost' | 'ending' | 'over';

export class Session implements AudioSinkHandlers {
  readonly #options: SessionOptions;
  readonly #services: SessionServices;
  readonly #dialer: Dialer;
  readonly #conversation: Conversation;
  readonly #limits: CallLimits;
  readonly #uplink = new Uplink();
  #phase: Phase = 'idle';
  #endReason: EndReason = 'server-ended';
  #inputEncoding: AudioEncoding = DEFAULT_ENCODING;
  #outputEncoding: AudioEncoding = DEFAULT_ENCODING;
  #resolved: ResolvedSessionConfig = {};
  /** Of what the page changed: all of it, and what the server has not been told. */
  #changes: SessionConfig = {};
  #untold: SessionConfig | undefined;
  #waiting: ClientMessage[] = [];
  /** What was said before the present session took over. */
  #inherited = '';
  /** Connected time of sessions that are gone. */
  #earlierMs = 0;
  #cancelEnding: (() => void) | undefined;
  #takenAtMs = 0;
  #flushRoundTripMs: number | undefined;
  #malformedToldAtMs = -Infinity;
  #dropTold = false;

  /** Nothing is told after the end. */
  readonly #emit: EmitSessionEvent = (type, ...detail) => {
    if (this.#phase !== 'over') this.#services.emit(type, ...detail);
  };

  constructor(options: SessionOptions, services: SessionServices) {
    this.#options = options;
    this.#services = services;
    const { sink, clock } = services;
    this.#limits = new CallLimits(options, clock, {
      warn: (secondsLeft) => this.#emit('call-warning', { reason: 'max-duration', secondsLeft }),
      expired: (reason) => this.stop(reason),
      isBusy: () => this.#conversation.isBusy,
    });
    this.#conversation = new Conversation({
      ...{ sink, clock, toolTiming: options.toolTiming },
      emit: this.#emit,
      send: (message) => this.#send(message),
      onActivity: () => this.#limits.active(),
    });
    this.#dialer = new Dialer(services, {
      firstMessage: () => this.#firstMessage(),
      ready: (message, how) => this.#onReady(message, how),
      session: (message) => this.#onNews(message),
      conversation: (message) => this.#onConversation(message),
      malformed: (reason) => this.#onMalformed(reason),
      lost: (unsentBytes) => this.#onLost(unsentBytes),
      retrying: (error) => this.#onRetrying(error),
      closed: () => this.#end(),
      failed: (error) => this.#fail(error),
    });
  }

  get counters(): SessionCounters {
    return {
      packetsSent: this.#uplink.packetsSent,
      packetsDropped: this.#uplink.packetsDropped,
      flushRoundTripMs: this.#flushRoundTripMs,
      responseLatencyMs: this.#conversation.responseLatencyMs,
    };
  }

  // ── what the page wants ─────────────────────────────────────────────────────────────────────────────────────────
  start(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'starting';
    this.#setFormats(this.#options.inputEncoding, this.#options.outputEncoding);
    this.#dialer.dial();
  }

  /** `session.end`, then `session.ended`: closing without it leaves a session that can be resumed, and is billed. */
  stop(reason: EndReason): void {
    if (this.#phase === 'over' || this.#phase === 'ending') return;
    this.#phase = 'ending';
    this.#endReason = reason;
    const { isOpen } = this.#dialer;
    if (isOpen) this.#dialer.sayGoodbye();
    // Hanging up is not an interruption: no event, no more sound.
    this.#conversation.close();
    this.#services.sink.flush();
    this.#uplink.close();
    this.#limits.stop();
    if (isOpen) this.#cancelEnding = this.#services.clock.after(ENDED_MS, () => this.#onEndedTimeout());
    else this.#end();
  }

  interrupt(): void {
    this.#conversation.replies.interrupt();
  }

  /** Changes fields that are mutable in mid-call; kept for a session that has to take over. */
  update(config: SessionConfig): void {
    if (!this.#isUp) return;
    this.#changes = mergeConfig(this.#changes, config);
    if (this.#dialer.isReady) this.#sendUpdate(config);
    else this.#untold = mergeConfig(this.#untold ?? {}, config);
  }

  /** Typed input. The message alone was seen to be ignored by the model, so the text also asks for the reply. */
  say(text: string): void {
    if (!this.#isUp) return;
    this.#conversation.typed(text);
    this.#send({ type: 'conversation.message', role: 'user', content: text });
    this.reply(`The user typed this message, answer it: "${text}"`);
  }

  reply(instructions: string | undefined): void {
    if (!this.#isUp) return;
    this.#send({ type: 'reply.create', instructions });
    this.#emit('working');
  }

  /** @param result a JSON text. */
  answerTool(callId: string, result: string, isError: boolean): void {
    this.#conversation.answerTool(callId, result, isError);
  }

  /** The network is back or the page awake. */
  wake(): void {
    this.#uplink.offline = false;
    this.#dialer.wake();
  }

  /** The system has lost its network. If it is soon back, the connection may have survived. */
  offline(): void {
    this.#uplink.offline = true;
  }

  // ── what the sound says ─────────────────────────────────────────────────────────────────────────────────────────
  packet(bytes: Uint8Array, level: number): void {
    const { taken, dropped } = this.#uplink.push(bytes);
    this.#conversation.microphone(level);
    this.#watchStall(taken);
    // Told once; `stats` counts on. What a gap in the connection costs is told by the state.
    if (dropped === 0 || this.#dropTold || this.#phase !== 'live') return;
    this.#dropTold = true;
    this.#notice('microphone_audio_dropped');
  }

  replyAudible(reply: number): void {
    this.#conversation.replyAudible(reply);
  }

  replyHeard(reply: number, heardMs: number, audible: boolean): void {
    this.#conversation.replyHeard(reply, heardMs, audible);
  }

  playhead(reply: number, heardMs: number): void {
    this.#conversation.playhead(reply, heardMs);
  }

  flushed(report: FlushReport): void {
    this.#flushRoundTripMs = report.roundTripMs;
    this.#conversation.replies.flushed(report);
  }

  // ── what the connection says ────────────────────────────────────────────────────────────────────────────────────
  #firstMessage(): ClientMessage {
    const { config } = this.#options;
    if (this.#phase === 'starting') {
      this.#untold = undefined;
      return { type: 'session.update', session: mergeConfig(config, this.#changes) };
    }
    this.#loseSession();
    const successor = successorConfig(config, this.#resolved);
    if (successor.agent_id !== undefined) return this.#callAgain(successor);
    const session = mergeConfig(successor, this.#changes);
    const system_prompt = promptWithDialogue(session.system_prompt, this.#inherited);
    return {
      type: 'session.update',
      session: system_prompt === '' ? session : { ...session, system_prompt },
    };
  }

  /** An id excludes every other field: the rest is told when the session is up. */
  #callAgain(session: SessionConfig): ClientMessage {
    this.#untold = this.#changes;
    this.#waiting = this.#waiting.filter((message) => !('role' in message) || message.role === 'user');
    const content = storyOf(this.#inherited);
    if (this.#inherited) this.#waiting.unshift({ type: 'conversation.message', role: 'system', content });
    return { type: 'session.update', session };
  }

  #loseSession(): void {
    this.#earlierMs = this.#dialer.connectedMs;
    this.#untold = undefined;
    this.#conversation.sessionLost();
    this.#inherited = this.#conversation.captions.dialogue();
  }

  #onReady(message: SessionReady, how: Readiness): void {
    this.#onConfig(message.config);
    this.#phase = 'live';
    this.#limits.start();
    const { wire } = this.#dialer;
    if (wire) this.#uplink.open(wire);
    this.#takenAtMs = this.#services.clock.now();
    const config = Object.keys(this.#resolved).length > 0 ? this.#resolved : undefined;
    this.#emit('session-ready', { sessionId: message.session_id, config, how });
    this.#conversation.tellState();
    this.#sendWaiting(how);
  }

  #sendWaiting(how: Readiness): void {
    if (this.#untold && Object.keys(this.#untold).length > 0) this.#sendUpdate(this.#untold);
    this.#untold = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) {
      // A session that took over never called that tool.
      if (message.type !== 'tool.result' || how === 'resumed') this.#send(message);
    }
    this.#conversation.tools.replyDone();
  }

  #onNews(message: SessionNews): void {
    switch (message.type) {
      case 'session.ended': {
        const lastSeconds = message.session_duration_seconds;
        this.#end(lastSeconds === undefined ? undefined : lastSeconds + this.#earlierMs / 1_000);
        break;
      }
      case 'session.updated':
        if (this.#phase !== 'ending') this.#onConfig(message.config);
        break;
      case 'session.error':
        if (this.#phase !== 'ending') this.#emit('agent-error', complaintError(message, false).toData());
        break;
    }
  }

  #onConversation(message: ConversationMessage): void {
    // After `session.end` only its answer matters.
    if (this.#phase !== 'ending') this.#conversation.receive(message);
  }

  #onConfig(config: ResolvedSessionConfig | undefined): void {
    if (!config) return;
    // The prompt of a session that took over holds the dialogue; the next one is to get it from the agent's own.
    const { system_prompt } = this.#resolved;
    this.#resolved =
      this.#inherited === '' || system_prompt === undefined ? config : { ...config, system_prompt };
    this.#conversation.tools.resolved(config.tools ?? []);
    // A stored agent may bring encodings of its own; formats are fixed once the call is up.
    if (this.#phase !== 'starting') return;
    const input = config.input?.format?.encoding ?? this.#inputEncoding;
    const output = config.output?.format?.encoding ?? this.#outputEncoding;
    if (input !== this.#inputEncoding || output !== this.#outputEncoding) this.#setFormats(input, output);
  }

  #onMalformed(reason: string): void {
    const nowMs = this.#services.clock.now();
    if (nowMs - this.#malformedToldAtMs < MALFORMED_QUIET_MS) return;
    this.#malformedToldAtMs = nowMs;
    this.#notice('protocol_error/malformed', { what: reason });
  }

  #onLost(unsentBytes: number): void {
    this.#phase = 'lost';
    this.#uplink.interrupt(unsentBytes);
    this.#conversation.connectionLost();
    this.#emit('reconnecting');
  }

  #onRetrying(error: VoiceAgentError): void {
    // Once the call is up, its state tells that it is being brought back.
    if (this.#phase === 'lost') return;
    const key = 'connection_failed/retrying';
    const data = { ...error.toData(), key, hint: hintOf(key), fatal: false } as const;
    this.#emit('agent-error', data);
  }

  /** Sound is sent all the time, so a connection that takes none is dead, long before the system notices. */
  #watchStall(taken: boolean): void {
    const nowMs = this.#services.clock.now();
    if (taken || this.#phase !== 'live') this.#takenAtMs = nowMs;
    else if (nowMs - this.#takenAtMs > STALLED_MS) this.#dialer.drop();
  }

  // ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  get #isUp(): boolean {
    return this.#phase === 'starting' || this.#phase === 'live' || this.#phase === 'lost';
  }

  #setFormats(input: AudioEncoding, output: AudioEncoding): void {
    this.#inputEncoding = input;
    this.#outputEncoding = output;
    this.#uplink.setEncoding(input);
    this.#services.sink.setFormat(input, output);
  }

  #sendUpdate(config: SessionConfig): void {
    const prompt = config.system_prompt;
    const session =
      prompt === undefined
        ? config
        : { ...config, system_prompt: promptWithDialogue(prompt, this.#inherited) };
    this.#dialer.send({ type: 'session.update', session });
  }

  /** Now, or when the connection is back. */
  #send(message: ClientMessage): void {
    if (this.#dialer.isReady) this.#dialer.send(message);
    else this.#waiting = [...this.#waiting, message].slice(-MAX_WAITING);
  }

  #notice(key: ErrorKey, values?: ErrorValues): void {
    this.#emit('agent-error', VoiceAgentError.notice(key, { values }).toData());
  }

  #onEndedTimeout(): void {
    this.#notice('ended_timeout');
    this.#end();
  }

  #end(billedSeconds?: number): void {
    const seconds = this.#close(billedSeconds);
    if (seconds !== undefined) this.#services.emit('ended', { reason: this.#endReason, seconds });
  }

  #fail(error: VoiceAgentError): void {
    const seconds = this.#close();
    if (seconds !== undefined) this.#services.emit('failed', { error: error.toData(), seconds });
  }

  /** @returns the seconds of the call; undefined when it was over already. */
  #close(billedSeconds?: number): number | undefined {
    // Its last words. Whoever hears them may hang up.
    this.#conversation.close();
    if (this.#phase === 'over') return undefined;
    this.#phase = 'over';
    this.#cancelEnding?.();
    this.#limits.stop();
    this.#uplink.close();
    this.#dialer.close();
    return billedSeconds ?? this.#dialer.connectedMs / 1_000;
  }
}
