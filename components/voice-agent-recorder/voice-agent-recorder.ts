import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { SoundTap } from '../../src/index.js';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { AgentPart } from '../extras/agent-part.js';
import { recordIcon, saveIcon, stopIcon, trashIcon } from '../extras/extras-icons.js';
import { extrasStyles } from '../extras/extras.styles.js';
import { fileName, saveFile } from '../extras/save-file.js';
import { clockText } from '../parts/conversation-view.js';
import { whenRemoved } from '../parts/removal.js';
import { tokens } from '../themes/tokens.styles.js';
import { StereoRecording } from './stereo-recording.js';
import { voiceAgentRecorderStyles } from './voice-agent-recorder.styles.js';

/** A 16-bit stereo recording at 48 kHz takes 11.5 MB per minute. */
const DEFAULT_MAX_MINUTES = 30;

export interface RecordingChangeDetail {
  /** A recording is running, or will start with the call. */
  readonly recording: boolean;
  /** Length of the recording in seconds. */
  readonly seconds: number;
}

/**
 * @summary Records both sides of a call on the device: the user on the left channel, the agent on the right.
 *
 * Recording is off until the visitor presses the button, and visible while it is on. A muted microphone is recorded as
 * silence. The recording is offered as a WAV file; nothing leaves the page.
 *
 * @tag voice-agent-recorder
 *
 * @fires {CustomEvent<RecordingChangeDetail>} recording-change - Recording was turned on or off.
 *
 * @csspart button - Every button.
 * @csspart sign - The recording indicator.
 * @csspart time - The length of the recording.
 * @csspart note - A note about the recording.
 */
export class VoiceAgentRecorderElement extends AgentPart {
  static override readonly styles = [tokens, extrasStyles, voiceAgentRecorderStyles];
  static override readonly properties: PropertyDeclarations = {
    maxMinutes: { type: Number, attribute: 'max-minutes' },
  };

  /** Maximum length of a recording in minutes. Default 30, which is about 345 MB. */
  declare maxMinutes: number;

  #on = false;
  /** The running recording, and how to end it. */
  #tapped: ConversationStore | undefined;
  #endTap: (() => void) | undefined;
  #channel: MessageChannel | undefined;
  #recording: StereoRecording | undefined;
  #startedAt = new Date();
  #shownSeconds = 0;
  #isFull = false;

  constructor() {
    super();
    whenRemoved(this, () => this.discard());
    this.maxMinutes = DEFAULT_MAX_MINUTES;
  }

  /** A recording is running, or will start with the call. */
  get recording(): boolean {
    return this.#on;
  }

  /** Length of the recording in seconds. */
  get seconds(): number {
    return this.#recording?.seconds ?? 0;
  }

  /** The recording as a WAV file; `undefined` if there is none, or it is still running. */
  get file(): Blob | undefined {
    return this.#on || this.seconds === 0 ? undefined : this.#recording?.toFile();
  }

  /** Starts a new recording now, or when the call begins. Discards the previous one. */
  start(): void {
    if (this.#on) return;
    this.#recording = undefined;
    this.#isFull = false;
    this.#shownSeconds = 0;
    this.#on = true;
    this.#tap();
    this.#tell();
  }

  /** Ends the recording, which can then be saved. */
  stop(): void {
    if (!this.#on) return;
    this.#on = false;
    this.#untap();
    this.#tell();
  }

  /** Saves the recording as a download. */
  save(): void {
    const { file } = this;
    if (file) saveFile(fileName(this.#startedAt, 'wav'), file);
  }

  /** Deletes the recording, also one that is being made. */
  discard(): void {
    this.stop();
    this.#recording = undefined;
    this.#isFull = false;
    this.#shownSeconds = 0;
    this.requestUpdate();
  }

  protected override listeners(): ConversationListeners {
    return { 'session-end': () => this.#onEnd() };
  }

  protected override storeChanged(store: ConversationStore | undefined): void {
    if (!this.#on || !store) return;
    if (store !== this.#tapped) {
      this.#untap();
      this.#tap();
    }
    // The call ended while this element was moved.
    if (!this.inCall) this.#onEnd();
  }

  protected override render(): TemplateResult {
    const { messages } = this;
    const seconds = Math.floor(this.seconds);
    const live = this.#on && this.inCall;
    return html`<div
      class="recorder rest ${live ? 'recording' : ''}"
      translate="no"
      tabindex="-1"
      role="group"
      aria-label=${messages.record}
    >
      <button
        class="${this.#on ? '' : 'record'}"
        part="button"
        aria-disabled=${!this.store}
        @click=${() => (this.#on ? this.stop() : this.store && this.start())}
      >
        ${this.#on ? stopIcon : recordIcon}${this.#on ? messages.stopRecording : messages.record}
      </button>
      <span class="sign" part="sign" role="status"
        >${this.#on ? html`<span class="dot"></span>${live ? messages.recording : messages.willRecord}` : nothing}</span
      >
      ${seconds > 0 ? html`<span class="time" part="time">${clockText(seconds)}</span>` : nothing}
      ${!this.#on && seconds > 0 ? this.#keptTemplate() : nothing}
      <p class="note" part="note" role="status">${this.#noteText()}</p>
    </div>`;
  }

  #keptTemplate(): TemplateResult {
    const { messages } = this;
    return html`<button class="primary" part="button" @click=${() => this.save()}>
        ${saveIcon}${messages.saveRecording}
      </button>
      <button part="button" @click=${() => this.discard()}>${trashIcon}${messages.discard}</button>`;
  }

  /** An empty or removed attribute is no limit of 0. */
  get #limitMinutes(): number {
    return this.maxMinutes || DEFAULT_MAX_MINUTES;
  }

  #noteText(): string {
    const { recordingFull, onThisDevice } = this.messages;
    return this.#isFull ? recordingFull.replace('{minutes}', String(this.#limitMinutes)) : onThisDevice;
  }

  /** Armed before a call that failed, it waits for the next one. */
  #onEnd(): void {
    if (this.seconds > 0) this.stop();
  }

  #tap(): void {
    if (!this.store) return;
    this.#channel = new MessageChannel();
    this.#channel.port1.onmessage = ({ data }: MessageEvent<SoundTap>) => this.#add(data);
    this.#endTap = this.actions.tapAudio(this.#channel.port2);
    this.#tapped = this.store;
  }

  #untap(): void {
    this.#endTap?.();
    if (this.#channel) {
      // Firefox delivers pending messages after the port was closed.
      this.#channel.port1.onmessage = null;
      this.#channel.port1.close();
    }
    this.#tapped = this.#endTap = this.#channel = undefined;
  }

  #add(sound: SoundTap): void {
    if (!this.#recording) this.#startedAt = new Date();
    this.#recording ??= new StereoRecording();
    this.#recording.add(sound);
    const seconds = Math.floor(this.seconds);
    if (seconds >= this.#limitMinutes * 60) {
      this.#isFull = true;
      this.stop();
    } else if (seconds !== this.#shownSeconds) this.requestUpdate();
    this.#shownSeconds = seconds;
  }

  #tell(): void {
    const detail: RecordingChangeDetail = { recording: this.#on, seconds: this.seconds };
    this.dispatchEvent(new CustomEvent('recording-change', { detail, bubbles: true, composed: true }));
    this.requestUpdate();
  }
}
