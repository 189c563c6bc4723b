import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { deniedKey } from '../../src/index.js';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { AgentPart } from '../extras/agent-part.js';
import { microphoneIcon, playIcon, stopIcon } from '../extras/extras-icons.js';
import { extrasStyles } from '../extras/extras.styles.js';
import { playNotes, useSpeaker } from '../extras/tones.js';
import { listenToPage } from '../parts/page-listeners.js';
import { tokens } from '../themes/tokens.styles.js';
import { toFlag } from '../voice-agent/element-options.js';
import { DeviceChoices, type DeviceChoice } from './device-choices.js';
import { forgetDevices, rememberDevices, rememberedDevices } from './device-memory.js';
import { LevelMeter } from './level-meter.js';
import { MicrophoneTest } from './microphone-test.js';
import { voiceAgentDevicesStyles } from './voice-agent-devices.styles.js';

/** A rising chord. */
const TEST_SOUND = [523.25, 659.25, 783.99].map((frequencyHz, index) => ({
  frequencyHz,
  atMs: index * 180,
  durationMs: 420,
}));
/** Of each note, linear. */
const TEST_PEAK = 0.12;

/**
 * @summary A choice of microphone and speaker, with a test of each and the volume, even during a call.
 *
 * The microphone is open only during a test. A test lasts at most 30 seconds, and ends in the background, when the focus
 * leaves, and when a call begins.
 *
 * @tag voice-agent-devices
 *
 * @csspart device - The rows of one device; also `microphone`, `speaker` and `volume`.
 * @csspart select - The list of devices.
 * @csspart meter - The level of the microphone.
 * @csspart button - Every button.
 * @csspart slider - The volume.
 */
export class VoiceAgentDevicesElement extends AgentPart {
  static override readonly styles = [tokens, extrasStyles, voiceAgentDevicesStyles];
  static override readonly properties: PropertyDeclarations = {
    rememberDevices: { converter: toFlag, attribute: 'remember-devices' },
  };

  /**
   * Remembers the choice for the next visit, in `localStorage` under `voice-agent-devices`. Removing the attribute
   * deletes it.
   */
  declare rememberDevices: boolean;

  readonly #choices = new DeviceChoices(this, () => (this.#problem = undefined));
  readonly #meter = new LevelMeter(() => this.shadowRoot?.querySelector<HTMLElement>('.meter'));
  readonly #test = new MicrophoneTest({
    level: (rms) => this.#meter.show(rms),
    ended: () => {
      this.#meter.show(0);
      this.requestUpdate();
    },
  });
  #problem: 'blocked' | 'microphoneBusy' | undefined;
  #testSound: AudioContext | undefined;

  constructor() {
    super();
    this.rememberDevices = false;
    this.addEventListener('focusout', ({ relatedTarget }) => {
      // The permission prompt takes the focus, too, so only an open microphone is closed.
      if (this.#test.open && (relatedTarget || !this.ownerDocument.hasFocus())) this.#test.stop();
    });
    listenToPage(this, (page, signal) => {
      page.addEventListener('visibilitychange', () => page.hidden && this.#test.stop(), { signal });
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#test.stop();
    void this.#testSound?.close();
    this.#testSound = undefined;
  }

  /** Ends a running test of the microphone. */
  stopTest(): void {
    this.#test.stop();
  }

  protected override listeners(): ConversationListeners {
    return {
      // Before the call requests the microphone: some devices can be opened only once.
      'state-change': () => this.inCall && this.#test.stop(),
      'session-ready': () => void this.#choices.refresh(),
      levels: ({ microphone }) => this.inCall && this.#meter.show(microphone),
    };
  }

  protected override storeChanged(store: ConversationStore | undefined): void {
    this.#test.stop();
    if (store && this.#remembers) this.#recall();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('rememberDevices')) return;
    if (this.rememberDevices && this.store) this.#recall();
    else if (changed.get('rememberDevices')) forgetDevices();
  }

  protected override render(): TemplateResult {
    return html`<div
      class="devices rest"
      translate="no"
      tabindex="-1"
      role="group"
      aria-label=${this.messages.devices}
    >
      ${this.#microphoneTemplate()} ${this.#speakerTemplate()} ${this.#volumeTemplate()}
    </div>`;
  }

  #microphoneTemplate(): TemplateResult | typeof nothing {
    if (this.#isMicrophoneClosed) return nothing;
    const { messages } = this;
    const choices = this.#choices;
    if (choices.denied)
      return this.#deviceTemplate(
        'microphone',
        html`<p class="note problem" role="status">${messages.blocked}</p>`,
      );
    if (choices.known && !choices.present)
      return this.#deviceTemplate(
        'microphone',
        html`<p class="note" role="status">${messages.noMicrophone}</p>`,
      );
    if (choices.known && !choices.named)
      return this.#deviceTemplate(
        'microphone',
        html`<div class="ask">
            <p class="note">${messages.askDevices}</p>
            <button class="primary" part="button" @click=${this.#allow}>
              ${microphoneIcon}${messages.allow}
            </button>
          </div>
          ${this.#problemTemplate()}`,
      );
    return this.#deviceTemplate(
      'microphone',
      html`<label for="microphone">${messages.microphone}</label>
        ${this.#selectTemplate('microphone', choices.microphones, this.view.microphoneId)}
        <div class="test">
          <div
            class="meter"
            part="meter"
            role="meter"
            aria-label=${messages.microphoneLevel}
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow="0"
          ></div>
          ${
            this.inCall
              ? nothing
              : html`<button part="button" @click=${this.#toggleTest}>
                  ${this.#test.running ? stopIcon : microphoneIcon}
                  ${this.#test.running ? messages.stopTest : messages.testMicrophone}
                </button>`
          }
        </div>
        ${this.#problemTemplate()}`,
    );
  }

  #problemTemplate(): TemplateResult {
    const problem = this.#problem;
    return html`<p class="note problem" role="status" ?hidden=${!problem}>
      ${problem ? this.messages[problem] : nothing}
    </p>`;
  }

  #speakerTemplate(): TemplateResult {
    const { messages } = this;
    // Even without a choice, the system's output can be tested.
    const canChoose =
      typeof AudioContext === 'function' && 'setSinkId' in AudioContext.prototype && this.#choices.named;
    return this.#deviceTemplate(
      'speaker',
      html`${
          canChoose
            ? html`<label for="speaker">${messages.speaker}</label>
                ${this.#selectTemplate('speaker', this.#choices.speakers, this.view.speakerId)}`
            : nothing
        }
        <div class="test">
          <button part="button" @click=${this.#playTestSound}>${playIcon}${messages.testSpeaker}</button>
        </div>`,
    );
  }

  #volumeTemplate(): TemplateResult {
    const { volume } = this.view;
    const percent = `${Math.round(volume * 100)} %`;
    return this.#deviceTemplate(
      'volume',
      html`<label for="volume">${this.messages.volume}<output>${percent}</output></label>
        <input
          id="volume"
          part="slider"
          type="range"
          min="0"
          max="1"
          step="0.05"
          .value=${String(volume)}
          aria-valuetext=${percent}
          @input=${(event: Event) => {
            this.actions.choose({ volume: Number((event.target as HTMLInputElement).value) });
            this.requestUpdate();
          }}
        />`,
    );
  }

  #deviceTemplate(name: string, content: TemplateResult): TemplateResult {
    return html`<div class="device" part="device ${name}">${content}</div>`;
  }

  #selectTemplate(
    kind: 'microphone' | 'speaker',
    choices: readonly DeviceChoice[],
    chosen: string | null | undefined,
  ): TemplateResult {
    const { messages } = this;
    const listed = choices.map(({ id, label }, index) => ({
      id,
      label: label || `${messages[kind]} ${index + 1}`,
    }));
    if (chosen && !listed.some(({ id }) => id === chosen))
      listed.push({ id: chosen, label: messages.notConnected });
    const options = [{ id: '', label: messages.systemDefault }, ...listed];
    return html`<select id=${kind} part="select" @change=${(event: Event) => this.#choose(kind, event)}>
      ${options.map(
        ({ id, label }) =>
          html`<option value=${id} .selected=${id === (chosen ?? '')} dir="auto">${label}</option>`,
      )}
    </select>`;
  }

  #choose(kind: 'microphone' | 'speaker', event: Event): void {
    if (!this.store) return;
    this.actions.choose({ [`${kind}Id`]: (event.target as HTMLSelectElement).value || undefined });
    const { microphoneId, speakerId } = this.view;
    if (this.#remembers) rememberDevices({ microphoneId, speakerId });
    if (kind === 'microphone' && this.#test.running) void this.#startTest();
    this.requestUpdate();
  }

  /** The store applies the choice to the whole conversation, whichever part it was made in. */
  get #remembers(): boolean {
    return this.rememberDevices || this.view.options.rememberDevices === true;
  }

  /** No test allowed: this call has no microphone, or the visitor has yet to consent. */
  get #isMicrophoneClosed(): boolean {
    const { textOnly, needsConsent } = this.view;
    return textOnly || needsConsent;
  }

  /** Devices set by the page override the remembered ones. */
  #recall(): void {
    const { view, actions } = this;
    const { microphoneId, speakerId } = rememberedDevices();
    if (microphoneId && !view.microphoneId) actions.choose({ microphoneId });
    if (speakerId && !view.speakerId) actions.choose({ speakerId });
  }

  /** The button disappears with the answer and must not take the focus with it. */
  readonly #allow = async (): Promise<void> => {
    await this.#startTest();
    this.#test.stop();
    await this.updateComplete;
    if (this.#choices.named) this.shadowRoot?.querySelector('select')?.focus();
  };

  readonly #toggleTest = (): void => {
    if (this.#test.running) this.#test.stop();
    else void this.#startTest();
  };

  async #startTest(): Promise<void> {
    if (this.#isMicrophoneClosed) return;
    this.#problem = undefined;
    this.requestUpdate();
    try {
      await this.#test.start(this.view.microphoneId, this.ownerDocument.defaultView!);
      if (this.ownerDocument.hidden || !this.isConnected || this.inCall) this.#test.stop();
    } catch (error) {
      const { name, message } = error as DOMException;
      if (name !== 'NotAllowedError') this.#problem = 'microphoneBusy';
      // After a closed prompt, the next press shows it again.
      else if ((await deniedKey(message)) !== 'microphone_denied/dismissed') this.#problem = 'blocked';
    }
    // Device names are available only now.
    await this.#choices.refresh();
  }

  readonly #playTestSound = async (): Promise<void> => {
    if (this.#testSound) return;
    const context = (this.#testSound = new AudioContext());
    const { speakerId, volume } = this.view;
    await useSpeaker(context, speakerId);
    await playNotes(context, TEST_SOUND, TEST_PEAK * volume);
    if (this.#testSound !== context) return;
    this.#testSound = undefined;
    await context.close();
  };
}
