import { html, nothing, type TemplateResult } from 'lit';
import { clockText, statusText, type TemplateView } from './conversation-view.js';

/** The status text, announced when it changes. */
export function statusTemplate(view: TemplateView): TemplateResult {
  return html`<span class="status" part="status" role="status" translate="no">${statusText(view)}</span>`;
}

/** Takes the focus of a control that disappears. */
export function stateLineTemplate(view: TemplateView): TemplateResult {
  return html`<div class="state-line rest" tabindex="-1">
    ${statusTemplate(view)} ${timerTemplate(view)}
  </div>`;
}

function timerTemplate({ seconds, state, messages }: TemplateView): TemplateResult | typeof nothing {
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
