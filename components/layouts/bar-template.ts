import { html, nothing, type TemplateResult } from 'lit';
import { controlsTemplate } from '../parts/controls-template.js';
import { hintText, type TemplateView } from '../parts/conversation-view.js';
import { stateLineTemplate } from '../parts/status-template.js';
import { logTemplate } from '../parts/transcript-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import { messagesTemplate } from './messages-template.js';
import type { LayoutView } from './layout-view.js';

/** One slim row: the state, the latest words, the controls. */
export function barTemplate(view: LayoutView): TemplateResult {
  const { messages } = view;
  return html`<section class="bar" part="panel" aria-label=${messages.label}>
    <div class="line">
      <slot name="header"></slot>
      ${visualizerTemplate(view)}
      <div class="words-line">${stateLineTemplate(view)} ${captionTemplate(view)}</div>
      ${controlsTemplate(view)}
      <slot name="footer"></slot>
    </div>
    <div class="vh">${logTemplate(view)}</div>
    ${messagesTemplate(view)}
  </section>`;
}

/** The latest words are visual only: assistive technology has the log. */
function captionTemplate(view: TemplateView): TemplateResult | typeof nothing {
  if (view.error) return nothing;
  const latest = view.transcript.at(-1);
  return html`<p class="caption" part="caption" aria-hidden=${latest !== undefined} dir="auto">
    <span class=${latest ? 'latest' : ''} .textContent=${latest ? latest.text : hintText(view)}></span>
  </p>`;
}
