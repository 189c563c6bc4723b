import { html, nothing, type TemplateResult } from 'lit';
import type { ConversationActions, ConversationView } from './conversation-view.js';
import { alertIcon } from './icons.js';

/** What went wrong and what to do about it. */
export function errorTemplate(
  { error, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult | typeof nothing {
  if (!error) return nothing;
  return html`<div class="error" part="error" role="alert">
    ${alertIcon}
    <div class="reason">
      <p class="what" part="error-message" dir="auto">${error.message}</p>
      <p part="error-hint" dir="auto">${error.hint}</p>
      <button class="retry" part="button retry-button" @click=${actions.toggleCall}>${messages.retry}</button>
    </div>
  </div>`;
}

/** The call goes on, but there is something to know. The region is always there, so that a new text is announced. */
export function noticeTemplate({ notice }: ConversationView): TemplateResult {
  return html`<p class="notice" part="notice" role="status" dir="auto">${notice}</p>`;
}
