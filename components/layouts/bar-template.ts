import { html, nothing, type TemplateResult } from 'lit';
import { composerTemplate } from '../parts/composer-template.js';
import { consentTemplate } from '../parts/consent-template.js';
import { controlsTemplate } from '../parts/controls-template.js';
import { hintText, type TemplateView } from '../parts/conversation-view.js';
import { errorTemplate, noticeTemplate } from '../parts/error-template.js';
import { statusTemplate, timerTemplate } from '../parts/status-template.js';
import { logTemplate } from '../parts/transcript-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import type { LayoutView } from './panel-template.js';

/** One slim row: the state, the latest words, the controls. */
export function barTemplate(view: LayoutView): TemplateResult {
  const { messages } = view;
  return html`<section class="bar" part="panel" aria-label=${messages.label}>
    <div class="line">
      <slot name="header"></slot>
      ${visualizerTemplate(view)}
      <div class="words-line">
        <div class="state-line rest" tabindex="-1">${statusTemplate(view)} ${timerTemplate(view)}</div>
        ${captionTemplate(view)}
      </div>
      ${controlsTemplate(view)}
      <slot name="footer"></slot>
    </div>
    <div class="vh">${logTemplate(view)}</div>
    ${noticeTemplate(view)} ${consentTemplate(view)} ${errorTemplate(view)} ${composerTemplate(view)}
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
