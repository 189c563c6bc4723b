import { html, nothing, type TemplateResult } from 'lit';
import { isActive } from '../parts/conversation-view.js';
import { noticeTemplate } from '../parts/error-template.js';
import { closeIcon, handsetIcon } from '../parts/icons.js';
import { statusTemplate } from '../parts/status-template.js';
import type { LayoutView } from './layout-view.js';
import { panelTemplate } from './panel-template.js';

/**
 * A launcher in a corner of the window and the card that it opens, in visual order. Not modal: the page stays usable.
 * Announcements of the card are made while it is closed, too.
 */
export function floatingTemplate(view: LayoutView): TemplateResult {
  const { open, placement, toggleOpen, messages } = view;
  const isAtTop = placement.startsWith('top');
  return html`<div class="floating ${placement}" popover="manual">
    ${isAtTop ? launcherTemplate(view) : nothing}
    <div id="sheet" class="sheet" part="sheet" role="dialog" aria-label=${messages.label} ?hidden=${!open}>
      <button class="side close" part="button close-button" aria-label=${messages.close} @click=${toggleOpen}>
        ${closeIcon}
      </button>
      ${panelTemplate(view)}
    </div>
    ${isAtTop ? nothing : launcherTemplate(view)}
    <div class="vh">${open ? nothing : [statusTemplate(view), noticeTemplate(view)]}</div>
  </div>`;
}

/** Its accessible name contains its visible content and its purpose. */
function launcherTemplate({ state, messages, open, toggleOpen }: LayoutView): TemplateResult {
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
