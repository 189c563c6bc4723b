/** What a session reports to the page. Plain data, because it crosses a thread. */
import type { EchoLevel } from './echo-policy.js';
import type { ErrorReport } from '../errors.js';
import type { ResolvedSessionConfig } from '../protocol/messages.js';
import type { KeptSession } from './kept-session.js';
import type { UnusedResult } from './tool-results.js';

/** The two sides of a conversation. */
export type Role = 'user' | 'agent';

/** An utterance, or its latest version. */
export interface TranscriptUpdate {
  readonly role: Role;
  /** The whole utterance so far. The agent's words are those that were heard. */
  readonly text: string;
  /** Complete: the agent's reply was heard to its end, or was cut off. */
  readonly final: boolean;
  /** The agent's reply was cut off. */
  readonly interrupted: boolean;
  /** The agent's words that were announced, but not heard yet; after an interruption, they never will be. */
  readonly unheardText?: string | undefined;
  /** The agent's words were announced, but their audio was silent. */
  readonly unspoken?: boolean | undefined;
  /** Its position in the dialogue, by turn. The user's words may arrive after the answer to them. */
  readonly order?: number | undefined;
  /** The line was typed while the connection broke, and was sent again: the agent may have received it twice. */
  readonly sentAgain?: boolean | undefined;
  /** Identifies an utterance of the user: the service's id, or `typed-1` and so on. */
  readonly itemId?: string | undefined;
  /** Identifies an utterance of the agent: that of its reply. */
  readonly replyId?: string;
}

/** What was heard of a reply that was cut off. */
export interface Interruption {
  readonly replyId: string;
  /** Played from the first audible sample to the cut, ms of audio. */
  readonly heardMs: number;
  /** Received and not played, ms of audio. */
  readonly discardedMs: number;
  readonly heardText: string;
}

/** Why a call ended without an error. */
export type EndReason =
  /** The page or the visitor hung up. */
  | 'stopped'
  /** The page was left, closed, frozen or discarded. */
  | 'page-hidden'
  /** The element was removed from the page. */
  | 'removed'
  /** Another call was started on the same page, or in another page of its origin. */
  | 'replaced'
  /** `maxDuration` was reached. */
  | 'max-duration'
  /** Nobody spoke for `idleTimeout`. */
  | 'idle'
  /** The service ended the session. */
  | 'server-ended'
  /** The service's own limit for one session was reached. */
  | 'expired'
  /** The machine slept for longer than a call can be restored. */
  | 'suspended';

/** What the session contributes to `stats`. */
export interface SessionCounters {
  /** Packets of 50 ms handed to the socket, since the call began. */
  readonly packetsSent: number;
  /** Packets that were given up because the connection was lost or slow. */
  readonly packetsDropped: number;
  /** From the latest interruption to the first silent quantum; undefined before the first. */
  readonly flushRoundTripMs: number | undefined;
  /** From the user's last audible sample to the first audible sample of the answer; undefined before the first. */
  readonly responseLatencyMs: number | undefined;
  /** How much of our own sound reaches the microphone, which decides what is done about it (docs/audio.md). */
  readonly echo: EchoLevel;
}

/**
 * The events of a session. Those that the page's listeners receive have the same name and detail there; those that only
 * change the state have no detail.
 */
export interface SessionEventDetails {
  /** The first message is sent. */
  'socket-open': undefined;
  'session-ready': {
    readonly sessionId: string;
    /** The session as the server resolved it, if it reports that. */
    readonly config: ResolvedSessionConfig | undefined;
    /** `first` of the call; after the connection was lost, the same session `resumed`, or a `fresh` one took over. */
    readonly how: 'first' | 'resumed' | 'fresh';
  };
  reconnecting: undefined;
  /** What another page would need to continue the call. */
  kept: KeptSession;
  /**
   * The session takes nothing more from the page: the microphone stops. If the server has ended it, replies that have arrived
   * are played to their end.
   */
  leaving: undefined;
  /** The call will end automatically. */
  'call-warning': { readonly reason: 'max-duration'; readonly secondsLeft: number };
  ended: { readonly reason: EndReason; readonly seconds: number };
  failed: { readonly error: ErrorReport; readonly seconds: number };
  /** A problem during a call that continues. */
  'agent-error': ErrorReport;
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
     * `ducked`: someone speaks, and the reply is quieter; `held`: it is paused; `resumed`: it was a false alarm, and the
     * reply continues where it was; `interrupted`: it was real.
     */
    readonly outcome: 'ducked' | 'held' | 'resumed' | 'interrupted';
  };
  /** Speech at the microphone has started or stopped: about a second before the server reports it. */
  voice: { readonly speaking: boolean };
  /** The agent is working: a tool is running, or its result is on its way to the model. */
  working: undefined;
  'tool-call': {
    readonly callId: string;
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
  /** A tool finished after its turn was over: the agent did not get the result. */
  'tool-result-unused': UnusedResult;
  /** A turn came to nothing: the agent listens again. */
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
