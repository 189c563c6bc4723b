import { html, type TemplateResult } from 'lit';
import type { ConversationActions, ConversationView } from '../parts/conversation-view.js';
import { consentTemplate } from '../parts/consent-template.js';
import { barTemplate } from './bar-template.js';
import { buttonTemplate } from './button-template.js';
import { floatingTemplate, type FaceOptions } from './floating-template.js';
import { panelTemplate } from './panel-template.js';

export const LAYOUTS = ['panel', 'bar', 'button', 'floating', 'headless'] as const;
export type Layout = (typeof LAYOUTS)[number];

export const PLACEMENTS = ['bottom-end', 'bottom-start', 'top-end', 'top-start'] as const;
export type Placement = (typeof PLACEMENTS)[number];

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The face of a conversation in one of its forms. */
export function layoutTemplate(
  layout: Layout,
  view: ConversationView,
  actions: ConversationActions,
  options: FaceOptions,
): TemplateResult {
  if (layout === 'panel') return panelTemplate(view, actions);
  if (layout === 'floating') return floatingTemplate(view, actions, options);
  const template = { bar: barTemplate, button: buttonTemplate, headless: headlessTemplate }[layout];
  return html`${template(view, actions)}${view.extras}`;
}

function headlessTemplate(view: ConversationView, actions: ConversationActions): TemplateResult {
  return html`<slot></slot>${consentTemplate(view, actions)}`;
}
