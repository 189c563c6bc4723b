import { html, nothing, type TemplateResult } from 'lit';
import { composerTemplate } from '../parts/composer-template.js';
import { consentTemplate } from '../parts/consent-template.js';
import { controlsTemplate } from '../parts/controls-template.js';
import type { ConversationActions, ConversationView } from '../parts/conversation-view.js';
import { errorTemplate, noticeTemplate } from '../parts/error-template.js';
import { statusTemplate, timerTemplate } from '../parts/status-template.js';
import { logTemplate } from '../parts/transcript-template.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';

/** One slim line: who speaks, what is being said, the controls. */
export function barTemplate(view: ConversationView, actions: ConversationActions): TemplateResult {
  const { messages, transcript } = view;
  return html`<section class="bar" part="panel" aria-label=${messages.label}>
    <div class="line">
      <slot name="header"></slot>
      ${visualizerTemplate(view)}
      <div class="words-line">
        <div class="state-line">${statusTemplate(view)} ${timerTemplate(view)}</div>
        ${captionTemplate(view)}
      </div>
      ${controlsTemplate(view, actions)}
      <slot name="footer"></slot>
    </div>
    <div class="vh">${transcript.length > 0 ? logTemplate(view) : nothing}</div>
    ${noticeTemplate(view)} ${consentTemplate(view, actions)} ${errorTemplate(view, actions)}
    ${composerTemplate(view, actions)}
  </section>`;
}

/** For the eye; assistive technology has the log. */
function captionTemplate({ transcript, messages, error }: ConversationView): TemplateResult | typeof nothing {
  if (error) return nothing;
  const latest = transcript.at(-1);
  return html`<p class="caption" part="caption" aria-hidden="true" dir="auto">
    ${latest?.text ?? messages.welcome}
  </p>`;
}
