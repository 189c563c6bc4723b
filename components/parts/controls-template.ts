import { html, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type ConversationView } from './conversation-view.js';
import { handsetIcon, interruptIcon, microphoneIcon, microphoneOffIcon } from './icons.js';

/** The buttons in the order they are seen: mute, start or end, interrupt. */
export function controlsTemplate(view: ConversationView, actions: ConversationActions): TemplateResult {
  return html`<div class="controls ${isActive(view.state) ? 'active' : ''}" part="controls">
    ${muteButton(view, actions)} ${callButton(view, actions)} ${interruptButton(view, actions)}
  </div>`;
}

export function callButton(
  { state, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult {
  const active = isActive(state);
  return html`<button
    class="call ${active ? 'end' : ''}"
    part="button call-button"
    type="button"
    aria-label=${active ? messages.end : messages.start}
    @click=${actions.toggleCall}
  >
    <slot name="icon">${handsetIcon}</slot>
  </button>`;
}

export function muteButton(
  { muted, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult {
  return html`<button
    class="side mute"
    part="button mute-button"
    type="button"
    aria-label=${messages.mute}
    aria-pressed=${muted ? 'true' : 'false'}
    @click=${actions.toggleMuted}
  >
    ${muted ? microphoneOffIcon : microphoneIcon}
  </button>`;
}

/** Never `disabled`: that would take the focus away at the end of every reply. */
export function interruptButton(
  { state, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult {
  return html`<button
    class="side interrupt"
    part="button interrupt-button"
    type="button"
    aria-label=${messages.interrupt}
    aria-disabled=${state === 'speaking' ? 'false' : 'true'}
    @click=${actions.interrupt}
  >
    ${interruptIcon}
  </button>`;
}
