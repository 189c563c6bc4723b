/**
 * The sound's end of the session, as the session sees it. Replies are named by a number that counts up from 1 within a
 * call, because ids of the server may repeat, be missing, or be long.
 */
import type { AudioEncoding } from '../audio-encoding.js';
import type { EchoReport } from './echo-policy.js';

export type { EchoReport };

export interface AudioSink {
  /** Sets both encodings and starts packets; drops everything under way. */
  setFormat(input: AudioEncoding, output: AudioEncoding): void;
  play(reply: number, bytes: Uint8Array): void;
  /** All of this reply's sound was handed over. */
  completeReply(reply: number): void;
  /** Fades out and forgets all that was played so far, but for the replies after `last`; answered by `flushed`. */
  flush(last?: number): void;
  /** Fades out, keeping what is queued. */
  hold(): void;
  /** Goes on where `hold` stopped. */
  release(): void;
  readonly formats: { readonly input: AudioEncoding; readonly output: AudioEncoding };
  /** What of a reply was not heard yet. */
  unheard(reply: number): readonly Uint8Array[];
  /** So much of this reply was heard on another page. */
  wasHeard(reply: number, heardMs: number): void;
  /** Whether replies may give way, on the spot, to somebody who speaks. Not at first. */
  allowGivingWay(allowed: boolean): void;
  /** Our own sound, beside the volume; 0 dB at first. */
  turnDown(gainDb: number): void;
}

export interface AudioSinkHandlers {
  packet(bytes: Uint8Array, level: number): void;
  replyAudible(reply: number): void;
  replyHeard(reply: number, heardMs: number, audible: boolean): void;
  playhead(reply: number, heardMs: number): void;
  flushed(heard: FlushReport): void;
  voice(report: VoiceReport): void;
  /** Once a second. */
  echo(report: EchoReport): void;
}

/** What is heard and done beside the sound itself, long before the server knows. */
export interface VoiceReport {
  /** Somebody speaks into the microphone. */
  readonly speaking: boolean;
  /** What the reply does about it. */
  readonly givingWay: 'none' | 'ducked' | 'held';
  /** The reply that sounds or is about to; 0 when there is none. */
  readonly reply: number;
}

export interface FlushReport {
  /** The reply that was sounding or about to; 0 when nothing was queued. */
  readonly reply: number;
  readonly heardMs: number;
  readonly discardedMs: number;
  readonly roundTripMs: number;
}
