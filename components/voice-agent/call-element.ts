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
import { whenRemoved } from '../parts/removal.js';
import { outsideZones } from '../parts/zones.js';
import { isActive } from '../parts/conversation-view.js';
import { passOptions, type ConversationAgent } from './call-options.js';
import type { ElementOptions } from './element-options.js';
import { UI_EVENTS, type VoiceAgentElementEventMap } from './voice-agent.events.js';

/** Events that suggest that a visitor is about to call. */
const INTENT = ['pointerdown', 'focusin'] as const;

/** Adds the properties from the table of options and typed events. Exists only at compile time. */
const TypedElement = LitElement as unknown as Pick<typeof LitElement, keyof typeof LitElement> &
  (new () => EventListeners<VoiceAgentElementEventMap> & ElementOptions<typeof CALL_OPTIONS> & LitElement);

/**
 * An element with a call but without a UI: the call's options as properties, its methods, and its state as attributes.
 */
export abstract class CallElement extends TypedElement {
  readonly #agent = this.createAgent();
  /** It is drawn for the first time. */
  #isNew = true;

  constructor() {
    super();
    whenRemoved(this, () => this.removed());
    // Added in the constructor, these listeners run before those of the page, which then see the reflected state.
    outsideZones(() => {
      for (const name of UI_EVENTS)
        this.addEventListener(name, (event) => {
          // Events bubble, so ignore those of another tag inside this one.
          if (event.target === this) this.stateChanged(event);
        });
      for (const name of INTENT) this.addEventListener(name, () => this.prepare());
    });
  }

  /** The state of the conversation. Reflected as the attribute `state`. */
  get state(): VoiceAgentState {
    return this.#agent.state;
  }

  /** The user is speaking. Reflected as the attribute `user-speaking`. */
  get userSpeaking(): boolean {
    return this.#agent.userSpeaking;
  }

  /** Why the last call failed. */
  get error(): VoiceAgentError | undefined {
    return this.#agent.error;
  }

  /** The transcript of this call, oldest entry first; a new array for every change. */
  get transcript(): readonly TranscriptEntry[] {
    return this.#agent.transcript;
  }

  /**
   * Loads what the next call needs and connects to the service's host. Called automatically when the element is pressed or
   * focused. Requests neither the microphone nor a token.
   */
  prepare(): void {
    this.currentAgent.prepare();
  }

  /** Starts a call with the current options. */
  start(): Promise<void> {
    return outsideZones(() => this.currentAgent.start());
  }

  /** Ends the call. Resolves when the microphone is off and the service has confirmed. */
  stop(): Promise<void> {
    return this.#agent.stop();
  }

  /** Silences the agent's current reply immediately. */
  interrupt(): void {
    this.#agent.interrupt();
  }

  /**
   * Sends a text message to the agent, which answers aloud.
   * @returns false if it cannot be sent: it is empty, there is no call, it was told to end, or the service has ended it and only
   * its last words are still heard
   */
  say(text: string): boolean {
    return this.#agent.say(text);
  }

  /** Makes the agent speak now. `instructions` apply to this one reply. */
  reply(instructions?: string): void {
    this.#agent.reply(instructions);
  }

  /** Adds a line to `context`: what the visitor has just done or seen. The agent is told about it, even during a call. */
  addContext(text: string): void {
    this.context = [this.context, text].filter(Boolean).join('\n');
  }

  /**
   * Changes the session during a call: `system_prompt`, `tools`, `input` except its format, `output.volume`.
   * @throws {VoiceAgentError} `immutable_field`
   */
  updateSession(change: SessionConfig): void {
    this.#agent.updateSession(change);
  }

  /**
   * Sends both sides of the call, sample by sample, to `port` as messages `{rateHz, microphone, speaker}`. There may be
   * several taps. A muted microphone is silent.
   * @returns a function that ends this tap
   */
  tapAudio(port: MessagePort): () => void {
    return this.#agent.tapAudio(port);
  }

  /**
   * For subclasses that provide their own call, which must dispatch its events on this element. Called in the
   * constructor, before the subclass has its fields.
   */
  protected createAgent(): ConversationAgent {
    return new VoiceAgent({}, this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  /** Muted at once; the call waits for the element for a moment. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#agent.muted = true;
  }

  /** Moved to another document, such as that of a small window: if that closes with it, the call ends. */
  adoptedCallback(): void {
    const { ownerDocument } = this;
    if (ownerDocument === document) return;
    const closed = (): void => {
      // A page that moves it back does so at the same event.
      setTimeout(() => {
        if (this.ownerDocument === ownerDocument) this.removed();
      });
    };
    ownerDocument.defaultView?.addEventListener('pagehide', closed, { once: true });
  }

  /** Called when the element was removed, not just moved. */
  protected removed(): void {
    if (isActive(this.state)) void this.#agent.stop('removed');
  }

  /** With this method, `moveBefore()` does not disconnect the element. */
  connectedMoveCallback(): void {}

  protected override willUpdate(_changed: PropertyValues): void {
    this.#isNew = !this.hasUpdated;
    passOptions(this, this.#agent);
  }

  /** After the update. A property that a handler sets then causes another update, which passes it to the call. */
  protected override updated(changed: PropertyValues): void {
    this.tell('mute-change', 'muted', changed);
  }

  /** Dispatches an event for a changed flag. Its first value is not a change; frameworks write `undefined` for false. */
  protected tell(type: string, name: string, changed: PropertyValues): void {
    const value = !!this[name as keyof this];
    if (this.#isNew || !changed.has(name) || !changed.get(name) !== value) return;
    const detail = { [name]: value };
    const event = new CustomEvent(type, { detail, bubbles: true, composed: true });
    this.dispatchEvent(event);
  }

  /** With the options as they are now. */
  protected get currentAgent(): ConversationAgent {
    passOptions(this, this.#agent);
    return this.#agent;
  }

  /** Called when the data for the UI has changed. */
  protected stateChanged(_event: Event): void {
    this.requestUpdate();
  }
}
