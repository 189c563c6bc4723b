/** The data with which the next page continues a call. */
import type { KeptSession } from '../session/kept-session.js';
import type { SessionOptions } from '../session/session-options.js';
import type { TranscriptEntry } from './transcript.js';

/**
 * @param session undefined when it ends
 * @param readyAtMs as in {@link KeptCall}
 */
export type OnKept = (session: KeptSession | undefined, readyAtMs?: number) => void;

/** @internal A call that another page continues. */
export interface KeptCall {
  /** `Date.now()` of its first `session.ready`. */
  readonly readyAtMs: number | undefined;
  readonly transcript: readonly TranscriptEntry[];
  readonly session: Partial<SessionOptions>;
}
