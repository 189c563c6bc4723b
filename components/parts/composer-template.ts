import { html, nothing, type TemplateResult } from 'lit';
import { isActive, type FaceView } from './conversation-view.js';
import { sendIcon } from './icons.js';

/** A text field for messages to the agent. Without a call it cannot send, but a draft is kept for the next call. */
export function composerTemplate({
  state,
  textInput,
  messages,
  sendText,
}: FaceView): TemplateResult | typeof nothing {
  if (!textInput) return nothing;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).querySelector('input')!;
    const text = field.value.trim();
    if (text) sendText(text);
    field.value = '';
  };
  return html`<form class="composer" part="composer" ?hidden=${!isActive(state)} @submit=${submit}>
    <input
      part="input"
      autocomplete="off"
      enterkeyhint="send"
      dir="auto"
      aria-label=${messages.write}
      placeholder=${messages.write}
    />
    <button class="side send" part="button send-button" aria-label=${messages.send}>${sendIcon}</button>
  </form>`;
}
