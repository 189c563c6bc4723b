/** The headless client: what `<voice-agent>` is made of, for pages that bring their own face. */
import type { AudioSettings } from '../audio/audio-path.js';
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { EndReason, SessionEvent } from '../session/events.js';
import { isUp, transition, type StateEvent, type VoiceAgentState } from '../session/state.js';
import { Call } from './call.js';
import { AuthorLog } from './console.js';
import type { EventListeners, SessionEndReason, ToolCallDetail, VoiceAgentEventMap } from './events.js';
import { CALL_OPTIONS, type Option, type VoiceAgentOptions } from './options.js';
import { pageWatch } from './page-watch.js';
import { checkUpdate, resolveOptions } from './resolve-options.js';
import { runToolCall, ToolCallEvent, toolDefinitions } from './tool-calls.js';
import { Transcript, type TranscriptEntry } from './transcript.js';

/** How long the agent may seem to think before the page says that it listens again: a turn that came to nothing. */
const THINKING_MS = 12_000;

interface Starting {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: VoiceAgentError) => void;
}

/** What takes effect at once, and its value where the page says nothing. */
const LIVE = Object.fromEntries(
  Object.entries<Option>(CALL_OPTIONS).flatMap(([name, option]) =>
    'live' in option ? [[name, option.default ?? (option.kind === 'flag' ? false : '')]] : [],
  ),
);

/** The options are properties, and the events are typed. Nothing of this exists at run time. */
const TypedTarget = EventTarget as new () => VoiceAgentOptions &
  EventListeners<VoiceAgentEventMap> &
  EventTarget;

export class VoiceAgent extends TypedTarget {
  readonly #target: EventTarget;
  readonly #transcript = new Transcript();
  #live: AudioSettings = LIVE;
  readonly #taps = new Set<MessagePort>();
  #state: VoiceAgentState = 'idle';
  #userSpeaking = false;
  #error: VoiceAgentError | undefined;
  #call: Call | undefined;
  /** The call was told to end, and when it had begun. */
  #stopping: EndReason | undefined;
  #readyAtMs: number | undefined;
  #starting: Starting | undefined;
  #thinkingTimer: ReturnType<typeof setTimeout> | undefined;
  #toolsAtWork = 0;
  #endPageWatch: (() => void) | undefined;
  #log = new AuthorLog();

  /** @param target where events are dispatched; the agent itself by default. */
  constructor(options: VoiceAgentOptions = {}, target?: EventTarget) {
    super();
    this.#target = target ?? this;
    Object.assign(this, options);
  }

  get state(): VoiceAgentState {
    return this.#state;
  }

  get userSpeaking(): boolean {
    return this.#userSpeaking;
  }

  /** What ended the latest call, if something did. */
  get error(): VoiceAgentError | undefined {
    return this.#error;
  }

  /** A new array on every change. */
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
          // The element sets everything at every redraw.
          if ((value ??= fallback) === this.#live[name as keyof AudioSettings]) return;
          this.#setLive({ [name]: value });
          // An element around this one says so of its own property.
          if (name === 'muted' && this.#target === this)
            this.#dispatch('mute-change', { muted: this.#live.muted === true });
        },
      });
    }
  }

  /**
   * Hands out both sides of the calls, sample by sample, as messages `SoundTap` to `port`, beside any other tap. A muted
   * microphone is silent. Nothing leaves the page by it.
   * @returns ends this tap.
   */
  tapAudio(port: MessagePort): () => void {
    const settle = (): void => this.#setLive({ tap: this.#taps.size > 0 });
    this.#taps.add(port);
    settle();
    return () => {
      this.#taps.delete(port);
      settle();
    };
  }

  /**
   * Begins a call; to be called from a click or a key press. While one begins, answers with that one. A call of another
   * agent on the page ends: there is one microphone and one pair of ears.
   * @returns settled at `session.ready`.
   * @throws {VoiceAgentError}
   */
  start(): Promise<void> {
    // Hung up, and the server has not answered yet: nobody needs to wait for that.
    if (this.#stopping)
      this.#onEvent({ type: 'ended', detail: { reason: this.#stopping, seconds: this.#seconds } });
    if (this.#starting) return this.#starting.promise;
    if (isUp(this.#state)) return Promise.resolve();
    this.#starting = pending();
    const { promise } = this.#starting;
    this.#error = undefined;
    this.#readyAtMs = undefined;
    this.#transcript.clear();
    this.#log = new AuthorLog();
    this.#change('start');
    try {
      this.#begin();
    } catch (error) {
      this.#fail(VoiceAgentError.from(error), undefined);
    }
    return promise;
  }

  /** Ends the call, if there is one. The microphone goes off at once. */
  async stop(reason: EndReason = 'stopped'): Promise<void> {
    if (!this.#call) return;
    this.#stopping ??= reason;
    await this.#call.stop(this.#stopping);
  }

  /** Silences the reply that sounds; the rest of it stays unheard. */
  interrupt(): void {
    this.#call?.ask('interrupt');
  }

  /** Says something to the agent in writing; it answers aloud. */
  say(text: string): void {
    if (text.trim() !== '') this.#call?.ask('say', text);
  }

  /** Makes the agent speak now; the instructions are for this one reply. */
  reply(instructions?: string): void {
    this.#call?.ask('reply', instructions);
  }

  /**
   * Changes the session in mid-call: `system_prompt`, `tools` (all of them), `input` but its format, `output.volume`.
   * Kept when the call has to go on in another session.
   * @throws {VoiceAgentError} `immutable_field` for anything that is fixed once a call is up
   */
  updateSession(config: SessionConfig): void {
    checkUpdate(config);
    this.#call?.ask('update', config);
  }

  // ── the call ────────────────────────────────────────────────────────────────────────────────────────────────────
  #begin(): void {
    const tools = toolDefinitions(this.tools ?? []);
    const sessionConfig = tools.length > 0 ? { ...this.sessionConfig, tools } : this.sessionConfig;
    // The options are properties of this object, and nothing else is.
    const options: VoiceAgentOptions = Object.assign({}, this, this.#live, { sessionConfig });
    const call: Call = new Call(resolveOptions(options), options, {
      event: (event) => this.#onEvent(event),
      levels: (microphone, speaker) => this.#dispatch('levels', { microphone, speaker }),
      tapped: ({ rateHz, microphone, speaker }) => {
        for (const port of this.#taps) port.postMessage({ rateHz, microphone, speaker });
      },
      stats: (stats) => this.#dispatch('stats', stats),
      microphone: (status) => this.#dispatch('microphone-change', { status }),
      failed: (error) => this.#fail(error, this.#seconds),
    });
    this.#call = call;
    this.#endPageWatch = pageWatch({
      left: () => void this.stop('page-hidden'),
      otherCall: () => void this.stop('replaced'),
      awake: () => call.ask('wake'),
      offline: () => call.ask('offline'),
    });
    void call.open();
  }

  #setLive(change: AudioSettings): void {
    this.#live = { ...this.#live, ...change };
    this.#call?.set(this.#live);
  }

  #onEvent({ type, detail }: SessionEvent): void {
    switch (type) {
      case 'session-ready':
        this.#readyAtMs ??= Date.now();
        if (detail.how === 'fresh') this.#transcript.settle();
        this.#starting?.resolve();
        this.#starting = undefined;
        break;
      case 'reconnecting':
      case 'speech-start':
      case 'speech-end':
        this.#setUserSpeaking(type === 'speech-start');
        break;
      case 'agent-error':
        this.#log.tell(detail);
        break;
      case 'transcript':
        this.#transcript.apply(detail);
        break;
      case 'tool-call':
        void this.#onToolCall(detail);
        this.#thinkOn();
        return;
      case 'ended':
        this.#end(detail.reason, detail.seconds);
        this.#change(type);
        return;
      case 'failed':
        this.#fail(new VoiceAgentError(detail.error), detail.seconds);
        return;
      default:
      // The others are only passed on.
    }
    if (detail) this.#dispatch(type, detail);
    this.#change(type);
  }

  async #onToolCall(detail: ToolCallDetail): Promise<void> {
    const call = this.#call;
    this.#toolsAtWork++;
    const { result, isError } = await runToolCall(detail, this.tools ?? [], () => {
      const event = new ToolCallEvent(detail);
      this.#target.dispatchEvent(event);
      return event.close();
    });
    this.#toolsAtWork--;
    this.#thinkOn();
    call?.ask('answerTool', detail.callId, result, isError);
  }

  /** @param seconds undefined when no call had begun. */
  #fail(error: VoiceAgentError, seconds: number | undefined): void {
    this.#error = error;
    this.#log.tell(error, error.cause);
    this.#dispatch('agent-error', error.toData());
    if (seconds !== undefined) this.#end('error', seconds, error);
    this.#change('failed');
    this.#starting?.reject(error);
    this.#starting = undefined;
  }

  #end(reason: SessionEndReason, seconds: number, cause?: VoiceAgentError): void {
    const call = this.#call;
    this.#call = undefined;
    this.#stopping = undefined;
    void call?.close();
    this.#endPageWatch?.();
    this.#setUserSpeaking(false);
    this.#dispatch('session-end', { reason, seconds });
    if (cause) return;
    this.#starting?.reject(stoppedEarly());
    this.#starting = undefined;
  }

  get #seconds(): number {
    return this.#readyAtMs === undefined ? 0 : (Date.now() - this.#readyAtMs) / 1_000;
  }

  #change(event: StateEvent): void {
    const previous = this.#state;
    const state = transition(previous, event);
    if (state === previous) return;
    this.#state = state;
    this.#thinkOn();
    this.#dispatch('state-change', { state, previous });
  }

  /** Tools have time limits of their own. */
  #thinkOn(): void {
    clearTimeout(this.#thinkingTimer);
    if (this.#state === 'thinking' && this.#toolsAtWork === 0)
      this.#thinkingTimer = setTimeout(() => this.#change('nothing-came'), THINKING_MS);
  }

  #setUserSpeaking(speaking: boolean): void {
    if (speaking === this.#userSpeaking) return;
    this.#userSpeaking = speaking;
    this.#dispatch(speaking ? 'speech-start' : 'speech-end', null);
  }

  #dispatch<Name extends keyof VoiceAgentEventMap>(
    name: Name,
    detail: VoiceAgentEventMap[Name]['detail'],
  ): void {
    this.#target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function pending(): Starting {
  let resolve!: () => void;
  let reject!: (error: VoiceAgentError) => void;
  const promise = new Promise<void>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  // The error reaches the page as an event, too; whoever ignores the promise has not overlooked it.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

function stoppedEarly(): VoiceAgentError {
  return VoiceAgentError.fatal('stopped');
}
