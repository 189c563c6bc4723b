/** The headless client on which `<voice-agent>` is built, for pages with their own UI. */
import type { AudioSettings } from '../audio/audio-path.js';
import { microphonePermission } from '../audio/devices.js';
import { VoiceAgentError, type VoiceAgentErrorData } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { EndReason } from '../session/events.js';
import { isUp, transition, type StateEvent, type VoiceAgentState } from '../session/state.js';
import { Call, type CallEvent } from './call.js';
import { AuthorLog } from './console.js';
import { EventQueue } from './event-queue.js';
import type { EventListeners, SessionEndReason, ToolCallDetail, VoiceAgentEventMap } from './events.js';
import type { KeptCall, OnKept } from './kept-call.js';
import { LIVE_OPTIONS as LIVE, type OptionName, type VoiceAgentOptions } from './options.js';
import { pageWatch } from './page-watch.js';
import { prepareCall } from './prepare-call.js';
import { asJson, checkOption, checkUpdate, resolveOptions } from './resolve-options.js';
import { pending, type Pending } from './pending.js';
import { runToolCall, ToolCallEvent } from './tool-calls.js';
import { Transcript, type TranscriptEntry } from './transcript.js';

/** A session itself waits three seconds. */
const STOP_MS = 5_000;
/** Adds properties for the options and typed events. Exists only at compile time. */
const TypedTarget = EventTarget as new () => VoiceAgentOptions &
  EventListeners<VoiceAgentEventMap> &
  EventTarget;

/**
 * A voice conversation without a UI: has the options as properties and dispatches the events of `VoiceAgentEventMap`. One
 * object can have many calls, one after another.
 */
export class VoiceAgent extends TypedTarget {
  readonly #target: EventTarget;
  #transcript = new Transcript();
  #live: AudioSettings = LIVE;
  readonly #taps = new Set<MessagePort>();
  #state: VoiceAgentState = 'idle';
  #speechHeardBy = { service: false, microphone: false };
  #error: VoiceAgentError | undefined;
  #call: Call | undefined;
  /** The open replies, and the one that is ducked or held: their end is told here if the session cannot. */
  readonly #openReplies = new Set<string>();
  #heldReplyId: string | undefined;
  /** The call that was told to end, and when it had begun. */
  #stopping: EndReason | undefined;
  #readyAtMs: number | undefined;
  /** The session takes nothing more. */
  #isLeaving = false;
  /** What `start()` has returned for this call. */
  #started: Pending | undefined;
  /** Ends the watch of the page. */
  #watch = new AbortController();
  #log = new AuthorLog();
  #onKept: OnKept | undefined;
  #tokenError: VoiceAgentError | undefined;
  readonly #events: EventQueue;

  /** @param target where events are dispatched; default: the agent itself */
  constructor(options: VoiceAgentOptions = {}, target?: EventTarget) {
    super();
    this.#target = target ?? this;
    this.#events = new EventQueue(this.#target);
    Object.assign(this, options);
    // Asked in advance, so that a start need not wait for the answer. The visitor is asked nothing. An element asks when it is
    // pressed or focused, because most visitors only read the page.
    if (!target) void microphonePermission();
  }

  /** Changes before `state-change` is dispatched. */
  get state(): VoiceAgentState {
    return this.#state;
  }

  /** According to the service or the microphone. */
  get userSpeaking(): boolean {
    return this.#speechHeardBy.service || this.#speechHeardBy.microphone;
  }

  /** The error that ended the latest call, if any. */
  get error(): VoiceAgentError | undefined {
    return this.#error;
  }

  /** The transcript of the latest call, oldest entry first, at most 1000 entries; a new array for every change. */
  get transcript(): readonly TranscriptEntry[] {
    return this.#transcript.entries;
  }

  static {
    for (const [name, fallback] of Object.entries(LIVE)) {
      Object.defineProperty(this.prototype, name, {
        get(this: VoiceAgent): unknown {
          return this.#live[name as keyof AudioSettings];
        },
        set(this: VoiceAgent, value: unknown) {
          // The element sets all options at every render.
          if (Object.is((value ??= fallback), this.#live[name as keyof AudioSettings])) return;
          this.#setLive(name as OptionName | 'tap', value);
          if (name === 'context') this.#call?.ask('inform', this.context ?? '');
          // An enclosing element reports its own property.
          if (name === 'muted' && this.#target === this)
            this.#events.dispatch('mute-change', { muted: this.#live.muted === true });
        },
      });
    }
  }

  /**
   * Sends both sides of the calls, sample by sample, to `port` as messages `SoundTap`. A muted microphone is silent.
   * @returns a function that ends this tap
   */
  tapAudio(port: MessagePort): () => void {
    const settle = (): void => this.#setLive('tap', this.#taps.size > 0);
    this.#taps.add(port);
    settle();
    return () => {
      this.#taps.delete(port);
      settle();
    };
  }

  /** Loads what the next call needs and connects to the service's host. Requests neither microphone nor token. */
  prepare(): void {
    if (!isUp(this.#state)) prepareCall(this);
  }

  /**
   * Starts a call, from a click or key handler. While one is starting, returns its promise. Ends any other agent's call.
   * @returns resolves at `session.ready`
   * @throws {VoiceAgentError}
   */
  start(): Promise<void> {
    return this.resume();
  }

  /** @internal Tells what another page needs to continue the call, and every change of it. @returns whether it can */
  keep(onKept: OnKept): boolean {
    this.#onKept = onKept;
    return this.#call?.keep() ?? false;
  }

  /** @internal The call ends here; its session is left to the next page. */
  handOver(): void {
    this.#call?.leave();
    this.#end('page-hidden', this.#seconds);
  }

  /** @internal Continues the call of the page before, or begins one. */
  resume(kept?: KeptCall): Promise<void> {
    // Hung up, but not yet confirmed by the server: do not wait for that.
    if (this.#stopping) this.#end(this.#stopping, this.#seconds);
    if (this.#started) return this.#started.promise;
    const { promise } = (this.#started = pending());
    this.#error = undefined;
    this.#readyAtMs = kept?.readyAtMs;
    this.#isLeaving = false;
    this.#transcript = new Transcript(kept?.transcript);
    this.#log = new AuthorLog();
    const call = this.#events.hold(() => {
      this.#move('start');
      try {
        return this.#makeCall(kept);
      } catch (error) {
        this.#end('error', 0, VoiceAgentError.from(error));
        return undefined;
      }
    });
    // A handler may have hung up and started again.
    if (call && this.#call === call) void call.open();
    return promise;
  }

  /**
   * Ends the call, if there is one. Turns the microphone off immediately.
   * @returns resolves when the service has confirmed the end, after 5 s at most; never rejects
   */
  async stop(reason: EndReason = 'stopped'): Promise<void> {
    const call = this.#call;
    if (!call) return;
    const asked = (this.#stopping ??= reason);
    // The session is told before a handler can start the next call.
    this.#events.hold(() => {
      this.#move('stop');
      call.stop(asked);
    });
    // Do not wait for a session that does not answer.
    const timer = setTimeout(() => {
      if (this.#call === call) this.#end(asked, this.#seconds);
    }, STOP_MS);
    await call.ended;
    clearTimeout(timer);
  }

  /** Silences the current reply; the rest of it stays unheard. */
  interrupt(): void {
    this.#call?.ask('interrupt');
  }

  /**
   * Sends a text message to the agent, which answers aloud. While the call is starting, it waits.
   * @returns false if it cannot be sent: it is empty, there is no call, it was told to end, or the service has ended it and only
   * its last words are still heard
   */
  say(text: string): boolean {
    if (text.trim() === '' || !this.#call || this.#stopping || this.#isLeaving) return false;
    // First, because a session on the page's thread reports it at once.
    const shown = this.#transcript.typed(text, this.#call.isWaiting);
    this.#call.ask('say', text);
    if (shown) this.#events.dispatch('transcript', shown);
    return true;
  }

  /** Makes the agent speak now. `instructions` apply to this one reply. */
  reply(instructions?: string): void {
    this.#call?.ask('reply', instructions);
  }

  /** Adds a line to `context`. */
  addContext(text: string): void {
    this.context = [this.context, text].filter(Boolean).join('\n');
  }

  /**
   * Changes the session during a call: `system_prompt`, `tools` (all of them), `input` except its format,
   * `output.volume`. The change is kept if the call has to continue in another session.
   * @throws {VoiceAgentError} `immutable_field` for anything that is fixed during a call
   */
  updateSession(config: SessionConfig): void {
    checkUpdate(config);
    this.#call?.ask('update', asJson('The change', config));
  }

  #makeCall(kept: KeptCall | undefined): Call {
    // Only the options are properties of this object.
    const options: VoiceAgentOptions = Object.assign({}, this, this.#live);
    const call = new Call(resolveOptions(options, kept?.session), options, (event) => this.#onEvent(event));
    this.#call = call;
    const { signal } = (this.#watch = new AbortController());
    pageWatch(
      (reason) => void this.stop(reason),
      (news) => call.ask(news),
      signal,
    );
    return call;
  }

  /** A running call keeps its value if the new one is invalid; `start()` would fail with it. */
  #setLive(name: OptionName | 'tap', value: unknown): void {
    const change = { [name]: value };
    this.#live = { ...this.#live, ...change };
    if (!this.#call) return;
    try {
      if (name !== 'tap') checkOption(name, value);
      this.#call.set(change);
    } catch (error) {
      const detail = { ...VoiceAgentError.from(error).toData(), fatal: false };
      this.#onEvent({ type: 'agent-error', detail });
    }
  }

  #onEvent({ type, detail }: CallEvent): void {
    switch (type) {
      case 'session-ready':
        this.#readyAtMs ??= Date.now();
        if (detail.how === 'fresh') this.#transcript.settle();
        this.#started?.resolve();
        break;
      case 'leaving':
        this.#isLeaving = true;
        this.#onKept?.(undefined);
        this.#call?.releaseMicrophone();
        break;
      case 'reconnecting':
      case 'speech-start':
      case 'speech-end':
        this.#setUserSpeaking({ service: type === 'speech-start' });
        break;
      case 'reply-start':
        this.#openReplies.add(detail.replyId);
        break;
      case 'reply-end':
        this.#openReplies.delete(detail.replyId);
        break;
      case 'reply-hold':
        this.#heldReplyId = /^(ducked|held)$/.test(detail.outcome) ? detail.replyId : undefined;
        break;
      case 'voice':
        this.#setUserSpeaking({ microphone: detail.speaking });
        return;
      case 'agent-error':
        this.#log.tell(detail);
        break;
      case 'kept':
        this.#onKept?.(detail, this.#readyAtMs);
        return;
      case 'transcript':
        if (!this.#transcript.apply(detail)) return;
        break;
      case 'tool-call':
        // It may have been on its way when the visitor hung up.
        if (!this.#stopping) void this.#onToolCall(detail);
        return;
      case 'ended':
        this.#end(detail.reason, detail.seconds);
        return;
      case 'failed':
        // After hanging up, the call ends as requested, whatever fails in the meantime.
        if (this.#stopping) this.#end(this.#stopping, this.#seconds);
        else this.#end('error', detail.seconds ?? this.#seconds, this.#originalOf(detail.error));
        return;
      case 'no-token':
        this.#tokenError = detail;
        this.#log.tell(detail, detail.cause);
        return;
      case 'tap':
        for (const port of this.#taps) port.postMessage(detail);
        return;
      default:
      // All others are only passed on.
    }
    this.#events.hold(() => {
      if (detail) this.#events.dispatch(type, detail);
      this.#move(type as StateEvent);
    });
  }

  async #onToolCall(detail: ToolCallDetail): Promise<void> {
    const call = this.#call;
    const { result, isError } = await runToolCall(detail, this.tools ?? [], () => {
      const event = new ToolCallEvent(detail);
      this.#target.dispatchEvent(event);
      return event.close();
    });
    if (this.#call === call) call?.ask('answerTool', detail.callId, result, isError);
    else this.#events.dispatch('tool-result-unused', { ...detail, result, isError });
  }

  /** An error that went through the session has lost its class and its cause. */
  #originalOf(error: VoiceAgentErrorData): VoiceAgentError {
    if (error instanceof VoiceAgentError) return error;
    const known = this.#tokenError;
    return known && known.key === error.key ? known : new VoiceAgentError(error);
  }

  /** All state changes first, then events are dispatched, so that requests from handlers work. */
  #end(reason: SessionEndReason, seconds: number, error?: VoiceAgentError): void {
    const [call, started] = [this.#call, this.#started];
    this.#call = this.#stopping = this.#started = this.#tokenError = undefined;
    this.#error = error;
    if (error) this.#log.tell(error, error.cause);
    this.#watch.abort();
    this.#events.hold(() => {
      void call?.close();
      if (error) this.#events.dispatch('agent-error', error.toData());
      if (this.#heldReplyId)
        this.#events.dispatch('reply-hold', { replyId: this.#heldReplyId, outcome: 'interrupted' });
      for (const replyId of this.#openReplies)
        this.#events.dispatch('reply-end', { replyId, status: 'interrupted' });
      this.#heldReplyId = undefined;
      this.#openReplies.clear();
      this.#setUserSpeaking({ service: false, microphone: false });
      if (call) this.#events.dispatch('session-end', { reason, seconds });
      this.#move(error ? 'failed' : 'ended');
    });
    started?.reject(error ?? VoiceAgentError.fatal('stopped'));
  }

  get #seconds(): number {
    const nowMs = Date.now();
    return (nowMs - (this.#readyAtMs ?? nowMs)) / 1_000;
  }

  #move(event: StateEvent): void {
    const previous = this.#state;
    const state = transition(previous, event);
    if (state === previous) return;
    this.#state = state;
    this.#events.dispatch('state-change', { state, previous });
  }

  /** The microphone detects it first, the service more reliably: speech is over when both say so. */
  #setUserSpeaking(heardBy: { readonly service?: boolean; readonly microphone?: boolean }): void {
    const before = this.userSpeaking;
    this.#speechHeardBy = { ...this.#speechHeardBy, ...heardBy };
    if (this.userSpeaking !== before) this.#events.dispatch(before ? 'speech-end' : 'speech-start', null);
  }
}
