import { html, nothing, type TemplateResult } from 'lit';
import { isActive, type TemplateView, type Notice } from './conversation-view.js';
import { isCard } from './ui-choices.js';
import type { Messages } from '../locales/en.js';
import { failureText, NO_SOUND } from '../locales/failure-text.js';
import { alertIcon } from './icons.js';

/** The error and what to do about it. */
export function errorTemplate({
  error,
  allowed,
  messages,
  toggleCall,
  writeInstead,
}: TemplateView): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const text = failureText(error, messages);
  return html`<div class="error" part="error" role="alert">
    ${alertIcon}
    <div>
      <p
        class="what"
        part="error-message"
        dir="auto"
        .textContent=${allowed ? messages.microphoneAllowed : text?.message}
      ></p>
      <p part="error-hint" dir="auto">${allowed ? nothing : text?.hint}</p>
      <button class="retry" part="button retry-button" @click=${toggleCall}>${messages.retry}</button>
      ${
        NO_SOUND.test(error.code)
          ? html`<button class="retry write" part="button write-button" @click=${writeInstead}>
              ${messages.writeInstead}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

/** The notice of a running call. The region always exists, so that a new text is announced. */
export function noticeTemplate(view: TemplateView): TemplateResult {
  const { notice, messages } = view;
  const text = notice && noticeText(notice, messages);
  return html`<p class="notice" part="notice" role="status" translate="no" dir="auto">${text}</p>
    <p class="notice" part="notice ai-notice" aria-live="polite" dir="auto">${introduction(view)}</p>`;
}

/** Until something has been said. No slot holds it: a page that fills those must not lose it by accident. */
function introduction({ state, layout, transcript, messages }: TemplateView): string | undefined {
  const hasPlace = isActive(state) || (isCard(layout) && state !== 'error');
  return hasPlace && transcript.every(({ final }) => !final) ? messages.aiNotice : undefined;
}

function noticeText(notice: Notice, messages: Messages): string | undefined {
  switch (notice.kind) {
    case 'allow-microphone':
      return messages.allowMicrophone;
    case 'speaking-muted':
      return messages.speakingMuted;
    case 'ends-soon':
      return messages.endsSoon.replace('{seconds}', String(Math.round(notice.secondsLeft)));
    case 'problem': {
      const text = failureText(notice.error, messages);
      return text && `${text.message} ${text.hint}`.trim();
    }
  }
}
