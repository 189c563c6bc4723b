import { html, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type ConversationView } from '../parts/conversation-view.js';
import { closeIcon, handsetIcon } from '../parts/icons.js';
import { panelTemplate } from './panel-template.js';

export interface FaceOptions {
  readonly open: boolean;
  readonly placement: string;
  readonly toggleOpen: () => void;
}

/** A launcher in a corner of the window, and the card it opens. Not modal: the page stays usable beside it. */
export function floatingTemplate(
  view: ConversationView,
  actions: ConversationActions,
  { open, placement, toggleOpen }: FaceOptions,
): TemplateResult {
  const { messages, state } = view;
  return html`<div class="floating ${placement}">
    <div id="sheet" class="sheet" part="sheet" role="dialog" aria-label=${messages.label} ?hidden=${!open}>
      <button class="side close" part="button close-button" aria-label=${messages.close} @click=${toggleOpen}>
        ${closeIcon}
      </button>
      ${panelTemplate(view, actions)}
    </div>
    <button
      class="launcher ${isActive(state) ? 'active' : ''}"
      part="button launcher"
      aria-label=${messages.label}
      aria-expanded=${open}
      aria-controls="sheet"
      @click=${toggleOpen}
    >
      <slot name="launcher">${handsetIcon}</slot>
    </button>
  </div>`;
}
