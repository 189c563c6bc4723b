import { nothing, type PropertyDeclaration } from 'lit';
import { warnOnce } from '../parts/choice.js';

/** What can be added to a call, by attribute; the code of it is loaded when it is first asked for. */
const EXTRAS = ['devices', 'record', 'saveTranscript', 'debug', 'sounds', 'rememberDevices'] as const;
type Extra = (typeof EXTRAS)[number];

export const EXTRAS_PROPERTIES = Object.fromEntries(
  EXTRAS.map((name) => [name, { type: Boolean }]),
) as Readonly<Record<Extra, PropertyDeclaration>>;

let loading: Promise<unknown> | undefined;

/**
 * The row that holds them; it finds its agent, and reads its attributes, by itself. One node for the whole life of its
 * host: a recording goes on where the layout changes.
 */
export class ExtrasRow {
  #node: HTMLElement | undefined;

  of(host: Readonly<Record<Extra, boolean>>): HTMLElement | typeof nothing {
    const isAsked = EXTRAS.some((name) => host[name]);
    if (!isAsked && !this.#node) return nothing;
    loading ??= import('../define-parts.js').catch(() =>
      // The single file was copied without its neighbours: only who runs the page can mend that.
      warnOnce('voice-agent-parts.js is missing'),
    );
    this.#node ??= document.createElement('voice-agent-extras');
    this.#node.part.add('extras');
    this.#node.hidden = !isAsked;
    return this.#node;
  }
}
