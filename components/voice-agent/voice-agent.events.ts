import type { VoiceAgentEventMap } from '../../src/index.js';

export interface MuteChangeDetail {
  readonly muted: boolean;
}

export interface OpenChangeDetail {
  readonly open: boolean;
}

/** What the element adds to the events of a call. */
export interface VoiceAgentElementEventMap extends VoiceAgentEventMap {
  /** The microphone was muted or opened, by whichever way. */
  'mute-change': CustomEvent<MuteChangeDetail>;
  /** The card of `floating` was opened or closed, by whichever way. */
  'open-change': CustomEvent<OpenChangeDetail>;
}

/** Everything but `levels` and `stats`, after which a face has to be drawn anew. */
export const FACE_EVENTS = [
  'state-change',
  'speech-start',
  'speech-end',
  'transcript',
  'interruption',
  'reply-hold',
  'call-warning',
  'agent-error',
  'session-end',
] as const satisfies readonly (keyof VoiceAgentEventMap)[];

/** Fired at an agent's element whenever it was drawn anew: its parts elsewhere follow. Does not bubble. */
export const VOICE_AGENT_UPDATED = 'voice-agent-updated';

/** Fired when an agent's element has come into the page: parts that wait for it look again. */
export const VOICE_AGENT_CONNECTED = 'voice-agent-connected';
