import { html, nothing, type TemplateResult } from 'lit';
import { clockText, statusText, type FaceView } from './conversation-view.js';

/** The status text, announced when it changes. */
export function statusTemplate(view: FaceView): TemplateResult {
  return html`<span class="status" part="status" role="status" translate="no">${statusText(view)}</span>`;
}

export function timerTemplate({ seconds, state, messages }: FaceView): TemplateResult | typeof nothing {
  if (seconds === undefined || state === 'connecting' || state === 'idle') return nothing;
  return html`<span
    class="timer"
    part="timer"
    role="timer"
    translate="no"
    aria-live="off"
    aria-label=${messages.duration}
    >${clockText(seconds)}</span
  >`;
}
