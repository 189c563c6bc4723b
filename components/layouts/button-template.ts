import { html, type TemplateResult } from 'lit';
import { consentTemplate } from '../parts/consent-template.js';
import { isActive, type ConversationActions, type ConversationView } from '../parts/conversation-view.js';
import { errorTemplate } from '../parts/error-template.js';
import { statusTemplate } from '../parts/status-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';

/** Just the control. */
export function buttonTemplate(view: ConversationView, actions: ConversationActions): TemplateResult {
  const { state, messages } = view;
  const active = isActive(state);
  return html`<span class="button-layout">
    <button class="call pill ${active ? 'end' : ''}" part="button call-button" @click=${actions.toggleCall}>
      ${visualizerTemplate(view)}
      ${active ? messages.end : html`<slot name="start-label">${messages.start}</slot>`}
    </button>
    ${statusTemplate(view, 'vh')} ${consentTemplate(view, actions)} ${errorTemplate(view, actions)}
  </span>`;
}
