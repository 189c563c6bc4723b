import { html, nothing, type TemplateResult } from 'lit';
import type { ConversationActions, FaceView } from '../parts/conversation-view.js';
import { consentTemplate } from '../parts/consent-template.js';
import { barTemplate } from './bar-template.js';
import { buttonTemplate } from './button-template.js';
import { floatingTemplate, type FaceOptions } from './floating-template.js';
import { panelTemplate } from './panel-template.js';

/** The UI of a conversation in one of its layouts. */
export function layoutTemplate(
  view: FaceView,
  actions: ConversationActions,
  options: FaceOptions,
): TemplateResult {
  const { layout } = view;
  if (layout === 'panel') return panelTemplate(view, actions, options.extras);
  if (layout === 'floating') return floatingTemplate(view, actions, options);
  const template = { bar: barTemplate, button: buttonTemplate, headless: headlessTemplate }[layout];
  return html`${template(view, actions)}${options.extras}`;
}

function headlessTemplate(view: FaceView, actions: ConversationActions): TemplateResult {
  return html`<slot></slot>
    ${view.askingConsent ? html`<div class="ground">${consentTemplate(view, actions)}</div>` : nothing}`;
}
