import { html, nothing, type TemplateResult } from 'lit';
import type { TemplateView } from './conversation-view.js';

/** The page's own text and a choice, before the microphone is requested. */
export function consentTemplate({
  askingConsent,
  textOnly,
  messages,
  answerConsent,
}: TemplateView): TemplateResult | typeof nothing {
  if (!askingConsent) return nothing;
  return html`<div
    class="consent"
    part="consent"
    role="alertdialog"
    aria-label=${messages.label}
    aria-describedby="terms"
  >
    <div id="terms"><slot name="consent">${textOnly ? messages.consentToText : messages.consent}</slot></div>
    <div class="choice">
      <button class="retry agree" part="button agree-button" @click=${() => answerConsent(true)}>
        ${messages.agree}
      </button>
      <button class="retry" part="button decline-button" @click=${() => answerConsent(false)}>
        ${messages.decline}
      </button>
    </div>
  </div>`;
}
