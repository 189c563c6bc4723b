import { nothing } from 'lit';
import { attributeName } from '../../src/index.js';
import { EXTRAS, type Extra } from '../extras/extras-list.js';
import type * as Parts from '../define-parts.js';
import { onMissingFile } from '../parts/missing-file.js';
import type { ConversationView, Notice } from '../parts/conversation-view.js';
import { isCard, type Theme } from '../parts/ui-choices.js';

let loading: Promise<Pick<typeof Parts, 'AcrossPages' | 'DataLayer'> | undefined> | undefined;

/** What only some attributes need is in a second file. */
export function loadParts(): NonNullable<typeof loading> {
  return (loading ??= import('../define-parts.js').catch(() => {
    onMissingFile('voice-agent-parts.js', () => (loading = undefined));
    return undefined;
  }));
}

/**
 * The row of optional features. Its code is loaded when first requested. It is one node for the whole life of its
 * host, so a recording continues when the layout changes.
 */
export class ExtrasRow {
  #node: HTMLElement | undefined;

  /** The state of the tag that the row depends on. */
  of(
    asked: Readonly<Record<Extra, boolean>>,
    theme: Theme,
    { layout, notice }: Pick<ConversationView, 'layout' | 'notice'>,
  ): HTMLElement | typeof nothing {
    const shown = EXTRAS.filter(
      (name) => asked[name] || (name === 'devices' && needsAnotherMicrophone(notice)),
    );
    if (!shown[0] && !this.#node) return nothing;
    void loadParts();
    const node = (this.#node ??= document.createElement('voice-agent-extras'));
    node.setAttribute('part', 'extras');
    node.setAttribute('theme', theme);
    // A sheet opens over a card, and elsewhere below the row.
    node.toggleAttribute('over-card', isCard(layout));
    for (const name of EXTRAS) node.toggleAttribute(attributeName(name), shown.includes(name));
    return node;
  }
}

/** The microphone delivers nothing, and another one may help. */
function needsAnotherMicrophone(notice: Notice | undefined): boolean {
  return notice?.kind === 'problem' && /^microphone_(silent|lost)$/.test(notice.error.code);
}
