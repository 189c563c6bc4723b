/** What the page and the session say to each other. The same messages whether a Worker lies between them or not. */
import type { VoiceAgentErrorData } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { TokenGrant } from '../session/connection.js';
import type { EndReason, SessionCounters, SessionEvent } from '../session/events.js';
import type { SessionOptions } from '../session/session.js';
import type { AudioStats } from '../worklet/messages.js';

export type PageToSession =
  /** `link` goes to the worklet. */
  | { readonly type: 'start'; readonly options: SessionOptions; readonly link: MessagePort }
  /** There is another worklet; this goes to it. */
  | { readonly type: 'relink'; readonly link: MessagePort }
  | { readonly type: 'token'; readonly request: number; readonly grant: TokenGrant }
  | { readonly type: 'token-failed'; readonly request: number; readonly error: VoiceAgentErrorData }
  | { readonly type: 'stop'; readonly reason: EndReason }
  | { readonly type: 'interrupt' }
  | { readonly type: 'update'; readonly config: SessionConfig }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'reply'; readonly instructions: string | undefined }
  | {
      readonly type: 'tool-result';
      readonly callId: string;
      readonly result: string;
      readonly isError: boolean;
    }
  | { readonly type: 'wake' };

export type SessionToPage =
  /** The first word of a Worker: it was not blocked. */
  | { readonly type: 'running' }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'token-request'; readonly request: number }
  | { readonly type: 'stats'; readonly playback: AudioStats; readonly counters: SessionCounters };

/** The part of MessagePort and Worker that both sides need. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}
