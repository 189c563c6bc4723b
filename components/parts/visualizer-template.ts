import { html, type TemplateResult } from 'lit';
import { barsLook } from './bars-look.js';
import type { ConversationView, VisualizerName } from './conversation-view.js';
import { orbLook } from './orb-look.js';
import type { VisualizerLook } from './visualizer-look.js';

export const LOOKS: Readonly<Record<VisualizerName, VisualizerLook>> = { orb: orbLook, bars: barsLook };

/** Decoration to assistive technology: the state in words says the same. */
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
