import { html, nothing, type TemplateResult } from 'lit';
import type { TemplateView } from '../parts/conversation-view.js';
import { consentTemplate } from '../parts/consent-template.js';
import { isCard, type Layout } from '../parts/ui-choices.js';
import { barTemplate } from './bar-template.js';
import { buttonTemplate } from './button-template.js';
import { floatingTemplate } from './floating-template.js';
import type { LayoutView } from './layout-view.js';
import { panelTemplate } from './panel-template.js';

const TEMPLATES: Readonly<Record<Layout, (view: LayoutView) => TemplateResult>> = {
  panel: panelTemplate,
  bar: barTemplate,
  button: buttonTemplate,
  floating: floatingTemplate,
  headless: headlessTemplate,
};

/** The UI of a conversation in one of its layouts. A card contains the row of optional features. */
export function layoutTemplate(view: LayoutView): TemplateResult {
  const { layout, extras } = view;
  return html`${TEMPLATES[layout](view)}${isCard(layout) ? nothing : extras}`;
}

function headlessTemplate(view: TemplateView): TemplateResult {
  return html`<slot></slot>
    ${view.askingConsent ? html`<div class="ground">${consentTemplate(view)}</div>` : nothing}`;
}
