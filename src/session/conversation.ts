/** What is said within a call, by either side, whichever connection it goes over: replies, captions, tools, latency. */
import type { ClientMessage, ConversationMessage } from '../protocol/messages.js';
import type { AudioSink } from './audio-sink.js';
import { Captions } from './captions.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';
import { Replies } from './replies.js';
import { ToolResults, type ToolTiming } from './tool-results.js';

/** Below this part of the loudest packet of an utterance there is no voice in one: 26 dB. */
const PAUSE_LEVEL = 0.05;

export interface ConversationServices {
  readonly clock: Clock;
  readonly sink: AudioSink;
  readonly emit: EmitSessionEvent;
  readonly send: (message: ClientMessage) => void;
  /** Somebody was heard, or wrote. */
  readonly onActivity: () => void;
  readonly toolTiming: ToolTiming;
}

export class Conversation {
  readonly #services: ConversationServices;
  readonly captions: Captions;
  readonly replies: Replies;
  readonly tools: ToolResults;
  #typedCount = 0;
  #userSpeaking = false;
  #speechEndedAtMs: number | undefined;
  /** The microphone's last packet with a voice in it, and how loud the loudest was. */
  #voiceAtMs: number | undefined;
  #loudest = 0;
  #heardMs = 0;
  #responseLatencyMs: number | undefined;

  constructor(services: ConversationServices) {
    this.#services = services;
    const { clock, sink, emit, send, toolTiming } = services;
    this.captions = new Captions(emit);
    this.replies = new Replies(sink, this.captions, clock, emit);
    this.tools = new ToolResults(send);
    this.tools.timing = toolTiming;
  }

  /** From the end of the user's speech, as the microphone heard it, to the first audible sample of the answer. */
  get responseLatencyMs(): number | undefined {
    return this.#responseLatencyMs;
  }

  /** A tool is at work; each has a time limit of its own. */
  get isBusy(): boolean {
    return this.tools.running;
  }

  // ── what the page wants ─────────────────────────────────────────────────────────────────────────────────────────
  typed(text: string): void {
    this.#services.onActivity();
    this.captions.typed(`typed-${++this.#typedCount}`, text);
  }

  answerTool(callId: string, result: string, isError: boolean): void {
    this.tools.answer(callId, result, isError, this.replies.underWay);
  }

  // ── what becomes of the call ────────────────────────────────────────────────────────────────────────────────────
  /** The connection is gone, perhaps not for long: what has arrived is heard to its end, tools work on. */
  connectionLost(): void {
    this.#userSpeaking = false;
    this.#speechEndedAtMs = undefined;
    this.replies.connectionLost();
  }

  /** The session is gone: what it waited for has no use any more, and its ids mean nothing to the next one. */
  sessionLost(): void {
    this.tools.drop();
    this.replies.settle();
    this.captions.settle(false);
  }

  close(): void {
    this.#userSpeaking = false;
    this.tools.drop();
    this.replies.close();
    this.captions.settle(true);
  }

  /** After a return: what sounds still, sounds on. */
  tellState(): void {
    if (this.replies.sounding) this.#services.emit('reply-audible');
  }

  // ── what the sound says ─────────────────────────────────────────────────────────────────────────────────────────
  /** @param level of a packet. */
  microphone(level: number): void {
    if (!this.#userSpeaking) return;
    this.#loudest = Math.max(this.#loudest, level);
    if (level <= this.#loudest * PAUSE_LEVEL) return;
    this.#voiceAtMs = this.#services.clock.now();
    this.#services.onActivity();
  }

  replyAudible(reply: number): void {
    this.#services.onActivity();
    this.replies.replyAudible(reply);
    if (this.#speechEndedAtMs === undefined) return;
    this.#responseLatencyMs = this.#services.clock.now() - this.#speechEndedAtMs;
    this.#speechEndedAtMs = undefined;
  }

  replyHeard(reply: number, heardMs: number, audible: boolean): void {
    if (audible) this.#services.onActivity();
    this.replies.replyHeard(reply, heardMs, audible);
    if (this.tools.pending || this.replies.underWay) this.#services.emit('working');
  }

  playhead(reply: number, heardMs: number): void {
    // Silence that a server sends for ever is nobody's speech.
    if (heardMs !== this.#heardMs) this.#services.onActivity();
    this.#heardMs = heardMs;
    this.replies.playhead(reply, heardMs);
  }

  // ── what the server says ────────────────────────────────────────────────────────────────────────────────────────
  receive(message: ConversationMessage): void {
    const { emit } = this.#services;
    switch (message.type) {
      case 'input.speech.started':
        this.#onSpeech(true);
        emit('speech-start');
        this.replies.speechStarted();
        break;
      case 'input.speech.stopped':
        this.#onSpeech(false);
        emit('speech-end');
        break;
      case 'transcript.user.delta':
      case 'transcript.user':
        this.#services.onActivity();
        this.captions.user(message);
        break;
      case 'reply.started':
        this.replies.started(message.reply_id);
        break;
      case 'reply.audio':
        if (message.data.length > 0) this.replies.audio(message.reply_id, message.data);
        break;
      case 'transcript.agent.delta':
        this.captions.agentDelta(message.reply_id ?? this.replies.latestId ?? '', message);
        break;
      case 'transcript.agent':
        this.captions.agentFinal(message.reply_id ?? this.replies.latestId ?? '', message);
        if (message.interrupted) this.#onInterrupted(message.reply_id);
        break;
      case 'reply.done':
        if (message.status === 'interrupted') this.#onInterrupted(message.reply_id);
        else this.#onDone(message.reply_id);
        break;
      case 'tool.call':
        if (!this.tools.called(message.call_id, message.name)) break;
        emit('working');
        emit('tool-call', {
          callId: message.call_id,
          name: message.name,
          arguments: message.arguments,
        });
        break;
      case 'unknown':
        emit('server-message', { name: message.name, raw: message.raw });
        break;
    }
  }

  #onSpeech(speaking: boolean): void {
    this.#services.onActivity();
    this.#userSpeaking = speaking;
    if (speaking) {
      this.#loudest = 0;
      this.#voiceAtMs = undefined;
    }
    // The server says so once it is sure.
    this.#speechEndedAtMs = speaking ? undefined : (this.#voiceAtMs ?? this.#services.clock.now());
  }

  #onDone(replyId: string | undefined): void {
    this.replies.done(replyId);
    this.tools.replyDone();
  }

  /** The turn is over, and with it the tools that were at work for it, unless the server is at another one by now. */
  #onInterrupted(replyId: string | undefined): void {
    const isNews = this.replies.interrupted(replyId);
    if (isNews || replyId === undefined || replyId === this.replies.latestId) this.tools.drop();
  }
}
