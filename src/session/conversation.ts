/** The conversation within a call, independent of connections: replies, dialogue, tools, latency. */
import type {
  ClientMessage,
  ConversationMessage,
  ResolvedSessionConfig,
  SessionConfig,
  SessionError,
} from '../protocol/messages.js';
import type { SoundCommand, WorkletToSession } from '../worklet/messages.js';
import { BargeInGate, type BargeIn } from './barge-in.js';
import type { Clock } from './clock.js';
import { Dialogue } from './dialogue.js';
import type { EmitSessionEvent, SessionCounters } from './events.js';
import { Replies } from './replies.js';
import { ToolResults, type ToolTiming, type UnusedResult } from './tool-results.js';
import { TypedLines } from './typed-lines.js';

/** Maximum length of the arguments, and of the result, of a tool that the agent is told about late. */
const MAX_OUTCOME_CHARS = 1_000;
/** A packet below this fraction of the loudest one of an utterance contains no voice: 26 dB. */
const PAUSE_LEVEL = 0.05;
/** An error later than this is no answer to `reply.cancel`. */
const CANCEL_ANSWER_MS = 5_000;

export interface ConversationOptions {
  /** The first `session.update`, including encodings. */
  readonly config: SessionConfig;
  readonly toolTiming: ToolTiming;
  readonly bargeIn: BargeIn;
}

export interface ConversationServices {
  readonly clock: Clock;
  readonly post: (command: SoundCommand) => void;
  readonly emit: EmitSessionEvent;
  readonly send: (message: ClientMessage) => void;
  /** Messages are sent immediately. */
  readonly isReady: () => boolean;
  /** Someone spoke or typed. */
  readonly onActivity: () => void;
  readonly options: ConversationOptions;
}

export class Conversation {
  readonly #services: ConversationServices;
  readonly dialogue: Dialogue;
  readonly replies: Replies;
  readonly tools: ToolResults;
  readonly bargeIn: BargeInGate;
  readonly typed: TypedLines;
  #userSpeaking = false;
  /** At the microphone, according to the worklet. */
  #voiceHeard = false;
  /** A reply was interrupted, and nothing has been heard since. */
  #interruptedLast = false;
  /** The server was asked for a reply to replace a failed one. */
  #askedAgain = false;
  #speechEndedAtMs: number | undefined;
  /** The microphone's last packet with voice, and the level of the loudest. */
  #voiceAtMs: number | undefined;
  #loudest = 0;
  #responseLatencyMs: number | undefined;
  #flushRoundTripMs: number | undefined;
  /** When the server was last asked to stop a reply; `refused` if it does not know that message. */
  #cancelled: number | 'refused' = -Infinity;

  constructor(services: ConversationServices) {
    this.#services = services;
    const { clock, post, emit, send, isReady, options } = services;
    this.dialogue = new Dialogue(emit);
    this.replies = new Replies(post, this.dialogue, clock, emit);
    this.tools = new ToolResults({
      send,
      isReady,
      allSent: () => this.#shapeAnswer(),
      unused: (result) => this.#onUnusedResult(result),
    });
    this.typed = new TypedLines(this.dialogue, send);
    this.tools.timing = options.toolTiming;
    this.bargeIn = new BargeInGate(post, options.bargeIn, options.config, () =>
      emit('agent-error', { key: 'echo_heard' }),
    );
  }

  /**
   * From a flush to the first silent quantum; from the end of the user's speech at the microphone to the first
   * audible sample of the answer.
   */
  get counters(): Pick<SessionCounters, 'flushRoundTripMs' | 'responseLatencyMs' | 'echo'> {
    return {
      echo: this.bargeIn.echoLevel,
      flushRoundTripMs: this.#flushRoundTripMs,
      responseLatencyMs: this.#responseLatencyMs,
    };
  }

  /** The server is to answer the result of a tool, or what was typed. */
  get isAwaited(): boolean {
    return this.tools.pending || this.typed.unsure.some(({ type }) => type === 'reply.create');
  }

  // ── what the page wants ─────────────────────────────────────────────────────────────────────────────────────────
  answerTool(callId: string, result: string, isError: boolean): void {
    const mustWait = this.replies.underWayId !== undefined || this.#userSpeaking;
    this.tools.answer(callId, result, isError, mustWait);
  }

  /**
   * Silences the current reply, and asks the server to stop it. Otherwise it continues unheard, and the next reply
   * waits for it.
   */
  interrupt(): void {
    const { clock, send } = this.#services;
    const { underWayId } = this.replies;
    this.replies.interrupt();
    this.#interruptedLast = true;
    if (underWayId === undefined || this.#cancelled === 'refused') return;
    this.#cancelled = clock.now();
    send({ type: 'reply.cancel', reply_id: underWayId });
  }

  /** @returns whether the error is the consequence of a message that servers may refuse, and of no interest to the page */
  isExpected(error: SessionError): boolean {
    return this.#isCancelRefused(error) || this.tools.isCopyRefused(error);
  }

  /** @returns whether the server only reports that it does not know `reply.cancel`; then it is not sent again */
  #isCancelRefused({ code }: SessionError): boolean {
    const askedAtMs = this.#cancelled === 'refused' ? -Infinity : this.#cancelled;
    if (code !== 'invalid_format' || this.#services.clock.now() - askedAtMs > CANCEL_ANSWER_MS) return false;
    this.#cancelled = 'refused';
    return true;
  }

  /** The server's resolved session. */
  resolved(config: ResolvedSessionConfig): void {
    this.tools.resolved(config.tools ?? []);
    this.bargeIn.resolved(config);
    this.replies.isWritten = config.output?.type === 'text';
  }

  // ── what becomes of the call ────────────────────────────────────────────────────────────────────────────────────
  /** The connection is lost, perhaps briefly: what has arrived is played to its end, and tools continue. */
  connectionLost(): void {
    this.#userSpeaking = false;
    this.#speechEndedAtMs = undefined;
    this.tools.lost();
    this.replies.connectionLost();
  }

  /** The session is lost: its pending results are useless, and its ids mean nothing to the next one. */
  sessionLost(): void {
    this.tools.drop();
    this.typed.sessionLost();
    this.replies.connectionLost();
    this.dialogue.settle();
    this.replies.settle(false);
  }

  /** The agent's turn has produced nothing for too long. A reply that the server has not reported as done is complete. */
  nothingCame(): void {
    this.#services.emit('nothing-came');
    this.#onDone(undefined);
  }

  close(): void {
    this.#userSpeaking = false;
    this.tools.drop();
    this.dialogue.settle();
    this.replies.close();
  }

  // ── what the worklet says ─────────────────────────────────────────────────────────────────────────────────────────
  /** @param level of a packet */
  microphone(level: number): void {
    if (!this.#userSpeaking) return;
    this.#loudest = Math.max(this.#loudest, level);
    if (level <= this.#loudest * PAUSE_LEVEL) return;
    this.#voiceAtMs = this.#services.clock.now();
    this.#services.onActivity();
  }

  voice(report: Extract<WorkletToSession, { type: 'voice' }>): void {
    if (!this.bargeIn.instant) return;
    const { speaking } = report;
    if (speaking !== this.#voiceHeard) this.#services.emit('voice', { speaking });
    this.#voiceHeard = speaking;
    this.replies.gaveWay(report);
  }

  /** Another worklet has heard no voice yet: it would not report the end of this one. */
  workletReplaced(): void {
    this.voice({ type: 'voice', speaking: false, givingWay: 'none', reply: 0 });
    this.replies.workletReplaced();
  }

  heard(report: Extract<WorkletToSession, { type: 'heard' }>): void {
    const { clock, emit, onActivity } = this.#services;
    const progress = this.replies.heard(report);
    // Endless silence from a server is not speech.
    if (progress !== 'nothing') onActivity();
    if (progress === 'first') {
      this.#hasContent();
      if (this.#speechEndedAtMs !== undefined) this.#responseLatencyMs = clock.now() - this.#speechEndedAtMs;
      this.#speechEndedAtMs = undefined;
    }
    if (!report.over) return;
    this.bargeIn.replyOver();
    if (this.isAwaited || this.replies.underWayId !== undefined || this.#askedAgain) emit('working');
  }

  flushed(report: Extract<WorkletToSession, { type: 'flushed' }>): void {
    this.#flushRoundTripMs = report.roundTripMs;
    this.replies.flushed(report);
    this.bargeIn.replyOver();
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
        if (this.replies.underWayId === undefined) this.tools.release();
        break;
      case 'transcript.user.delta':
      case 'transcript.user':
        this.#services.onActivity();
        if (message.type === 'transcript.user' && message.text.trim() !== '') this.typed.superseded();
        this.dialogue.user(message);
        break;
      case 'reply.started':
        // Before the session is ready, what waits for it cannot have arrived.
        if (this.#services.isReady()) this.typed.arrived();
        this.tools.arrived();
        this.replies.started(message.reply_id);
        break;
      case 'reply.audio':
        if (message.data.length > 0) this.replies.audio(message.reply_id, message.data);
        break;
      case 'transcript.agent.delta':
        this.#hasContent();
        this.replies.word(message);
        break;
      case 'transcript.agent':
        this.replies.final(message);
        if (message.interrupted) this.#onInterrupted(message.reply_id);
        break;
      case 'reply.done':
        if (message.status === 'interrupted') this.#onInterrupted(message.reply_id);
        else this.#onDone(message.reply_id);
        break;
      case 'tool.call':
        if (!this.tools.called(message)) break;
        emit('working');
        emit('tool-call', {
          callId: message.call_id,
          name: message.name,
          arguments: message.arguments,
        });
        break;
      case 'reply.error':
        emit('agent-error', message);
        if (!message.retryable || !this.#askAgain()) emit('nothing-came');
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
      this.dialogue.speechStarted();
      this.typed.speechStarted();
      this.#loudest = 0;
      this.#voiceAtMs = undefined;
    }
    // The server reports it only once it is sure.
    this.#speechEndedAtMs = speaking ? undefined : (this.#voiceAtMs ?? this.#services.clock.now());
  }

  #onDone(replyId: string | undefined): void {
    const toolsPending = this.tools.pending;
    const cameToNothing = this.replies.isEmpty(replyId) && !toolsPending;
    this.replies.done(replyId);
    this.tools.release();
    if (cameToNothing && this.#interruptedLast && this.#askAgain()) return;
    if (!toolsPending) this.typed.answered();
  }

  #hasContent(): void {
    this.#interruptedLast = false;
    this.#askedAgain = false;
  }

  /** Once per turn. @returns whether another reply is on its way */
  #askAgain(): boolean {
    if (this.#askedAgain) return false;
    this.#askedAgain = true;
    this.#services.send({ type: 'reply.create', instructions: this.typed.repeat() });
    this.#services.emit('working');
    return true;
  }

  /** The server speaks about the results unprompted, but has forgotten the typed text. */
  #shapeAnswer(): void {
    const instructions = this.typed.repeat();
    if (instructions !== undefined) this.#services.send({ type: 'reply.create', instructions });
  }

  /** Both sides must know about a tool that completed after its turn: the user interrupted, or the connection was lost. */
  #onUnusedResult(unused: UnusedResult): void {
    const { name, result, isError } = unused;
    const args = JSON.stringify(unused.arguments).slice(0, MAX_OUTCOME_CHARS);
    const outcome = result.slice(0, MAX_OUTCOME_CHARS);
    const content = `The tool ${name}, called with ${args}, has ${isError ? 'failed' : 'finished'} after its turn was over. Its result: ${outcome}`;
    this.typed.note(content);
    this.dialogue.note(content);
    this.#services.emit('tool-result-unused', unused);
  }

  /** The turn is over, and with it its running tools, unless the server is already in another turn. */
  #onInterrupted(replyId: string | undefined): void {
    const isNews = this.replies.interrupted(replyId);
    if (isNews) this.#interruptedLast = true;
    if (!isNews && !this.replies.isLatest(replyId)) return;
    this.tools.drop();
    this.typed.answered();
  }
}
