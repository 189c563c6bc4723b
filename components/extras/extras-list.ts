import type { PropertyDeclarations } from 'lit';
import { withAttributes } from '../voice-agent/with-attributes.js';

/** What opens a sheet, in the order of the buttons. */
export const SHEETS = ['devices', 'record', 'saveTranscript', 'debug'] as const;
export type Sheet = (typeof SHEETS)[number];

/** What can be added to a call, by attributes of `<voice-agent>` or of `<voice-agent-extras>`. */
export const EXTRAS = [...SHEETS, 'sounds', 'rememberDevices'] as const;
export type Extra = (typeof EXTRAS)[number];

export const EXTRAS_PROPERTIES = withAttributes(
  Object.fromEntries(EXTRAS.map((name) => [name, { type: Boolean }])),
) as Readonly<Record<Extra, PropertyDeclarations[string] & { readonly attribute: string }>>;
