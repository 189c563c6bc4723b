/** A call that a test directs: no microphone, no Worker, no network. Its options are those of the element. */
import type { ConversationAgent } from '../../components/voice-agent/call-options.js';
import { resolveOptions } from '../../src/client/resolve-options.js';
import { pending, type Pending } from '../../src/client/pending.js';
import { runToolCall } from '../../src/client/tool-calls.js';
import { Transcript } from '../../src/client/transcript.js';
import {
  ERRORS,
  ToolCallEvent,
  VoiceAgentError,
  type ClientErrorCode,
  type ErrorKey,
  type ErrorValues,
  type SessionConfig,
  type SessionEndReason,
  type TranscriptDetail,
  type TranscriptEntry,
  type VoiceAgentOptions,
  type VoiceAgentState,
} from '../../src/index.js';
import type { VoiceAgentElementEventMap } from '../../components/voice-agent/voice-agent.events.js';

/** A request of the page: the name of a method of the element, and its arguments. */
export interface PageRequest {
  readonly method:
    'prepare' | 'start' | 'stop' | 'interrupt' | 'say' | 'reply' | 'updateSession' | 'tapAudio';
  readonly args: readonly unknown[];
}

/** States that a test can set. `idle` is only the initial one, and `error` needs an error: see `fails()`. */
export type StandInState = Exclude<VoiceAgentState, 'idle' | 'error'>;

/** How something is said. */
export interface Utterance {
  /** False for a partial transcript, which the next text replaces. Default true. */
  readonly final?: boolean;
}

/** A code, or the key of one of its texts, such as `microphone_denied/chrome`. */
export type StandInError = ClientErrorCode | ErrorKey;

/** How a call fails. */
export interface Failure {
  /** Whether the error ends the call. Default true. */
  readonly fatal?: boolean;
  /** Values for the placeholders in the text of the error. */
  readonly values?: ErrorValues;
}

/** The page's answer to a tool call. */
export interface StandInToolAnswer {
  /** JSON, read. Of an error, `{error}`. */
  readonly result: unknown;
  readonly isError: boolean;
}

type EventName = keyof VoiceAgentElementEventMap;
type Detail<Name extends EventName> = VoiceAgentElementEventMap[Name]['detail'];

/** Adds the options. Exists only at compile time. */
const WithOptions = Object as unknown as new () => VoiceAgentOptions;

export class DirectedCall extends WithOptions implements ConversationAgent {
  readonly requests: PageRequest[] = [];
  readonly #target: EventTarget;
  #transcript = new Transcript();
  #state: VoiceAgentState = 'idle';
  #userSpeaking = false;
  #error: VoiceAgentError | undefined;
  #starting: Pending | undefined;
  #hasBegun = false;
  #count = 0;
  /** The current reply and its words so far. */
  #reply: { readonly id: string; text: string; final: boolean } | undefined;
  #utteranceId: string | undefined;

  constructor(target: EventTarget) {
    super();
    this.#target = target;
  }

  get state(): VoiceAgentState {
    return this.#state;
  }
  get userSpeaking(): boolean {
    return this.#userSpeaking;
  }
  get error(): VoiceAgentError | undefined {
    return this.#error;
  }
  get transcript(): readonly TranscriptEntry[] {
    return this.#transcript.entries;
  }

  // ── requests of the page ──────────────────────────────────────────────────────────────────────────────────────
  prepare(): void {
    this.#note('prepare');
  }

  start(): Promise<void> {
    this.#note('start');
    return this.#start();
  }

  stop(reason: SessionEndReason = 'stopped'): Promise<void> {
    this.#note('stop');
    if (this.#isUp) {
      this.#move('ending');
      this.ends(reason);
    }
    return Promise.resolve();
  }

  interrupt(): void {
    this.#note('interrupt');
    const reply = this.#reply;
    if (!reply) return;
    const { id: replyId, text } = reply;
    if (text !== '') this.#tell({ role: 'agent', text, final: true, interrupted: true, replyId });
    this.dispatch('interruption', { replyId, heardMs: 0, discardedMs: 0, heardText: text });
    this.#endReply('interrupted');
    this.#move('listening');
  }

  say(text: string): boolean {
    this.#note('say', text);
    if (!this.#isUp || text.trim() === '') return false;
    this.#tell({ role: 'user', text, final: true, interrupted: false, itemId: `typed-${++this.#count}` });
    if (this.#isLive) this.becomes('thinking');
    return true;
  }

  reply(instructions?: string): void {
    this.#note('reply', ...(instructions === undefined ? [] : [instructions]));
    if (this.#isLive) this.becomes('thinking');
  }

  updateSession(change: SessionConfig): void {
    this.#note('updateSession', change);
  }

  tapAudio(port: MessagePort): () => void {
    this.#note('tapAudio', port);
    return () => undefined;
  }

  resume(): Promise<void> {
    return this.#start();
  }

  keep(): boolean {
    return false;
  }
  handOver(): void {}

  // ── directions of the test ──────────────────────────────────────────────────────────────────────────────────────
  becomes(state: StandInState): void {
    if (state === 'ended') {
      this.ends('server-ended');
      return;
    }
    if (!this.#isUp) void this.#start();
    if (!this.#isUp || state === 'connecting') return;
    if (state !== 'ending' && !this.#isLive) this.#becomeReady();
    if (state !== 'speaking') this.#endReply('completed');
    this.#move(state);
  }

  says(text: string, { final = true }: Utterance = {}): void {
    if (this.#reply?.final) this.#endReply('completed');
    if (!this.#isLive) this.becomes('listening');
    if (!this.#isLive) return;
    if (!this.#reply) {
      this.#reply = { id: `reply-${++this.#count}`, text: '', final: false };
      this.dispatch('reply-start', { replyId: this.#reply.id });
    }
    Object.assign(this.#reply, { text, final });
    this.#setUserSpeaking(false);
    this.#move('speaking');
    this.#tell({ role: 'agent', text, final, interrupted: false, replyId: this.#reply.id });
  }

  hears(text: string, { final = true }: Utterance = {}): void {
    this.becomes('listening');
    if (!this.#isLive) return;
    this.#setUserSpeaking(true);
    const itemId = (this.#utteranceId ??= `utterance-${++this.#count}`);
    this.#tell({ role: 'user', text, final, interrupted: false, itemId });
    if (!final) return;
    this.#utteranceId = undefined;
    this.#setUserSpeaking(false);
    this.becomes('thinking');
  }

  async calls(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<StandInToolAnswer> {
    if (this.#state !== 'speaking') this.becomes('thinking');
    const detail = { callId: `call-${++this.#count}`, name, arguments: { ...args } };
    const { result, isError } = await runToolCall(detail, this.tools ?? [], () => {
      const event = new ToolCallEvent(detail);
      this.#target.dispatchEvent(event);
      return event.close();
    });
    return { result: JSON.parse(result) as unknown, isError };
  }

  fails(code: StandInError, { fatal = true, values }: Failure = {}): void {
    const error = VoiceAgentError[fatal ? 'fatal' : 'notice'](keyOf(code), { values });
    if (fatal) this.#fail(error, this.#isUp);
    else this.dispatch('agent-error', error.toData());
  }

  ends(reason: SessionEndReason, seconds = 0): void {
    if (!this.#isUp) return;
    this.#endReply('completed');
    this.#setUserSpeaking(false);
    this.dispatch('session-end', { reason, seconds });
    this.#move('ended');
    this.#settle(VoiceAgentError.fatal('stopped'));
  }

  dispatch<Name extends EventName>(type: Name, detail: Detail<Name>): void {
    this.#target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  // ── the call ────────────────────────────────────────────────────────────────────────────────────────────────────
  #start(): Promise<void> {
    if (this.#isUp) return this.#starting?.promise ?? Promise.resolve();
    const { promise } = (this.#starting = pending());
    this.#error = undefined;
    this.#hasBegun = false;
    this.#transcript = new Transcript();
    this.#move('connecting');
    try {
      resolveOptions(Object.assign({}, this, { tokenUrl: this.#tokenUrl }));
    } catch (error) {
      // In the package, this file has its own copy of the library, so the error may be of the other copy's class.
      this.#fail(new VoiceAgentError((error as VoiceAgentError).toData()), false);
    }
    return promise;
  }

  #becomeReady(): void {
    const how = this.#hasBegun ? 'resumed' : 'first';
    this.#hasBegun = true;
    this.#settle(undefined);
    this.dispatch('session-ready', { sessionId: 'stand-in', config: undefined, how });
    this.#move('listening');
  }

  /** @param hasCall false if wrong options prevent the call */
  #fail(error: VoiceAgentError, hasCall: boolean): void {
    this.#error = error;
    this.#reply = undefined;
    this.dispatch('agent-error', error.toData());
    this.#setUserSpeaking(false);
    if (hasCall) this.dispatch('session-end', { reason: 'error', seconds: 0 });
    this.#hasBegun = false;
    this.#move('error');
    this.#settle(error);
  }

  #settle(error: VoiceAgentError | undefined): void {
    if (error) this.#starting?.reject(error);
    else this.#starting?.resolve();
    this.#starting = undefined;
  }

  #move(state: VoiceAgentState): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.dispatch('state-change', { state, previous });
  }

  #endReply(status: 'completed' | 'interrupted'): void {
    if (this.#reply) this.dispatch('reply-end', { replyId: this.#reply.id, status });
    this.#reply = undefined;
  }

  #setUserSpeaking(speaking: boolean): void {
    if (speaking === this.#userSpeaking) return;
    this.#userSpeaking = speaking;
    this.dispatch(speaking ? 'speech-start' : 'speech-end', null);
  }

  #tell(update: TranscriptDetail): void {
    this.#transcript.apply(update);
    this.dispatch('transcript', update);
  }

  #note(method: PageRequest['method'], ...args: readonly unknown[]): void {
    this.requests.push({ method, args });
  }

  /** On a page without a URL, the default in happy-dom, relative URLs cannot be resolved. */
  get #tokenUrl(): string | undefined {
    const { tokenUrl } = this;
    return tokenUrl && !URL.canParse(tokenUrl, document.baseURI) ? 'https://page.test/' : tokenUrl;
  }

  get #isUp(): boolean {
    return !['idle', 'ended', 'error'].includes(this.#state);
  }

  get #isLive(): boolean {
    return ['listening', 'thinking', 'speaking'].includes(this.#state);
  }
}

/** The text of a code; the first if there are several. @throws {RangeError} for an unknown code */
function keyOf(code: StandInError): ErrorKey {
  const key = Object.keys(ERRORS).find((known) => known === code || known.startsWith(`${code}/`));
  if (key === undefined) throw new RangeError(`There is no error ${code}.`);
  return key as ErrorKey;
}
