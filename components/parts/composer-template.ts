import { html, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type ConversationView } from './conversation-view.js';
import { sendIcon } from './icons.js';

/** A line to write to the agent while the call goes on. */
export function composerTemplate(
  { state, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('text') as HTMLInputElement;
    const text = field.value.trim();
    if (text === '' || !isActive(state)) return;
    actions.sendText(text);
    field.value = '';
  };
  return html`<form class="composer" part="composer" @submit=${submit}>
    <input
      name="text"
      part="input"
      autocomplete="off"
      enterkeyhint="send"
      dir="auto"
      aria-label=${messages.write}
      placeholder=${messages.write}
      ?disabled=${!isActive(state)}
    />
    <button
      class="side send"
      part="button send-button"
      aria-label=${messages.send}
      aria-disabled=${isActive(state) ? 'false' : 'true'}
    >
      ${sendIcon}
    </button>
  </form>`;
}
