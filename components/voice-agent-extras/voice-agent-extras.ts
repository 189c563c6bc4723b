import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AgentPart } from '../extras/agent-part.js';
import { pulseIcon, recordIcon, saveIcon, slidersIcon } from '../extras/extras-icons.js';
import { EXTRAS, SHEETS, type Sheet } from '../extras/extras-list.js';
import { extrasStyles } from '../extras/extras.styles.js';
import { isComposing } from '../parts/key-command.js';
import { listenToPage } from '../parts/page-listeners.js';
import { tokens } from '../themes/tokens.styles.js';
import type { VoiceAgentDevicesElement } from '../voice-agent-devices/voice-agent-devices.js';
import { propertiesOf } from '../voice-agent/element-options.js';
import type {
  RecordingChangeDetail,
  VoiceAgentRecorderElement,
} from '../voice-agent-recorder/voice-agent-recorder.js';
import '../voice-agent-devices/define.js';
import '../voice-agent-export/define.js';
import '../voice-agent-recorder/define.js';
import '../voice-agent-sounds/define.js';
import '../voice-agent-stats/define.js';
import { voiceAgentExtrasStyles } from './voice-agent-extras.styles.js';

/** Between a sheet and the top of its card. */
const EDGE_PX = 8;
/** In a card that is lower than this, the sheet cannot be complete. */
const MIN_ROOM_PX = 96;

/**
 * @summary A row of buttons for optional features: devices, recording, transcript, quality.
 *
 * `<voice-agent>` loads and contains one if its own attributes request a feature. Anywhere else on a page, this element
 * takes the same attributes.
 *
 * @tag voice-agent-extras
 *
 * @csspart bar - The row of buttons.
 * @csspart button - Every button.
 * @csspart sheet - The panel that a button opens.
 */
export class VoiceAgentExtrasElement extends AgentPart {
  static override readonly styles = [tokens, extrasStyles, voiceAgentExtrasStyles];
  static override readonly properties: PropertyDeclarations = {
    ...propertiesOf(Object.fromEntries(EXTRAS.map((name) => [name, { kind: 'flag' }]))),
    overCard: { type: Boolean, attribute: 'over-card' },
  };

  /** Adds a choice of microphone and speaker. */
  declare devices: boolean;
  /** Adds recording on the device. */
  declare record: boolean;
  /** Adds buttons to copy and export the transcript. */
  declare saveTranscript: boolean;
  /** Shows latency and quality, for developers. */
  declare debug: boolean;
  /** Plays a quiet tone when a call begins and when it ends. */
  declare sounds: boolean;
  /** Remembers the choice of devices for the next visit. */
  declare rememberDevices: boolean;

  /** The row is inside a card, so sheets open on top of it. */
  declare protected overCard: boolean;

  #open: Sheet | undefined;
  /** What the page asks for, and a recording: only the visitor ends or discards it. */
  #shown: readonly Sheet[] = [];
  /** The recorder is on; it records only during a call. */
  #recording = false;
  /** Also true if devices were remembered before, so that they can be forgotten. */
  #remembers = false;
  #wasLive = false;
  /** Announces a recording here instead of in the recorder's sheet. */
  #saysRecording = false;

  constructor() {
    super();
    for (const name of [...EXTRAS, 'overCard'] as const) this[name] = false;
    listenToPage(this, (page, signal) => {
      page.addEventListener('pointerdown', this.#onPointer, { signal });
      // Then the height available to an open sheet changes.
      page.defaultView?.addEventListener('resize', () => this.requestUpdate(), { signal });
    });
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.addEventListener('focusout', ({ relatedTarget }) => {
      // The focused element must not be covered by the sheet.
      if (relatedTarget && this.overCard) this.#show(undefined);
    });
  }

  protected override willUpdate(): void {
    const recorder = this.shadowRoot?.querySelector<VoiceAgentRecorderElement>('voice-agent-recorder');
    const hasRecording = !!recorder && (recorder.recording || recorder.seconds > 0);
    this.#shown = SHEETS.filter((sheet) => this[sheet] || (sheet === 'record' && hasRecording));
    if (this.#open && !this.#shown.includes(this.#open)) this.#open = undefined;
    this.toggleAttribute('empty', !this.#shown[0]);
    this.#remembers ||= this.rememberDevices;
    const isLive = this.#recording && this.inCall;
    if (isLive !== this.#wasLive) this.#saysRecording = isLive && this.#open !== 'record';
    this.#wasLive = isLive;
  }

  /** A card shows nothing above its top, also if it scrolls: a sheet that opens upwards must end below it. */
  protected override updated(): void {
    const sheet = this.shadowRoot?.querySelector<HTMLElement>('.over > .sheet:not([hidden])');
    const card = this.offsetParent;
    if (!sheet || !card) return;
    const room = sheet.getBoundingClientRect().bottom - card.getBoundingClientRect().top + card.scrollTop;
    sheet.style.setProperty('--_room', `${Math.max(MIN_ROOM_PX, room - EDGE_PX)}px`);
  }

  protected override render(): TemplateResult {
    const shown = this.#shown;
    const bar = html`<div class="bar" part="bar" role="group" aria-label=${this.messages.extras}>
      ${shown.map((sheet) => this.#buttonTemplate(sheet))}
    </div>`;
    // In visual order. The sheets stay in the DOM and keep their state.
    return html`<div class=${this.overCard ? 'over' : ''} translate="no">
      ${this.overCard ? nothing : bar}
      ${shown.map(
        (sheet) =>
          // Nothing in the table is focusable, but it must be scrollable by keyboard.
          html`<div
            id="sheet-${sheet}"
            class="sheet"
            part="sheet"
            role=${sheet === 'debug' ? 'region' : nothing}
            aria-label=${sheet === 'debug' ? this.messages.quality : nothing}
            tabindex=${sheet === 'debug' ? '0' : nothing}
            ?hidden=${sheet !== this.#open}
          >
            ${this.#sheetTemplate(sheet)}
          </div>`,
      )}
      ${this.overCard ? bar : nothing}
      <span class="vh" role="status">${this.#saysRecording ? this.messages.recording : nothing}</span>
      ${this.#remembers && !this.devices ? this.#devicesTemplate() : nothing}
      ${this.sounds ? html`<voice-agent-sounds for=${this.for ?? nothing}></voice-agent-sounds>` : nothing}
    </div>`;
  }

  #buttonTemplate(sheet: Sheet): TemplateResult {
    const { messages } = this;
    const buttons = {
      devices: [slidersIcon, messages.devices],
      record: [recordIcon, messages.record],
      saveTranscript: [saveIcon, messages.saveTranscript],
      debug: [pulseIcon, messages.quality],
    } as const;
    const [icon, name] = buttons[sheet];
    const isRecording = sheet === 'record' && this.#recording;
    const sign = this.inCall ? messages.recording : messages.willRecord;
    return html`<button
      class="disclose ${sheet} ${isRecording ? 'on' : ''}"
      part="button"
      aria-label=${isRecording ? sign : name}
      title=${name}
      aria-expanded=${sheet === this.#open}
      aria-controls="sheet-${sheet}"
      @click=${() => this.#show(sheet === this.#open ? undefined : sheet)}
    >
      ${icon}${isRecording ? html`<span>${sign}</span>` : nothing}
    </button>`;
  }

  #sheetTemplate(sheet: Sheet): TemplateResult {
    const agent = this.for ?? nothing;
    const { theme, texts } = this;
    switch (sheet) {
      case 'devices':
        return this.#devicesTemplate();
      case 'record':
        return html`<voice-agent-recorder
          for=${agent}
          theme=${theme}
          .texts=${texts}
          @click=${() => this.requestUpdate()}
          @recording-change=${({ detail }: CustomEvent<RecordingChangeDetail>) => {
            this.#recording = detail.recording;
            this.requestUpdate();
          }}
        ></voice-agent-recorder>`;
      case 'saveTranscript':
        return html`<voice-agent-export for=${agent} theme=${theme} .texts=${texts}></voice-agent-export>`;
      case 'debug':
        return html`<voice-agent-stats for=${agent} theme=${theme} .texts=${texts}></voice-agent-stats>`;
    }
  }

  /** Rendered even if hidden, to restore the devices of an earlier visit. */
  #devicesTemplate(): TemplateResult {
    return html`<voice-agent-devices
      for=${this.for ?? nothing}
      theme=${this.theme}
      .texts=${this.texts}
      ?hidden=${!this.devices}
      ?remember-devices=${this.rememberDevices}
    ></voice-agent-devices>`;
  }

  #show(sheet: Sheet | undefined): void {
    if (sheet === this.#open) return;
    if (this.#open === 'devices')
      this.shadowRoot?.querySelector<VoiceAgentDevicesElement>('voice-agent-devices')?.stopTest();
    this.#open = sheet;
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event) || !this.#open) return;
    const opener = this.shadowRoot?.querySelector<HTMLElement>(`.disclose.${this.#open}`);
    this.#show(undefined);
    opener?.focus();
    // The surrounding card handles the key itself.
    event.preventDefault();
  }

  readonly #onPointer = (event: PointerEvent): void => {
    if (this.overCard && !event.composedPath().includes(this)) this.#show(undefined);
  };
}
