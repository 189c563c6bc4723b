'use client';

import 'voice-agent-element/element';

/** Brings the element's code into the browser. */
export function Element() {
  return null;
}
