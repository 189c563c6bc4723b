import { html, type TemplateResult } from 'lit';
import type { ConversationView } from './conversation-view.js';

/** Hidden from assistive technology: the status text says the same. */
export function visualizerTemplate({
  state,
  visualizer,
}: Pick<ConversationView, 'state' | 'visualizer'>): TemplateResult {
  const waiting = state === 'connecting' || state === 'thinking' || state === 'reconnecting';
  return html`<div
    class="visualizer ${visualizer} ${waiting ? 'waiting' : ''}"
    part="visualizer"
    aria-hidden="true"
  >
    <canvas></canvas>
  </div>`;
}
