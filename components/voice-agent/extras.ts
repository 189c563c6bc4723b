import { nothing } from 'lit';
import { EXTRAS, EXTRAS_PROPERTIES, type Extra } from '../extras/extras-list.js';
import type * as Parts from '../define-parts.js';
import { warnOnce } from '../parts/choice.js';
import type { Notice } from '../parts/conversation-view.js';
import { isCard, type Layout, type Theme } from '../parts/face-choices.js';

/** The microphone delivers nothing, and another one may help. */
export function offersAnotherMicrophone(notice: Notice | undefined): boolean {
  return notice?.kind === 'problem' && ['microphone_silent', 'microphone_lost'].includes(notice.error.code);
}

let loading: Promise<Pick<typeof Parts, 'AcrossPages' | 'DataLayer'> | undefined> | undefined;

/** What only some attributes need is in a second file. */
export function loadParts(): NonNullable<typeof loading> {
  return (loading ??= import('../define-parts.js').catch(() => {
    // The single file was copied without its neighbours; only the author of the page can fix that.
    warnOnce('voice-agent-parts.js is missing');
    return undefined;
  }));
}

/**
 * The row of optional features. Its code is loaded when first requested. It is one node for the whole life of its
 * host, so a recording continues when the layout changes.
 */
export class ExtrasRow {
  #node: HTMLElement | undefined;

  /** @param offersDevices show the choice of devices, even if no attribute requests it */
  of(
    asked: Readonly<Record<Extra, boolean>>,
    theme: Theme,
    layout: Layout,
    offersDevices: boolean,
  ): HTMLElement | typeof nothing {
    const shows = (name: Extra): boolean => asked[name] || (name === 'devices' && offersDevices);
    const isAsked = EXTRAS.some(shows);
    if (!isAsked && !this.#node) return nothing;
    void loadParts();
    const node = (this.#node ??= document.createElement('voice-agent-extras'));
    node.setAttribute('part', 'extras');
    node.hidden = !isAsked;
    node.setAttribute('theme', theme);
    // A sheet opens over a card, and elsewhere below the row.
    node.toggleAttribute('over-card', isCard(layout));
    for (const name of EXTRAS) node.toggleAttribute(EXTRAS_PROPERTIES[name].attribute, shows(name));
    return node;
  }
}
