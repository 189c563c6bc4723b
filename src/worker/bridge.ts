/** The messages between page and session, the same with and without a Worker between them. */
import type { TokenAnswer } from '../session/connection.js';
import type { SessionCounters, SessionEvent } from '../session/events.js';
import type { SessionOptions } from '../session/session-options.js';
import type { Session } from '../session/session.js';
import type { AudioStats } from '../worklet/messages.js';

/** The requests of a page to a running session, by method name. */
export type SessionMethod =
  'stop' | 'interrupt' | 'keep' | 'update' | 'inform' | 'say' | 'reply' | 'answerTool' | 'wake' | 'offline';

export interface SessionRequest<Method extends SessionMethod = SessionMethod> {
  readonly type: 'request';
  readonly method: Method;
  readonly args: Parameters<Session[Method]>;
}

export type PageToSession =
  | { readonly type: 'start'; readonly options: SessionOptions; readonly workletPort: MessagePort }
  /** Another worklet takes over. */
  | { readonly type: 'worklet'; readonly workletPort: MessagePort }
  | (TokenAnswer & { readonly type: 'token'; readonly request: number })
  | SessionRequest;

export const ALIVE_MS = 1_000;

export type SessionToPage =
  /**
   * A Worker sends this, with its release, when it starts, and then every `ALIVE_MS`. A blocked or dead Worker does
   * not.
   */
  | { readonly type: 'running'; readonly version: string }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'token-request'; readonly request: number }
  | { readonly type: 'stats'; readonly playback: AudioStats; readonly counters: SessionCounters };

/** The common part of MessagePort and Worker. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}
