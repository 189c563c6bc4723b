import { LitElement, type PropertyValues } from 'lit';
import {
  VoiceAgent,
  type CALL_OPTIONS,
  type EventListeners,
  type SessionConfig,
  type TranscriptEntry,
  type VoiceAgentError,
  type VoiceAgentState,
} from '../../src/index.js';
import { isActive } from '../parts/conversation-view.js';
import { passOptions, type ConversationAgent } from './call-options.js';
import type { ElementOptions } from './element-options.js';
import { UI_EVENTS, type VoiceAgentElementEventMap } from './voice-agent.events.js';

/** The properties follow from the table of options, and the events are typed. Nothing of this exists at run time. */
const TypedElement = LitElement as unknown as Pick<typeof LitElement, keyof typeof LitElement> &
  (new () => EventListeners<VoiceAgentElementEventMap> & ElementOptions<typeof CALL_OPTIONS> & LitElement);

/**
 * An element that holds a call: its options as properties, its methods, its state as attributes. It shows nothing.
 */
export abstract class CallElement extends TypedElement {
  #lazyAgent: ConversationAgent | undefined;

  constructor() {
    super();
    // On itself and in the constructor: so they run before any handler of the page, which then sees reflected state.
    for (const name of UI_EVENTS) this.addEventListener(name, () => this.stateChanged());
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
  updateSession(change: SessionConfig): void {
    this.#agent.updateSession(change);
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
    this.requestUpdate();
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

  /** What it shows has changed. */
  protected stateChanged(): void {
    this.requestUpdate();
  }
}
