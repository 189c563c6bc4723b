import type { PropertyDeclarations } from 'lit';
import { propertiesOf } from '../voice-agent/element-options.js';

/** What opens a sheet, in the order of the buttons. */
export const SHEETS = ['devices', 'record', 'saveTranscript', 'debug'] as const;
export type Sheet = (typeof SHEETS)[number];

/** What can be added to a call, by attributes of `<voice-agent>` or of `<voice-agent-extras>`. */
export const EXTRAS = [...SHEETS, 'sounds', 'rememberDevices'] as const;
export type Extra = (typeof EXTRAS)[number];

export const EXTRAS_PROPERTIES = propertiesOf(
  Object.fromEntries(EXTRAS.map((name) => [name, { kind: 'flag' }])),
) as Readonly<Record<Extra, PropertyDeclarations[string] & { readonly attribute: string }>>;
