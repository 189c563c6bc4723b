import type { nothing } from 'lit';
import type { TemplateView } from '../parts/conversation-view.js';

/** What the layouts need, besides what parts show, too. */
export interface LayoutView extends TemplateView {
  readonly open: boolean;
  readonly placement: string;
  readonly toggleOpen: () => void;
  /** For messages to the agent. */
  readonly field: HTMLInputElement;
  /** The row of optional features. */
  readonly extras: HTMLElement | typeof nothing;
}
