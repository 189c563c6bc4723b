import { html, nothing, type TemplateResult } from 'lit';
import type { TemplateView } from '../parts/conversation-view.js';
import { consentTemplate } from '../parts/consent-template.js';
import { barTemplate } from './bar-template.js';
import { buttonTemplate } from './button-template.js';
import { floatingTemplate } from './floating-template.js';
import { panelTemplate, type LayoutView } from './panel-template.js';

/** The UI of a conversation in one of its layouts. */
export function layoutTemplate(view: LayoutView): TemplateResult {
  const { layout } = view;
  if (layout === 'panel') return panelTemplate(view);
  if (layout === 'floating') return floatingTemplate(view);
  const template = { bar: barTemplate, button: buttonTemplate, headless: headlessTemplate }[layout];
  return html`${template(view)}${view.extras}`;
}

function headlessTemplate(view: TemplateView): TemplateResult {
  return html`<slot></slot>
    ${view.askingConsent ? html`<div class="ground">${consentTemplate(view)}</div>` : nothing}`;
}
