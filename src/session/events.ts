/** What a session tells the page. Plain data: it crosses a thread. */
import type { VoiceAgentErrorData } from '../errors.js';
import type { ResolvedSessionConfig } from '../protocol/messages.js';

export type Role = 'user' | 'agent';

export interface TranscriptUpdate {
  readonly role: Role;
  /** The whole utterance so far. */
  readonly text: string;
  readonly final: boolean;
  readonly interrupted: boolean;
  /** The agent's words were announced, but their sound was silence. */
  readonly unspoken?: boolean;
  readonly itemId?: string;
  readonly replyId?: string;
}

export interface Interruption {
  readonly replyId: string;
  readonly heardMs: number;
  readonly discardedMs: number;
  readonly heardText: string;
}

export type HoldOutcome = 'held' | 'resumed' | 'interrupted';

/** Why a call is over, when nothing failed. */
export type EndReason =
  | 'stopped'
  /** The page was left, closed, frozen or thrown away. */
  | 'page-hidden'
  /** The element was taken out of the page. */
  | 'removed'
  /** Another call was started on the same page. */
  | 'replaced'
  /** `maxDuration` was reached. */
  | 'max-duration'
  /** Nobody spoke for `idleTimeout`. */
  | 'idle'
  | 'server-ended';

export interface SessionCounters {
  readonly packetsSent: number;
  readonly packetsDropped: number;
  readonly flushRoundTripMs: number | undefined;
  readonly responseLatencyMs: number | undefined;
}

export type SessionEvent =
  | {
      readonly type: 'ready';
      readonly sessionId: string;
      readonly config: ResolvedSessionConfig | undefined;
      /** `first` of the call, the same session `resumed`, or a `fresh` one that took over. */
      readonly how: 'first' | 'resumed' | 'fresh';
    }
  | { readonly type: 'reconnecting'; readonly attempt: number }
  /** The call will end by itself. */
  | { readonly type: 'warning'; readonly reason: 'max-duration'; readonly secondsLeft: number }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly seconds: number }
  | { readonly type: 'failed'; readonly error: VoiceAgentErrorData; readonly seconds: number }
  /** Something went wrong; the call goes on. */
  | { readonly type: 'notice'; readonly error: VoiceAgentErrorData }
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-stopped' }
  | { readonly type: 'transcript'; readonly update: TranscriptUpdate }
  | { readonly type: 'reply-started'; readonly replyId: string }
  | { readonly type: 'reply-audible'; readonly replyId: string }
  | { readonly type: 'reply-ended'; readonly replyId: string; readonly status: 'completed' | 'interrupted' }
  | { readonly type: 'interruption'; readonly interruption: Interruption }
  | { readonly type: 'hold'; readonly replyId: string; readonly outcome: HoldOutcome }
  /** A tool's answer is on its way to the model. */
  | { readonly type: 'working' }
  | {
      readonly type: 'tool-call';
      readonly callId: string;
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'unknown-message'; readonly name: string; readonly raw: unknown };

export type EmitSessionEvent = (event: SessionEvent) => void;
