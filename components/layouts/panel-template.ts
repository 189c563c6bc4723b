import { html, nothing, type TemplateResult } from 'lit';
import { controlsTemplate } from '../parts/controls-template.js';
import { hintText, isActive, type TemplateView } from '../parts/conversation-view.js';
import { stateLineTemplate } from '../parts/status-template.js';
import { transcriptTemplate } from '../parts/transcript-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import type { LayoutView } from './layout-view.js';
import { messagesTemplate } from './messages-template.js';

/** The whole conversation in a card. */
export function panelTemplate(view: LayoutView): TemplateResult {
  const talked = view.transcript.length + view.earlier.length > 0;
  return html`<section class="panel ${talked ? 'talked' : ''}" part="panel" aria-label=${view.messages.label}>
    <slot name="header"></slot>
    <div class="presence" part="presence">${visualizerTemplate(view)} ${stateLineTemplate(view)}</div>
    <div class="talk">
      ${transcriptTemplate(view)} ${talked ? nothing : emptyTemplate(view)} ${messagesTemplate(view)}
    </div>
    ${controlsTemplate(view)} ${view.extras}
    <slot name="footer"></slot>
  </section>`;
}

function emptyTemplate(view: TemplateView): TemplateResult | typeof nothing {
  const { state, askingConsent, messages } = view;
  if (state === 'error' || askingConsent) return nothing;
  return html`<div class="empty" part="empty">
    <slot name="empty">
      ${
        isActive(state)
          ? html`<p class="hint">${messages.waiting}</p>`
          : html`<p class="welcome">${messages.welcome}</p>
              <p class="hint">${hintText(view)}</p>`
      }
    </slot>
  </div>`;
}
