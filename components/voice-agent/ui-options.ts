/**
 * The options of the UI, one row for each attribute. A new one is a row here and the code that uses it; properties,
 * attributes, types and the manifest are derived from it.
 */
import type { ObjectOption, Option } from '../../src/index.js';
import type { Extra } from '../extras/extras-list.js';
import type { Messages } from '../locales/en.js';
import { LAYOUTS, PLACEMENTS, THEMES, VISUALIZERS } from '../parts/ui-choices.js';
import type { ElementOptions } from './element-options.js';

export const UI_OPTIONS = {
  /** `light`, `dark` or `auto` (default), which follows the page (its `color-scheme`, else its background), else the system. */
  theme: { kind: 'text', choices: THEMES, default: 'auto', initial: true },
  /** `panel` (default), `bar`, `button`, `floating`, or `headless`: only what the page puts inside. */
  layout: { kind: 'text', choices: LAYOUTS, default: 'panel', initial: true },
  /** With `floating`, the corner of the window: `bottom-end` (default), `bottom-start`, `top-end`, `top-start`. */
  placement: { kind: 'text', choices: PLACEMENTS, default: 'bottom-end', initial: true },
  /** With `floating`: opens the card. */
  open: { kind: 'flag' },
  /** `orb` (default) or `bars`. */
  visualizer: { kind: 'text', choices: VISUALIZERS, default: 'orb', initial: true },
  /** Adds a text field for messages to the agent. */
  textInput: { kind: 'flag' },
  /** Mutes the microphone except while the talk button or Space is held. A tap keeps it open until the next tap. */
  pushToTalk: { kind: 'flag' },
  /** Asks the visitor to agree (slot `consent`) before the microphone is requested, once per visit. */
  requireConsent: { kind: 'flag' },
  /** Adds a choice of microphone and speaker, with a test of each. */
  devices: { kind: 'flag' },
  /** Remembers that choice for the next visit. */
  rememberDevices: { kind: 'flag' },
  /** Adds a button that records both sides on the device. */
  record: { kind: 'flag' },
  /** Adds buttons to copy and export the transcript. */
  saveTranscript: { kind: 'flag' },
  /** Shows latency and quality, for developers. */
  debug: { kind: 'flag' },
  /** Plays a quiet tone when a call begins and when it ends. */
  sounds: { kind: 'flag' },
  /** Replaces texts of the UI, by key; the attribute takes JSON. All other texts follow `lang`. */
  texts: texts(),
  /** `data-layer`: pushes start, end, interruptions and errors of calls to `window.dataLayer`, never what was said. Off by default. */
  analytics: { kind: 'text', choices: ['data-layer'] },
  /** A call continues on the next page of the same origin, for a tag with the same agent there. */
  keepAcrossPages: { kind: 'flag' },
} as const satisfies Readonly<Record<Extra, Option> & Record<string, Option>>;

function texts(): ObjectOption<Partial<Messages> | null> {
  return { kind: 'object', type: 'object' };
}

export type UiOptionName = keyof typeof UI_OPTIONS;
export type UiProperties = ElementOptions<typeof UI_OPTIONS>;
