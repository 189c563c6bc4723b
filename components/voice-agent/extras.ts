import { html, nothing, type PropertyDeclaration, type TemplateResult } from 'lit';

/** What can be added to a call, by attribute; the code of it is loaded when it is first asked for. */
const EXTRAS = ['devices', 'record', 'saveTranscript', 'debug', 'sounds', 'rememberDevices'] as const;
type Extra = (typeof EXTRAS)[number];

export const EXTRAS_PROPERTIES = forEach<PropertyDeclaration>({ type: Boolean, reflect: true });
export const EXTRAS_DEFAULTS = forEach(false);

function forEach<T>(value: T): Readonly<Record<Extra, T>> {
  return Object.fromEntries(EXTRAS.map((name) => [name, value])) as Record<Extra, T>;
}

let loading: Promise<unknown> | undefined;

/** The row that holds them; it finds its agent, and reads its attributes, by itself. */
export function extrasTemplate(host: Readonly<Record<Extra, boolean>>): TemplateResult | typeof nothing {
  if (!EXTRAS.some((name) => host[name])) return nothing;
  loading ??= import('../define-parts.js').catch(() =>
    // The single file was copied without its neighbours: only who runs the page can mend that.
    // eslint-disable-next-line no-console
    console.warn('voice-agent-parts.js is missing.'),
  );
  // Two lines keep the room of its row until it is there: then they are in no slot, and not shown.
  return html`<voice-agent-extras part="extras"><br /><br /></voice-agent-extras>`;
}
