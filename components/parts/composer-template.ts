import { html, nothing, type TemplateResult } from 'lit';
import type { LayoutView } from '../layouts/layout-view.js';
import { isActive } from './conversation-view.js';
import { sendIcon } from './icons.js';

/** One node for the whole life of its host: only sending or clearing empties it. */
export function textField(): HTMLInputElement {
  const field = document.createElement('input');
  return Object.assign(field, { part: 'input', autocomplete: 'off', enterKeyHint: 'send', dir: 'auto' });
}

/** A text field for messages to the agent. What cannot be sent is kept for the next call. */
export function composerTemplate({
  state,
  textInput,
  field,
  messages,
  sendText,
}: LayoutView): TemplateResult | typeof nothing {
  if (!textInput) return nothing;
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || sendText(text) !== false) field.value = '';
  };
  field.ariaLabel = field.placeholder = messages.write;
  // Enter clicks the button, too. In a frame that is sandboxed without `allow-forms`, no `submit` follows.
  return html`<form class="composer" part="composer" ?hidden=${!isActive(state)} @submit=${submit}>
    ${field}
    <button class="side send" part="button send-button" aria-label=${messages.send} @click=${submit}>
      ${sendIcon}
    </button>
  </form>`;
}
