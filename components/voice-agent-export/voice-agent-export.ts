import { css, html, type TemplateResult } from 'lit';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { AgentPart } from '../extras/agent-part.js';
import { bracesIcon, captionsIcon, copyIcon, textIcon } from '../extras/extras-icons.js';
import { extrasStyles } from '../extras/extras.styles.js';
import { fileName, saveFile } from '../extras/save-file.js';
import { nearestLanguage } from '../locales/locale-controller.js';
import { tokens } from '../themes/tokens.styles.js';
import type { TranscriptEntry } from '../../src/index.js';
import { EntryClock } from './entry-times.js';
import {
  captionsFile,
  dataFile,
  textFile,
  timed,
  type FileWords,
  type TimedEntry,
} from './transcript-files.js';

export type TranscriptFormat = 'text' | 'captions' | 'data';

const FILES: Readonly<Record<TranscriptFormat, { readonly ending: string; readonly type: string }>> = {
  text: { ending: 'txt', type: 'text/plain' },
  captions: { ending: 'vtt', type: 'text/vtt' },
  data: { ending: 'json', type: 'application/json' },
};

/**
 * @summary Copies the transcript, or saves it as text, captions (WebVTT) or data (JSON).
 *
 * It contains all calls of the visit in order. Times count from the start of the first call. They are exact if the element
 * was in the page when that call began. Words that were never heard are not shown as said. Nothing leaves the page.
 *
 * @tag voice-agent-export
 *
 * @csspart button - Every button.
 * @csspart note - The result of the last action.
 */
export class VoiceAgentExportElement extends AgentPart {
  static override readonly styles = [
    tokens,
    extrasStyles,
    css`
      .note {
        min-block-size: 1.45em;
        margin-block: 0.4em -0.4em;
      }
    `,
  ];

  readonly #clock = new EntryClock();
  #note: 'copied' | 'copyRefused' | undefined;

  /** Returns the content of a file in this format. */
  contentAs(format: TranscriptFormat): string {
    const [entries, words] = [this.#entries, this.#words];
    if (format === 'captions') return captionsFile(entries, words);
    if (format === 'data') return dataFile(entries, this.#clock.startedAt);
    return textFile(entries, this.#clock.startedAt, words);
  }

  /** Saves the transcript as a download. */
  save(format: TranscriptFormat): void {
    const { ending, type } = FILES[format];
    const content = new Blob([this.contentAs(format)], { type: `${type};charset=utf-8` });
    saveFile(fileName(this.#clock.startedAt, ending), content);
  }

  /** Copies the text to the clipboard. Call it from a click. */
  async copy(): Promise<void> {
    try {
      // Of the window with the focus: no other one may write.
      await this.ownerDocument.defaultView!.navigator.clipboard.writeText(this.contentAs('text'));
      this.#note = 'copied';
    } catch {
      this.#note = 'copyRefused';
    }
    this.requestUpdate();
  }

  protected override listeners(): ConversationListeners {
    return {
      'session-ready': () => this.#clock.begin(performance.now()),
      'speech-start': () => this.#clock.speechStarted(performance.now()),
      'speech-end': () => this.#clock.speechEnded(performance.now()),
      transcript: () => {
        this.#note = undefined;
        this.#clock.note(this.view.transcript, performance.now());
      },
    };
  }

  protected override storeChanged(
    store: ConversationStore | undefined,
    previous: ConversationStore | undefined,
  ): void {
    // Moving the element disconnects the conversation only briefly.
    if (store && previous) this.#clock.reset();
  }

  protected override render(): TemplateResult {
    const { messages } = this;
    const nothingSaid = this.#said.length === 0;
    const button = (icon: TemplateResult, text: string, act: () => void): TemplateResult =>
      html`<button part="button" aria-disabled=${nothingSaid} @click=${() => !nothingSaid && act()}>
        ${icon}${text}
      </button>`;
    return html`<div translate="no" role="group" aria-label=${messages.saveTranscript}>
      <div class="buttons">
        ${button(copyIcon, messages.copy, () => void this.copy())}
        ${button(textIcon, messages.asText, () => this.save('text'))}
        ${button(captionsIcon, messages.asCaptions, () => this.save('captions'))}
        ${button(bracesIcon, messages.asData, () => this.save('data'))}
      </div>
      <p class="note" part="note" role="status">
        ${nothingSaid ? messages.nothingSaid : this.#note && messages[this.#note]}
      </p>
    </div>`;
  }

  /** In all calls of this visit. */
  get #said(): readonly TranscriptEntry[] {
    const { earlier, transcript } = this.view;
    return [...earlier, ...transcript];
  }

  get #entries(): TimedEntry[] {
    return timed(this.#said, (key) => this.#clock.timesOf(key));
  }

  get #words(): FileWords {
    const { label, you, agent, interrupted } = this.messages;
    const language = nearestLanguage(this) || undefined;
    return { title: label, names: { user: you, agent }, interrupted, language };
  }
}
