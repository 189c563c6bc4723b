/**
 * Decides whether and when to try again: pure functions of the server's messages and the way in which the socket
 * ended.
 */
import type { ErrorKey } from '../error-catalogue.js';
import type { ErrorReport } from '../errors.js';

/**
 * RFC 6455 close codes after which the same request may succeed: going away, no code, no close frame, internal error,
 * restart, try later. The service also documents 1000 without `session.ended` as a drop.
 */
const RETRY_CLOSES = new Set([1000, 1001, 1005, 1006, 1011, 1012, 1013]);
const RETRY_ERRORS = new Set<string | undefined>([
  'at_capacity',
  'concurrency_exceeded',
  'internal_error',
  'server_error',
]);
const RESUME_REFUSED = new Set<string | undefined>([
  'session_not_found',
  'session_forbidden',
  'session_expired',
]);

/** The server keeps a dropped session this long. */
export const RESUME_WINDOW_MS = 30_000;
/** A call that was not restored by then is over. */
export const GIVE_UP_MS = 60_000;
/** Attempts to start a call at a busy server. */
export const MAX_START_ATTEMPTS = 5;
/** A connection that lasted this long was good: the next loss starts a new count. */
export const STABLE_MS = 10_000;
/** Consecutive attempts to restore a call, even if it was briefly restored. */
export const MAX_RETURN_ATTEMPTS = 12;

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;

/**
 * Exponential backoff with full jitter above a half ("equal jitter"), so that many pages that lost the same server do
 * not return at the same moment.
 * @param attempt 0 for the first: at once, since most drops are over by the time they are noticed
 * @param random 0…1
 */
export function retryDelayMs(attempt: number, random: number): number {
  if (attempt === 0) return 0;
  const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return ceilingMs / 2 + (ceilingMs / 2) * random;
}

/** The server's last error before the connection ended. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly param?: string | undefined;
}

/** How a connection ended. */
export interface ConnectionEnd {
  /** The WebSocket had opened. */
  readonly opened: boolean;
  /** The session had started. Errors during it are kept for the page, but decide nothing. */
  readonly wasReady: boolean;
  readonly closeCode: number;
  readonly serverError: ServerError | undefined;
  /** Our own time-out or a failed token request: nothing to classify. */
  readonly failure: ErrorReport | undefined;
}

export type Verdict =
  /** One new token, at once. */
  | 'new-token'
  /** The server no longer knows the session: start a fresh one. */
  | 'resume-refused'
  | 'retry'
  | 'fatal';

export function judge(end: ConnectionEnd): Verdict {
  const code = end.wasReady ? undefined : end.serverError?.code;
  if (code === 'unauthorized') return 'new-token';
  if (RESUME_REFUSED.has(code)) return 'resume-refused';
  if (RETRY_ERRORS.has(code)) return 'retry';
  if (end.failure) return RETRY_FAILURES.has(end.failure.key) ? 'retry' : 'fatal';
  if (code !== undefined) return 'fatal';
  // To a browser, a refused handshake and a dead network look the same: a new token serves both.
  if (!end.opened) return 'new-token';
  if (end.closeCode === 1008) return 'new-token';
  return RETRY_CLOSES.has(end.closeCode) ? 'retry' : 'fatal';
}

const RETRY_FAILURES = new Set<ErrorKey | undefined>([
  'connection_timeout',
  'ready_timeout',
  'token_timeout',
  'token_failed/get-token',
  'token_failed/endpoint',
]);

/** The error for the page if no further attempt is made. */
export function errorOf(end: ConnectionEnd, reachable: boolean): ErrorReport {
  const { opened, closeCode, serverError, failure } = end;
  if (serverError && serverError.code !== 'unauthorized') return serverError;
  if (failure && !serverError) return failure;
  if (serverError || reachable || closeCode === 1008) return { key: 'unauthorized' };
  return opened ? { key: 'connection_lost', values: { closeCode } } : { key: 'connection_failed' };
}
