import type { PropertyDeclarations } from 'lit';
import { EXTRAS_DEFAULTS, EXTRAS_PROPERTIES } from './extras.js';

/** How the element looks and behaves beside its call. */
export const FACE_PROPERTIES = {
  layout: { reflect: true },
  placement: { reflect: true },
  open: { type: Boolean, reflect: true },
  visualizer: { reflect: true },
  textInput: { type: Boolean, reflect: true },
  pushToTalk: { type: Boolean, reflect: true },
  requireConsent: { type: Boolean, reflect: true },
  ...EXTRAS_PROPERTIES,
  texts: { type: Object },
  theme: { reflect: true },
} as const satisfies PropertyDeclarations;

/** Before any attribute. */
export const DEFAULTS = {
  inputMode: 'voice',
  muted: false,
  releaseMicrophone: false,
  volume: 1,
  theme: 'auto',
  layout: 'panel',
  placement: 'bottom-end',
  open: false,
  visualizer: 'orb',
  textInput: false,
  pushToTalk: false,
  requireConsent: false,
  ...EXTRAS_DEFAULTS,
  texts: null,
} as const;
