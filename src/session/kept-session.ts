/** A session that another page continues, as plain data. */
import type { AudioEncoding } from '../audio-encoding.js';
import type { ConversationMessage, ResolvedSessionConfig, SessionConfig } from '../protocol/messages.js';

export interface Word {
  readonly text: string;
  /** In order; a word without a time of its own sounds with the one before. */
  readonly startMs: number;
}

/** A session that was up, and how it is entered again. */
export interface KeptConnection {
  readonly sessionId: string;
  readonly resumeToken: string | undefined;
  readonly url: string;
  /** Since the connection was lost. */
  readonly lostMs: number;
  readonly connectedMs: number;
}

/** A reply that was not heard to its end. */
export interface KeptReply {
  readonly replyId: string;
  /** Within its session. */
  readonly number: number;
  /** The server has sent all of it. */
  readonly sent: boolean;
  readonly heardMs: number;
  readonly words: readonly Word[];
  /** The server's text of the whole reply. */
  readonly whole: string | undefined;
  /** Audio that was not reported before, in the output encoding. */
  readonly sound: readonly Uint8Array[];
  /** This much of its audio so far was not heard: the end of it. */
  readonly unheardBytes: number;
}

export interface KeptSession {
  readonly connection: KeptConnection;
  readonly config: ResolvedSessionConfig;
  readonly changes: SessionConfig;
  /** What the server was told of the page. */
  readonly context: string;
  readonly input: AudioEncoding;
  readonly output: AudioEncoding;
  /** What was said so far, and its last place. */
  readonly dialogue: string;
  readonly order: number;
  /** A reply sounds: more of it was heard by the time at which the page is left. */
  readonly sounding: boolean;
  /** Oldest first; only the first one may have been heard in part. */
  readonly replies: readonly KeptReply[];
}

/** What a page gives to its own session. */
export interface ResumedSession extends Omit<KeptSession, 'sounding' | 'replies'> {
  /** Replies that were not heard to their end, as if they came from the server now. */
  readonly messages: readonly ConversationMessage[];
  /** So much of the first of them was heard. */
  readonly heardMs: number;
  /** Words that the page before did not receive. */
  readonly rest: string;
}
