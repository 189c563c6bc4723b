import type { nothing, TemplateResult } from 'lit';
import { composerTemplate } from '../parts/composer-template.js';
import { consentTemplate } from '../parts/consent-template.js';
import { errorTemplate, noticeTemplate } from '../parts/error-template.js';
import type { LayoutView } from './layout-view.js';

/** What there is to read, to answer or to write besides the conversation itself. */
export function messagesTemplate(view: LayoutView): readonly (TemplateResult | typeof nothing)[] {
  return [noticeTemplate(view), consentTemplate(view), errorTemplate(view), composerTemplate(view)];
}
