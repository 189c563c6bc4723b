import { nothing } from 'lit';
import { EXTRAS, EXTRAS_PROPERTIES, type Extra } from '../extras/extras-list.js';
import { warnOnce } from '../parts/choice.js';
import type { Notice } from '../parts/conversation-view.js';
import type { Layout, Theme } from '../parts/face-choices.js';

/** Layouts that are a card: a sheet opens over it, where elsewhere it opens below the row. */
const CARDS: readonly Layout[] = ['panel', 'floating'];

/** Nothing is heard from the microphone, and another one may be the way out. */
export function offersAnotherMicrophone(notice: Notice | undefined): boolean {
  return notice?.kind === 'problem' && ['microphone_silent', 'microphone_lost'].includes(notice.error.code);
}

let loading: Promise<unknown> | undefined;

/**
 * The row that holds what was added by attributes; its code is loaded when it is first asked for. One node for the whole
 * life of its host: a recording goes on where the layout changes.
 */
export class ExtrasRow {
  #node: HTMLElement | undefined;

  /** @param offersDevices the choice of devices is shown, whether or not an attribute asks for it. */
  of(
    asked: Readonly<Record<Extra, boolean>>,
    theme: Theme,
    layout: Layout,
    offersDevices: boolean,
  ): HTMLElement | typeof nothing {
    const shows = (name: Extra): boolean => asked[name] || (name === 'devices' && offersDevices);
    const isAsked = EXTRAS.some(shows);
    if (!isAsked && !this.#node) return nothing;
    loading ??= import('../define-parts.js').catch(() =>
      // The single file was copied without its neighbours: only who runs the page can mend that.
      warnOnce('voice-agent-parts.js is missing'),
    );
    const node = (this.#node ??= document.createElement('voice-agent-extras'));
    node.part.add('extras');
    node.hidden = !isAsked;
    node.setAttribute('theme', theme);
    node.toggleAttribute('over-card', CARDS.includes(layout));
    for (const name of EXTRAS) node.toggleAttribute(EXTRAS_PROPERTIES[name].attribute, shows(name));
    return node;
  }
}
