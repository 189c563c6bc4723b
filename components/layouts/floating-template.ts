import { html, nothing, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type FaceView } from '../parts/conversation-view.js';
import { noticeTemplate } from '../parts/error-template.js';
import { closeIcon, handsetIcon } from '../parts/icons.js';
import { statusTemplate } from '../parts/status-template.js';
import { panelTemplate } from './panel-template.js';

/** State of a complete UI that parts do not have. */
export interface FaceOptions {
  readonly open: boolean;
  readonly placement: string;
  readonly toggleOpen: () => void;
  /** The row of optional features. */
  readonly extras: HTMLElement | typeof nothing;
}

/**
 * A launcher in a corner of the window and the card that it opens, in visual order. Not modal: the page stays usable.
 * Announcements of the card are made while it is closed, too.
 */
export function floatingTemplate(
  view: FaceView,
  actions: ConversationActions,
  options: FaceOptions,
): TemplateResult {
  const { open, placement, toggleOpen } = options;
  const { messages } = view;
  const isAtTop = placement.startsWith('top');
  return html`<div class="floating ${placement}" popover="manual">
    ${isAtTop ? launcherTemplate(view, options) : nothing}
    <div id="sheet" class="sheet" part="sheet" role="dialog" aria-label=${messages.label} ?hidden=${!open}>
      <button class="side close" part="button close-button" aria-label=${messages.close} @click=${toggleOpen}>
        ${closeIcon}
      </button>
      ${panelTemplate(view, actions, options.extras)}
    </div>
    ${isAtTop ? nothing : launcherTemplate(view, options)}
    <div class="vh">${open ? nothing : [statusTemplate(view), noticeTemplate(view)]}</div>
  </div>`;
}

/** Its accessible name contains its visible content and its purpose. */
function launcherTemplate({ state, messages }: FaceView, { open, toggleOpen }: FaceOptions): TemplateResult {
  return html`<button
    class="launcher ${isActive(state) ? 'active' : ''}"
    part="button launcher"
    aria-expanded=${open}
    aria-controls="sheet"
    @click=${toggleOpen}
  >
    <slot name="launcher">${handsetIcon}</slot>
    <span class="vh">${messages.label}</span>
  </button>`;
}
