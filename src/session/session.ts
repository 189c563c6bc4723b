/**
 * A call: one conversation with the Voice Agent API, over as many connections as the network makes of it. Knows no
 * page, no socket and no sound: those are handed in.
 */
import { DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import { fromBase64 } from '../protocol/base64.js';
import type {
  ClientMessage,
  ReplyAudio,
  ResolvedSessionConfig,
  ServerMessage,
  SessionConfig,
  SessionReady,
} from '../protocol/messages.js';
import type { AudioSink, AudioSinkHandlers, FlushReport } from './audio-sink.js';
import { Captions } from './captions.js';
import { Dialer, type DialerServices } from './dialer.js';
import type { EmitSessionEvent, EndReason, SessionCounters } from './events.js';
import { successorConfig } from './handover.js';
import { complaintError } from './reconnect.js';
import { Replies } from './replies.js';
import { ToolResults, type ToolTiming } from './tool-results.js';
import { Uplink } from './uplink.js';

/** How long `session.end` waits for `session.ended`. */
export const ENDED_MS = 3_000;

export interface SessionOptions {
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

type Phase =
  | { readonly name: 'idle' | 'starting' | 'live' | 'lost' | 'over' }
  | { readonly name: 'ending'; readonly reason: EndReason };

export class Session implements AudioSinkHandlers {
  readonly #options: SessionOptions;
  readonly #services: SessionServices;
  readonly #dialer: Dialer;
  readonly #captions: Captions;
  readonly #replies: Replies;
  readonly #uplink = new Uplink();
  readonly #tools: ToolResults;
  #phase: Phase = { name: 'idle' };
  #inputEncoding: AudioEncoding = DEFAULT_ENCODING;
  #outputEncoding: AudioEncoding = DEFAULT_ENCODING;
  #resolved: ResolvedSessionConfig = {};
  #changes: SessionConfig = {};
  #cancelEnding: (() => void) | undefined;
  #speechEndedAtMs: number | undefined;
  #responseLatencyMs: number | undefined;
  #flushRoundTripMs: number | undefined;
  #typedCount = 0;
  #wasReady = false;

  constructor(options: SessionOptions, services: SessionServices) {
    this.#options = options;
    this.#services = services;
    const { sink, clock, emit } = services;
    this.#captions = new Captions(emit);
    this.#replies = new Replies(sink, this.#captions, clock, emit);
    this.#tools = new ToolResults((message) => this.#send(message));
    this.#tools.timing = options.toolTiming;
    this.#dialer = new Dialer(services, {
      firstMessage: () => this.#firstMessage(),
      ready: (message, reconnected) => this.#onReady(message, reconnected),
      message: (message) => this.#onMessage(message),
      malformed: (reason) => this.#onMalformed(reason),
      lost: (unsentBytes) => this.#onLost(unsentBytes),
      retrying: (attempt, error) => this.#onRetrying(attempt, error),
      closed: () => this.#end('server-ended', undefined),
      failed: (error) => this.#fail(error),
    });
  }

  get counters(): SessionCounters {
    return {
      packetsSent: this.#uplink.packetsSent,
      packetsDropped: this.#uplink.packetsDropped,
      flushRoundTripMs: this.#flushRoundTripMs,
      responseLatencyMs: this.#responseLatencyMs,
    };
  }

  // ── what the page wants ─────────────────────────────────────────────────────────────────────────────────────────
  start(): void {
    if (this.#phase.name !== 'idle') return;
    this.#phase = { name: 'starting' };
    this.#setFormats(this.#options.inputEncoding, this.#options.outputEncoding);
    this.#dialer.dial();
  }

  /** `session.end`, then `session.ended`: closing without it leaves a session that can be resumed, and is billed. */
  stop(reason: EndReason): void {
    if (this.#phase.name === 'over' || this.#phase.name === 'ending') return;
    // Hanging up is not an interruption: no event, no more sound.
    this.#replies.close();
    this.#services.sink.flush();
    this.#uplink.close();
    if (!this.#dialer.isOpen) {
      this.#end(reason, undefined);
      return;
    }
    this.#phase = { name: 'ending', reason };
    this.#send({ type: 'session.end' });
    this.#cancelEnding = this.#services.clock.after(ENDED_MS, () => this.#end(reason, undefined));
  }

  interrupt(): void {
    this.#replies.interrupt();
  }

  /** Changes fields that are mutable in mid-call; kept for a session that has to take over. */
  update(config: SessionConfig): void {
    const input = { ...this.#changes.input, ...config.input };
    this.#changes = { ...this.#changes, ...config, ...(config.input ? { input } : {}) };
    if (this.#dialer.isReady) this.#send({ type: 'session.update', session: config });
  }

  /** Typed input. The message alone was seen to be ignored by the model, so the text also asks for the reply. */
  say(text: string): void {
    this.#captions.typed(`typed-${++this.#typedCount}`, text);
    this.#send({ type: 'conversation.message', role: 'user', content: text });
    this.reply(`The user typed this message; answer it: ${text}`);
  }

  reply(instructions: string | undefined): void {
    this.#send(
      instructions === undefined ? { type: 'reply.create' } : { type: 'reply.create', instructions },
    );
    this.#services.emit({ type: 'working' });
  }

  /** @param result a JSON text. */
  answerTool(callId: string, result: string, isError: boolean): void {
    this.#tools.answer(callId, result, isError, this.#replies.underWay);
  }

  /** The network is back or the page awake. */
  wake(): void {
    this.#dialer.wake();
  }

  // ── what the sound says ─────────────────────────────────────────────────────────────────────────────────────────
  packet(bytes: Uint8Array): void {
    const dropped = this.#uplink.push(bytes);
    // Told once; `stats` counts on.
    if (dropped === 0 || this.#uplink.packetsDropped !== dropped) return;
    this.#notice(
      'microphone_audio_dropped',
      'The network is too slow for the microphone: the oldest sound was dropped.',
      'input-encoding="audio/pcmu" needs a sixth of the bandwidth.',
    );
  }

  replyAudible(reply: number): void {
    this.#replies.sinkAudible(reply);
    if (this.#speechEndedAtMs === undefined) return;
    this.#responseLatencyMs = this.#services.clock.now() - this.#speechEndedAtMs;
    this.#speechEndedAtMs = undefined;
  }

  replyHeard(reply: number, _heardMs: number, audible: boolean): void {
    this.#replies.sinkHeard(reply, audible);
    if (this.#tools.pending) this.#services.emit({ type: 'working' });
  }

  playhead(reply: number, heardMs: number): void {
    this.#replies.sinkPlayhead(reply, heardMs);
  }

  flushed(report: FlushReport): void {
    this.#flushRoundTripMs = report.roundTripMs;
    this.#replies.sinkFlushed(report);
  }

  // ── what the connection says ────────────────────────────────────────────────────────────────────────────────────
  #firstMessage(): ClientMessage {
    const { config } = this.#options;
    if (!this.#wasReady) return { type: 'session.update', session: { ...config, ...this.#changes } };
    const base = { ...config, ...this.#resolved, ...this.#changes };
    return { type: 'session.update', session: successorConfig(base, this.#captions.dialogue()) };
  }

  #onReady(message: SessionReady, reconnected: boolean): void {
    this.#onConfig(message.config);
    this.#wasReady = true;
    this.#phase = { name: 'live' };
    const { transport } = this.#dialer;
    if (transport) this.#uplink.open(transport);
    const config = Object.keys(this.#resolved).length > 0 ? this.#resolved : undefined;
    this.#services.emit({ type: 'ready', sessionId: message.session_id, config, reconnected });
  }

  #onMessage(message: ServerMessage): void {
    if (message.type === 'session.ended') {
      const reason = this.#phase.name === 'ending' ? this.#phase.reason : 'server-ended';
      this.#end(reason, message.session_duration_seconds);
      return;
    }
    // After `session.end` only its answer matters.
    if (this.#phase.name !== 'ending') this.#onConversation(message);
  }

  #onConversation(message: ServerMessage): void {
    const { emit, clock } = this.#services;
    switch (message.type) {
      case 'session.updated':
        this.#onConfig(message.config);
        break;
      case 'session.error':
        emit({ type: 'notice', error: complaintError(message, false).toData() });
        break;
      case 'input.speech.started':
        this.#speechEndedAtMs = undefined;
        emit({ type: 'speech-started' });
        this.#replies.speechStarted();
        break;
      case 'input.speech.stopped':
        this.#speechEndedAtMs = clock.now();
        emit({ type: 'speech-stopped' });
        break;
      case 'transcript.user.delta':
      case 'transcript.user':
        this.#captions.user(message);
        break;
      case 'reply.started':
        this.#replies.started(message.reply_id);
        break;
      case 'reply.audio':
        this.#onAudio(message);
        break;
      case 'transcript.agent.delta':
        this.#captions.agentDelta(message.reply_id ?? this.#replies.latestId ?? '', message);
        break;
      case 'transcript.agent':
        this.#captions.agentFinal(message.reply_id ?? this.#replies.latestId ?? '', message);
        if (message.interrupted) this.#onInterrupted(message.reply_id);
        break;
      case 'reply.done':
        if (message.status === 'interrupted') this.#onInterrupted(message.reply_id);
        else {
          this.#replies.done(message.reply_id);
          this.#tools.replyDone();
        }
        break;
      case 'tool.call':
        if (!this.#tools.called(message.call_id, message.name)) break;
        emit({ type: 'working' });
        emit({
          type: 'tool-call',
          callId: message.call_id,
          name: message.name,
          arguments: message.arguments,
        });
        break;
      case 'session.ready':
      case 'session.ended':
        break;
      case 'unknown':
        emit({ type: 'unknown-message', name: message.name, raw: message.raw });
        break;
    }
  }

  #onAudio(message: ReplyAudio): void {
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(message.data);
    } catch {
      this.#onMalformed('reply.audio whose data is not base64');
      return;
    }
    if (bytes.length > 0) this.#replies.audio(message.reply_id, bytes);
  }

  #onInterrupted(replyId: string | undefined): void {
    this.#tools.drop();
    this.#replies.interrupted(replyId);
  }

  #onConfig(config: ResolvedSessionConfig | undefined): void {
    if (!config) return;
    this.#resolved = config;
    this.#tools.resolved(Array.isArray(config.tools) ? config.tools : []);
    // A stored agent may bring encodings of its own; formats are fixed once the call is up.
    if (this.#phase.name !== 'starting') return;
    const input = config.input?.format?.encoding ?? this.#inputEncoding;
    const output = config.output?.format?.encoding ?? this.#outputEncoding;
    if (input !== this.#inputEncoding || output !== this.#outputEncoding) this.#setFormats(input, output);
  }

  #onMalformed(reason: string): void {
    this.#notice(
      'protocol_error',
      `The server sent ${reason}; it was left out.`,
      'Nothing to do, unless it goes on.',
    );
  }

  #onLost(unsentBytes: number): void {
    // The server may hang up on `session.end` without a word: that is an end all the same.
    if (this.#phase.name === 'ending') {
      this.#end(this.#phase.reason, undefined);
      return;
    }
    this.#phase = { name: 'lost' };
    this.#uplink.interrupt(unsentBytes);
    this.#replies.connectionLost();
    this.#tools.drop();
  }

  #onRetrying(attempt: number, error: VoiceAgentError): void {
    if (this.#phase.name === 'lost') this.#services.emit({ type: 'reconnecting', attempt });
    else this.#notice(error.code, error.message, 'Trying again.');
  }

  #setFormats(input: AudioEncoding, output: AudioEncoding): void {
    this.#inputEncoding = input;
    this.#outputEncoding = output;
    this.#uplink.setEncoding(input);
    this.#services.sink.setFormat(input, output);
  }

  #send(message: ClientMessage): void {
    this.#dialer.send(message);
  }

  #notice(code: string, message: string, hint: string): void {
    this.#services.emit({ type: 'notice', error: VoiceAgentError.notice(code, message, hint).toData() });
  }

  #end(reason: EndReason, billedSeconds: number | undefined): void {
    const seconds = this.#close(billedSeconds);
    if (seconds !== undefined) this.#services.emit({ type: 'ended', reason, seconds });
  }

  #fail(error: VoiceAgentError): void {
    const seconds = this.#close(undefined);
    if (seconds !== undefined) this.#services.emit({ type: 'failed', error: error.toData(), seconds });
  }

  /** @returns the seconds of the call; undefined when it was over already. */
  #close(billedSeconds: number | undefined): number | undefined {
    if (this.#phase.name === 'over') return undefined;
    this.#phase = { name: 'over' };
    this.#cancelEnding?.();
    this.#uplink.close();
    this.#replies.close();
    this.#dialer.close();
    return billedSeconds ?? this.#dialer.connectedMs / 1_000;
  }
}
