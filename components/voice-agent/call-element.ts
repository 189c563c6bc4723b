import { LitElement, type PropertyValues } from 'lit';
import {
  VoiceAgent,
  type AudioEncoding,
  type InputMode,
  type SessionConfig,
  type ToolTiming,
  type TranscriptEntry,
  type VoiceAgentError,
  type VoiceAgentState,
  type VoiceAgentTool,
} from '../../src/index.js';
import { isActive } from '../parts/conversation-view.js';
import { passOptions, type ConversationAgent } from './call-options.js';
import { UI_EVENTS, type VoiceAgentElementEventMap } from './voice-agent.events.js';

type AnyEventMap = HTMLElementEventMap & VoiceAgentElementEventMap;

/** The types of this element's own events; nothing of it is left at run time. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface CallElement {
  addEventListener<K extends keyof AnyEventMap>(
    type: K,
    listener: (this: this, event: AnyEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * An element that holds a call: its options as properties, its methods, its state as attributes. It has no face.
 *
 * @fires {CustomEvent<MuteChangeDetail>} mute-change - The microphone was muted or opened.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export abstract class CallElement extends LitElement {
  /** `GET` answers `{token, ws_url?}`; asked anew for every connection. */
  declare tokenUrl: string | null | undefined;
  /** A temporary token, good for one connection. Never an API key. */
  declare token: string | null | undefined;
  /** Mints a temporary token for every connection; wins over `tokenUrl` and `token`. */
  declare getToken: (() => Promise<string>) | undefined;
  /** An agent stored with the service. Or describe one: `system-prompt`, `greeting`, `voice`; never both. */
  declare agentId: string | null | undefined;
  /** What the agent is and how it behaves. */
  declare systemPrompt: string | null | undefined;
  /** Spoken word for word at the start; without it the agent listens first. */
  declare greeting: string | null | undefined;
  /** Exact id of a voice of the service. */
  declare voice: string | null | undefined;
  /** `voice` (default), or `text`: typed messages only; no microphone is asked for, nor opened. */
  declare inputMode: InputMode;
  /** What the microphone is sent as: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  declare inputEncoding: AudioEncoding | null | undefined;
  /** What the agent's voice comes as: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  declare outputEncoding: AudioEncoding | null | undefined;
  /** The microphone is muted: silence is sent. May change at any time. */
  declare muted: boolean;
  /** How loud the agent is, linear, 0…1. May change at any time. Default 1. */
  declare volume: number | null;
  /** `deviceId` of the microphone to use while it is there. May change at any time. Default: the system's. */
  declare microphoneId: string | null | undefined;
  /** `deviceId` of the speaker, where the browser has the choice. May change at any time. Default: the system's. */
  declare speakerId: string | null | undefined;
  /** While muted, the microphone is closed, and the browser's sign that the page listens goes off. */
  declare releaseMicrophone: boolean;
  /** Seconds after which a call ends by itself; 0 for never. Default 900. */
  declare maxDuration: number | null | undefined;
  /** Seconds without speech from either side after which a call ends by itself; 0 for never. Default 60. */
  declare idleTimeout: number | null | undefined;
  /** When results of tools are sent: `after-reply` (default), or `immediate`, about a second sooner. */
  declare toolTiming: ToolTiming | null | undefined;
  /** WebSocket address of the service. Default: the live service, or the `ws_url` that came with the token. */
  declare serverUrl: string | null | undefined;
  /** Folder of the strict build's files, where they do not lie beside the script. */
  declare assetBase: string | null | undefined;
  /** Every other field of the API's `session` object, as the API spells it: turn detection, keyterms, … */
  declare sessionConfig: SessionConfig | undefined;
  /** Offered to the agent from the next call on, with the `handler` that answers each. */
  declare tools: readonly VoiceAgentTool[] | undefined;

  #lazyAgent: ConversationAgent | undefined;

  constructor() {
    super();
    // On itself and in the constructor: so they run before any handler of the page, which then sees reflected state.
    for (const name of UI_EVENTS) this.addEventListener(name, () => this.#reflectState());
  }

  /** Where the conversation is. Reflected as the attribute `state`. */
  get state(): VoiceAgentState {
    return this.#agent.state;
  }

  /** The user is being heard. Reflected as the attribute `user-speaking`. */
  get userSpeaking(): boolean {
    return this.#agent.userSpeaking;
  }

  /** Why the last call failed. */
  get error(): VoiceAgentError | undefined {
    return this.#agent.error;
  }

  /** Everything said in this call, oldest first; a new array on every change. */
  get transcript(): readonly TranscriptEntry[] {
    return this.#agent.transcript;
  }

  /** Starts a call, in which the options are as they are now. */
  start(): Promise<void> {
    passOptions(this, this.#agent);
    return this.#agent.start();
  }

  /** Ends the call; resolves when the microphone is off and the service knows. */
  stop(): Promise<void> {
    return this.#agent.stop();
  }

  /** Silences the agent's present reply at once. */
  interrupt(): void {
    this.#agent.interrupt();
  }

  /** Says something to the agent in writing; it answers aloud. */
  say(text: string): void {
    this.#agent.say(text);
  }

  /** Makes the agent speak now; the instructions are for this one reply. */
  reply(instructions?: string): void {
    this.#agent.reply(instructions);
  }

  /**
   * Changes the session in mid-call: `system_prompt`, `tools`, `input` but its format, `output.volume`.
   * @throws {VoiceAgentError} `immutable_field`
   */
  override update(change: SessionConfig | PropertyValues): void {
    if (change instanceof Map)
      super.update(change); // Lit's own method of this name.
    else this.#agent.update(change);
  }

  /**
   * Hands out both sides of the calls, sample by sample, as messages `{rateHz, microphone, speaker}` to `port`, beside any
   * other tap. A muted microphone is silent.
   * @returns ends this tap.
   */
  tapAudio(port: MessagePort): () => void {
    return this.#agent.tapAudio(port);
  }

  /** For subclasses that bring a call of their own. Events are to be dispatched on this element. */
  protected createAgent(): ConversationAgent {
    return new VoiceAgent({}, this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#reflectState();
  }

  /** A node that is moved is disconnected and connected again in one go; a removed one stays away. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.removed();
    });
  }

  /** It has left the page, and is not just being moved. */
  protected removed(): void {
    if (isActive(this.state)) void this.#agent.stop('removed');
  }

  /** Where the browser has `moveBefore()`, being moved is not even noticed. */
  connectedMoveCallback(): void {}

  protected override willUpdate(changed: PropertyValues): void {
    passOptions(this, this.#agent);
    this.tell('mute-change', 'muted', changed);
  }

  /** Says that a property has changed, whoever did it; its first value is no change. */
  protected tell(type: string, name: string, changed: PropertyValues): void {
    if (changed.get(name) === undefined) return;
    const detail = { [name]: this[name as keyof this] };
    const event = new CustomEvent(type, { detail, bubbles: true, composed: true });
    this.dispatchEvent(event);
  }

  get #agent(): ConversationAgent {
    return (this.#lazyAgent ??= this.createAgent());
  }

  #reflectState(): void {
    this.setAttribute('state', this.state);
    this.toggleAttribute('user-speaking', this.userSpeaking);
    this.requestUpdate();
  }
}
