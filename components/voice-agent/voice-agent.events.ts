import type { VoiceAgentEventMap } from '../../src/index.js';

export interface OpenChangeDetail {
  readonly open: boolean;
}

/** The events of a call, and those that the element adds. */
export interface VoiceAgentElementEventMap extends VoiceAgentEventMap {
  /** The card of `floating` was opened or closed. */
  'open-change': CustomEvent<OpenChangeDetail>;
}

/** The events after which the UI must be rendered again: all except `levels` and `stats`. */
export const UI_EVENTS = [
  'state-change',
  'speech-start',
  'speech-end',
  'transcript',
  'interruption',
  'reply-hold',
  'call-warning',
  'agent-error',
  'microphone-change',
  'speaker-change',
  'session-end',
] as const satisfies readonly (keyof VoiceAgentEventMap)[];
