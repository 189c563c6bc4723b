/** The conversation as seen by a person on the page. One pure function changes it; nobody else assigns it. */
import type { SessionEvent } from './events.js';

/** The state of the conversation. */
export type VoiceAgentState =
  /** Before the first call. */
  | 'idle'
  | 'connecting'
  /** The session is ready, and the agent is silent. */
  | 'listening'
  /** The user has finished, or a tool is running; no answer is audible yet. */
  | 'thinking'
  /** From the first audible sample of a reply to the last. */
  | 'speaking'
  /** The connection was lost and is being restored. */
  | 'reconnecting'
  /** The page has hung up, and the service has not confirmed it. Shown as ended. */
  | 'ending'
  | 'ended'
  /** The call failed: `error` says why. */
  | 'error';

export type StateEvent =
  /** The page starts a call. */
  | 'start'
  /** The page hung up. */
  | 'stop'
  /** Most events of a session change nothing here. */
  | SessionEvent['type'];

/** The states with a running session. */
const live = {
  listening: {
    'speech-end': 'thinking',
    'reply-start': 'thinking',
    working: 'thinking',
    'reply-audible': 'speaking',
  },
  thinking: {
    'speech-start': 'listening',
    'reply-audible': 'speaking',
    'reply-end': 'listening',
    'nothing-came': 'listening',
  },
  speaking: { 'reply-end': 'listening' },
} as const;

const whileUp = { stop: 'ending', ended: 'ended', failed: 'error' } as const;
const whileLive = { ...whileUp, reconnecting: 'reconnecting' } as const;
/** A call can fail before it begins: options are checked first. */
const whileDown = { start: 'connecting', failed: 'error' } as const;

const transitions: Readonly<Record<VoiceAgentState, Partial<Readonly<Record<StateEvent, VoiceAgentState>>>>> =
  {
    idle: whileDown,
    connecting: { ...whileUp, 'session-ready': 'listening' },
    listening: { ...whileLive, ...live.listening },
    thinking: { ...whileLive, ...live.thinking },
    speaking: { ...whileLive, ...live.speaking },
    // If the server ends the session instead, its last words may still be heard.
    reconnecting: { ...whileUp, 'session-ready': 'listening', leaving: 'listening' },
    ending: { ended: 'ended', failed: 'error' },
    ended: whileDown,
    error: whileDown,
  };

/** The next state; the same one if the event has no meaning in it. */
export function transition(state: VoiceAgentState, event: StateEvent): VoiceAgentState {
  return transitions[state][event] ?? state;
}

/** A call exists, from the request to its end. */
export function isUp(state: VoiceAgentState): boolean {
  return state !== 'idle' && state !== 'ended' && state !== 'error';
}
