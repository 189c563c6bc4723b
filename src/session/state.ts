/** The conversation as a person on the page sees it. One pure function changes it; nobody else assigns it. */
export type VoiceAgentState =
  'idle' | 'connecting' | 'listening' | 'thinking' | 'speaking' | 'reconnecting' | 'ended' | 'error';

export type StateEvent =
  /** The page asked for a call. */
  | 'start'
  /** `session.ready`, the first or after a reconnection. */
  | 'ready'
  | 'connection-lost'
  | 'speech-started'
  | 'speech-stopped'
  /** The agent is at work on something: a reply was announced, a tool is running. */
  | 'working'
  /** The first audible sample of a reply. */
  | 'reply-audible'
  /** The last audible sample of a reply, or its interruption. */
  | 'reply-over'
  /** Nothing came of what looked like a turn. */
  | 'nothing-came'
  | 'ended'
  | 'failed';

/** The states in which a session is up and a conversation goes on. */
const live = {
  listening: { 'speech-stopped': 'thinking', working: 'thinking', 'reply-audible': 'speaking' },
  thinking: {
    'speech-started': 'listening',
    'reply-audible': 'speaking',
    'reply-over': 'listening',
    'nothing-came': 'listening',
  },
  speaking: { 'reply-over': 'listening' },
} as const;

const whileLive = { 'connection-lost': 'reconnecting', ended: 'ended', failed: 'error' } as const;
const whileUp = { ended: 'ended', failed: 'error' } as const;
const whileDown = { start: 'connecting' } as const;

const transitions: Readonly<Record<VoiceAgentState, Partial<Readonly<Record<StateEvent, VoiceAgentState>>>>> =
  {
    // A call can fail before it began: options are checked first.
    idle: { ...whileDown, failed: 'error' },
    connecting: { ...whileUp, ready: 'listening' },
    listening: { ...whileLive, ...live.listening },
    thinking: { ...whileLive, ...live.thinking },
    speaking: { ...whileLive, ...live.speaking },
    reconnecting: { ...whileUp, ready: 'listening' },
    ended: { ...whileDown, failed: 'error' },
    error: { ...whileDown, failed: 'error' },
  };

/** The next state; the same one where the event means nothing to it. */
export function transition(state: VoiceAgentState, event: StateEvent): VoiceAgentState {
  return transitions[state][event] ?? state;
}

/** A call is under way, from the request to its end. */
export function isUp(state: VoiceAgentState): boolean {
  return state !== 'idle' && state !== 'ended' && state !== 'error';
}
