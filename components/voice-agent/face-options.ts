/**
 * How the element looks and behaves beside its call, one row for each attribute. A new one is a row here and the code that
 * uses it: properties, attributes, types and the manifest follow.
 */
import type { ObjectOption, Option } from '../../src/index.js';
import type { Extra } from '../extras/extras-list.js';
import type { Messages } from '../locales/en.js';
import { LAYOUTS, PLACEMENTS, THEMES, VISUALIZERS } from '../parts/face-choices.js';
import type { ElementOptions } from './element-options.js';

export const FACE_OPTIONS = {
  /** `light`, `dark` or `auto` (default): as the page is where the tag stands (its `color-scheme`, else its background), else as the reader's system is set. */
  theme: { kind: 'text', choices: THEMES, default: 'auto', initial: true },
  /** `panel` (default), `bar`, `button`, `floating`, or `headless`: no UI but what the page puts inside. */
  layout: { kind: 'text', choices: LAYOUTS, default: 'panel', initial: true },
  /** The corner of the window for `floating`: `bottom-end` (default), `bottom-start`, `top-end`, `top-start`. */
  placement: { kind: 'text', choices: PLACEMENTS, default: 'bottom-end', initial: true },
  /** Whether the card of `floating` is open. */
  open: { kind: 'flag' },
  /** `orb` (default) or `bars`. */
  visualizer: { kind: 'text', choices: VISUALIZERS, default: 'orb', initial: true },
  /** A text field for messages to the agent, next to the voice. */
  textInput: { kind: 'flag' },
  /** The microphone is open while the talk button or Space is held. A tap keeps it open until the next one. */
  pushToTalk: { kind: 'flag' },
  /** The reader must agree (slot `consent`) before the microphone is requested, once per visit. */
  requireConsent: { kind: 'flag' },
  /** Choice of microphone and speaker, with a test of each. */
  devices: { kind: 'flag' },
  /** Keeps that choice for the next visit. */
  rememberDevices: { kind: 'flag' },
  /** Recording of both sides on the device, at the press of a button. */
  record: { kind: 'flag' },
  /** Copy and export of the transcript. */
  saveTranscript: { kind: 'flag' },
  /** Latency and quality, for developers. */
  debug: { kind: 'flag' },
  /** A quiet tone when a call begins and when it ends. */
  sounds: { kind: 'flag' },
  /** The page's own texts, by key. As an attribute, in JSON. All others follow `lang`. */
  texts: texts(),
} as const satisfies Readonly<Record<Extra, Option> & Record<string, Option>>;

function texts(): ObjectOption<Partial<Messages> | null> {
  return { kind: 'object' };
}

export type FaceName = keyof typeof FACE_OPTIONS;
export type FaceProperties = ElementOptions<typeof FACE_OPTIONS>;
