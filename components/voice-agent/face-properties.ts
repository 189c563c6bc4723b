import type { PropertyDeclarations } from 'lit';
import { parseTexts } from '../locales/locale-controller.js';
import { EXTRAS_PROPERTIES } from '../extras/extras-list.js';

/** How the element looks and behaves beside its call. */
export const FACE_PROPERTIES = {
  layout: {},
  placement: {},
  open: { type: Boolean },
  visualizer: {},
  textInput: { type: Boolean },
  pushToTalk: { type: Boolean },
  requireConsent: { type: Boolean },
  ...EXTRAS_PROPERTIES,
  texts: { converter: parseTexts, reflect: false },
  theme: {},
} as const satisfies PropertyDeclarations;

/** Before any attribute; what has only two values is off. */
export const DEFAULTS = {
  inputMode: 'voice',
  volume: 1,
  theme: 'auto',
  layout: 'panel',
  placement: 'bottom-end',
  visualizer: 'orb',
  texts: null,
} as const;
