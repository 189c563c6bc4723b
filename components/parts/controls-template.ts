import { html, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type ConversationView } from './conversation-view.js';
import { handsetIcon, interruptIcon, microphoneIcon, microphoneOffIcon } from './icons.js';

/**
 * The buttons in the order they are seen: mute, start or end, interrupt. The last one is never `disabled`: that would
 * take the focus away at the end of every reply.
 */
export function controlsTemplate(
  { state, muted, messages }: ConversationView,
  actions: ConversationActions,
): TemplateResult {
  const active = isActive(state);
  return html`<div class="controls ${active ? 'active' : ''}" part="controls">
    <button
      class="side mute"
      part="button mute-button"
      aria-label=${messages.mute}
      aria-pressed=${muted}
      @click=${actions.toggleMuted}
    >
      ${muted ? microphoneOffIcon : microphoneIcon}
    </button>
    <button
      class="call ${active ? 'end' : ''}"
      part="button call-button"
      aria-label=${active ? messages.end : messages.start}
      @click=${actions.toggleCall}
    >
      <slot name="icon">${handsetIcon}</slot>
    </button>
    <button
      class="side interrupt"
      part="button interrupt-button"
      aria-label=${messages.interrupt}
      aria-disabled=${state !== 'speaking'}
      @click=${actions.interrupt}
    >
      ${interruptIcon}
    </button>
  </div>`;
}
