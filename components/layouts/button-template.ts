import { html, nothing, type TemplateResult } from 'lit';
import { microphoneTemplate } from '../parts/controls-template.js';
import { hintText, isActive } from '../parts/conversation-view.js';
import { statusTemplate } from '../parts/status-template.js';
import { logTemplate } from '../parts/transcript-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import { messagesTemplate } from './messages-template.js';
import type { LayoutView } from './layout-view.js';

/** Only the call button, with the mute button while muted. Messages are at the bottom of the window. */
export function buttonTemplate(view: LayoutView): TemplateResult {
  const { state, messages } = view;
  const active = isActive(state);
  return html`<span class="button-layout rest ${active ? 'active' : ''}" tabindex="-1">
    <button
      class="call pill"
      part="button call-button"
      title=${active ? nothing : hintText(view)}
      @click=${view.toggleCall}
    >
      ${visualizerTemplate(view)}
      ${active ? messages.end : html`<slot name="start-label">${messages.start}</slot>`}
    </button>
    ${active && (view.muted || view.pushToTalk) ? microphoneTemplate(view) : nothing}
    <div class="vh">${statusTemplate(view)} ${logTemplate(view)}</div>
    <div class="pop" popover="manual">${messagesTemplate(view)}</div>
  </span>`;
}
