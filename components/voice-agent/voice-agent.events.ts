import type { VoiceAgentEventMap } from '../../src/index.js';

export interface OpenChangeDetail {
  readonly open: boolean;
}

/** What the element adds to the events of a call. */
export interface VoiceAgentElementEventMap extends VoiceAgentEventMap {
  /** The card of `floating` was opened or closed. */
  'open-change': CustomEvent<OpenChangeDetail>;
}

/** Everything but `levels` and `stats`, after which a face has to be drawn anew. */
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
