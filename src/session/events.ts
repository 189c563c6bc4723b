/** What a session tells the page. Plain data: it crosses a thread. */
import type { EchoLevel } from './echo-policy.js';
import type { VoiceAgentErrorData } from '../errors.js';
import type { ResolvedSessionConfig } from '../protocol/messages.js';
import type { KeptSession } from './kept-session.js';
import type { UnusedResult } from './tool-results.js';

export type Role = 'user' | 'agent';

export interface TranscriptUpdate {
  readonly role: Role;
  /** The whole utterance so far; of the agent's words those that were heard. */
  readonly text: string;
  /** Nothing more will come: the agent's reply was heard to its end, or was cut. */
  readonly final: boolean;
  readonly interrupted: boolean;
  /** The agent's words that were announced, but have not been heard; after an interruption never will be. */
  readonly unheardText?: string | undefined;
  /** The agent's words were announced, but their sound was silence. */
  readonly unspoken?: boolean | undefined;
  /** Its place in the dialogue: by turn, not by arrival. The words of the user may come after the answer to them. */
  readonly order?: number | undefined;
  /** The line was typed while the connection broke, and was sent again: the agent may have got it twice. */
  readonly sentAgain?: boolean | undefined;
  readonly itemId?: string | undefined;
  readonly replyId?: string;
}

export interface Interruption {
  readonly replyId: string;
  readonly heardMs: number;
  readonly discardedMs: number;
  readonly heardText: string;
}

/** Why a call is over, when nothing failed. */
export type EndReason =
  | 'stopped'
  /** The page was left, closed, frozen or thrown away. */
  | 'page-hidden'
  /** The element was taken out of the page. */
  | 'removed'
  /** Another call was started on the same page, or in another page of its origin. */
  | 'replaced'
  /** `maxDuration` was reached. */
  | 'max-duration'
  /** Nobody spoke for `idleTimeout`. */
  | 'idle'
  | 'server-ended'
  /** The service's own limit for one session was reached. */
  | 'expired'
  /** The machine slept for longer than a call can be brought back. */
  | 'suspended';

export interface SessionCounters {
  readonly packetsSent: number;
  readonly packetsDropped: number;
  readonly flushRoundTripMs: number | undefined;
  readonly responseLatencyMs: number | undefined;
  /** How much of our own sound is left in the microphone, and so what is done about it (docs/audio.md). */
  readonly echo: EchoLevel;
}

/**
 * What a session tells, by name. What the page's own listeners hear of, too, has the name and the detail of the event
 * that the page gets; what only moves the state has no detail.
 */
export interface SessionEventDetails {
  /** The first message is sent. */
  'socket-open': undefined;
  'session-ready': {
    readonly sessionId: string;
    /** The session as the server resolved it, where it says so. */
    readonly config: ResolvedSessionConfig | undefined;
    /** `first` of the call; after a loss of the connection the same session `resumed`, or a `fresh` one took over. */
    readonly how: 'first' | 'resumed' | 'fresh';
  };
  reconnecting: undefined;
  /** What another page would need to continue the call. */
  kept: KeptSession;
  /** The server has ended the session: the microphone goes off, and what has arrived of a reply is heard to its end. */
  'server-left': undefined;
  /** The call will end by itself. */
  'call-warning': { readonly reason: 'max-duration'; readonly secondsLeft: number };
  ended: { readonly reason: EndReason; readonly seconds: number };
  failed: { readonly error: VoiceAgentErrorData; readonly seconds: number };
  /** Something went wrong; the call goes on. */
  'agent-error': VoiceAgentErrorData;
  'speech-start': undefined;
  'speech-end': undefined;
  transcript: TranscriptUpdate;
  'reply-start': { readonly replyId: string };
  /** The first audible sample of a reply. */
  'reply-audible': undefined;
  'reply-end': { readonly replyId: string; readonly status: 'completed' | 'interrupted' };
  interruption: Interruption;
  'reply-hold': {
    readonly replyId: string;
    /**
     * `ducked`: somebody speaks, and the reply is quieter; `held`: it waits; `resumed`: nothing came of it, the reply goes
     * on where it was; `interrupted`: it was real.
     */
    readonly outcome: 'ducked' | 'held' | 'resumed' | 'interrupted';
  };
  /** Somebody speaks, or speaks no more, as the microphone hears it: about a second before the server says so. */
  voice: { readonly speaking: boolean };
  /** The agent is at work: a tool is running, or its answer is on its way to the model. */
  working: undefined;
  'tool-call': {
    readonly callId: string;
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
  /** A tool was at work for a turn that is over: the agent did not get the result. */
  'tool-result-unused': UnusedResult;
  /** What looked like a turn has come to nothing: the agent listens again. */
  'nothing-came': undefined;
  /** A message of the service that this version does not know. */
  'server-message': { readonly name: string; readonly raw: unknown };
}

export type SessionEvent = {
  [Type in keyof SessionEventDetails]: {
    readonly type: Type;
    readonly detail: SessionEventDetails[Type];
  };
}[keyof SessionEventDetails];

export type EmitSessionEvent = <Type extends keyof SessionEventDetails>(
  type: Type,
  ...detail: SessionEventDetails[Type] extends undefined ? [] : [detail: SessionEventDetails[Type]]
) => void;
