/** A session that another page continues, as plain data. */
import type { AudioEncoding } from '../audio-encoding.js';
import type {
  ClientMessage,
  ConversationMessage,
  ResolvedSessionConfig,
  SessionConfig,
  ToolCall,
} from '../protocol/messages.js';
import type { KeptBargeIn } from './barge-in.js';
import type { UnusedResult } from './tool-results.js';

/** A word of a reply. */
export interface Word {
  readonly text: string;
  /** From the first audible sample of the reply. Ascending. A word without a time has the time of the word before it. */
  readonly startMs: number;
}

/** A session that was up, and how to resume it. */
export interface KeptConnection {
  readonly sessionId: string;
  readonly resumeToken: string | undefined;
  readonly url: string;
  /** Since the connection was lost; 0 only if it was not. */
  readonly lostMs: number;
  readonly connectedMs: number;
  /** Of that time, what belongs to sessions before this one. */
  readonly othersMs: number;
  /** What the server is to be sent once it is back. */
  readonly waiting: readonly ClientMessage[];
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

/** Tools at work. */
export interface KeptTools {
  /** Not answered yet: the next page is asked. */
  readonly calls: readonly ToolCall[];
  /** Answers that the server may not have. */
  readonly results: readonly UnusedResult[];
}

/** A reply that was asked for. */
export interface KeptRequest {
  readonly instructions: string | undefined;
}

/** A session as the page that is left knows it. */
export interface KeptSession extends KeptTools {
  readonly connection: KeptConnection;
  readonly config: ResolvedSessionConfig;
  readonly changes: SessionConfig;
  /** What the server was told of the page. */
  readonly context: string;
  readonly bargeIn: KeptBargeIn;
  readonly input: AudioEncoding;
  readonly output: AudioEncoding;
  /** What was said so far, and its last position. */
  readonly dialogue: string;
  readonly order: number;
  /** Typed text, or an instruction, whose answer is not complete. */
  readonly asked: string | undefined;
  /** The server has these, and no reply to them has begun. First is null if a reply to something else is expected. */
  readonly open: readonly (KeptRequest | null)[];
  /** A reply is audible, so more of it will have been heard when the page is left. */
  readonly sounding: boolean;
  /** Oldest first; only the first one may have been heard in part. */
  readonly replies: readonly KeptReply[];
  /** Words of an earlier reply whose audio was not received. */
  readonly rest: string;
}

/** What the next page gives to its session. */
export interface ResumedSession extends Omit<KeptSession, 'sounding' | 'replies'> {
  /** Replies that were not heard to their end, as if they came from the server now. */
  readonly messages: readonly ConversationMessage[];
  /** This much of the first of them was heard. */
  readonly heardMs: number;
}
