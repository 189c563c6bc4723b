import { html, nothing, type TemplateResult } from 'lit';
import type { TranscriptEntry } from '../../src/index.js';
import type { TemplateView } from './conversation-view.js';
import type { Messages } from '../locales/en.js';

/**
 * The number of leading entries that will not change any more. An unfinished entry counts as settled once the same
 * speaker has started another one.
 */
export function settledCount(entries: readonly TranscriptEntry[]): number {
  const open = entries.findIndex(
    (entry, index) => !entry.final && !entries.slice(index + 1).some((later) => later.role === entry.role),
  );
  return open < 0 ? entries.length : open;
}

export function transcriptTemplate(view: TemplateView, live: 'polite' | 'off' = 'polite'): TemplateResult {
  const { transcript, earlier, messages } = view;
  return html`<div
    class="transcript"
    part="transcript"
    role="region"
    aria-label=${messages.transcript}
    tabindex=${transcript.length + earlier.length > 0 ? '0' : nothing}
  >
    <div class="entries">
      ${earlier.length > 0 ? earlierTemplate(earlier, messages) : nothing} ${logTemplate(view, live)}
      <div class="log open">${entriesTemplate(transcript.slice(settledCount(transcript)), messages)}</div>
    </div>
  </div>`;
}

/** From earlier calls: already announced. */
function earlierTemplate(earlier: readonly TranscriptEntry[], messages: Messages): TemplateResult {
  return html`<div class="log earlier">${entriesTemplate(earlier, messages)}</div>
    <hr />`;
}

/**
 * The log contains only settled entries, so that assistive technology announces each one once and never partial
 * words. Entries in progress follow it, outside the live region.
 */
export function logTemplate({ transcript, messages }: TemplateView, live = 'polite'): TemplateResult {
  return html`<div
    class="log"
    role="log"
    aria-live=${live}
    aria-label=${messages.transcript}
    aria-relevant="additions"
  >
    ${entriesTemplate(transcript.slice(0, settledCount(transcript)), messages)}
  </div>`;
}

/** Keyed by position: entries are only appended, and change in place. */
function entriesTemplate(entries: readonly TranscriptEntry[], messages: Messages): TemplateResult[] {
  return entries.map(({ role, text, unheardText, unspoken, interrupted, final }) => {
    const note = unspoken ? messages.unspoken : interrupted ? messages.interrupted : '';
    const struck = (final || interrupted) && unheardText;
    return html`<div class="entry ${role} ${final ? '' : 'partial'}" part="entry entry-${role}">
      <span class="vh" .textContent=${`${messages[role === 'user' ? 'you' : 'agent']}: `}></span>
      <span class="words" part="entry-text" dir="auto"
        ><span .textContent=${text}></span>${struck ? unheardTemplate(struck) : nothing}</span
      >
      ${note ? html`<span class="note" part="entry-note">${note}</span>` : nothing}
    </div>`;
  });
}

/** Hidden from screen readers, which do not distinguish struck-through words. The note says the rest. */
function unheardTemplate(text: string): TemplateResult {
  return html` <s part="entry-unheard" aria-hidden="true">${text}</s>`;
}
