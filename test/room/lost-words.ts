/** Whether the worklet played the whole reply, in order, although it was ducked and held in between. */
import { locate } from './fourier.js';

const PIECE_SECONDS = 0.25;
const PART_SECONDS = 0.05;
/** A reply may be held for this long before a piece. */
const LONGEST_HOLD_SECONDS = 4;
/** After a hold, the jitter buffer skips up to this much silence in a pause. */
const SKIPPED_SECONDS = 0.3;
const LEAST_HEIGHT = 0.6;
/** Only pieces without a pause: every 50 ms has this RMS. */
const AUDIBLE = 0.015;

export interface LostWords {
  /** Pieces of 250 ms of speech that are not in the recording, or not in order, like the piece before. */
  readonly lostPieces: number;
  readonly pieces: number;
}

const rms = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length));

function isSpeech(piece: Float32Array, rateHz: number): boolean {
  const part = Math.round(PART_SECONDS * rateHz);
  for (let first = 0; first < piece.length; first += part) {
    if (rms(piece.subarray(first, first + part)) < AUDIBLE) return false;
  }
  return true;
}

/**
 * Locates every piece of the reply in the recording, each after the one before it.
 * @param reply as sent, @param played the worklet's output; both at this rate
 */
export function lostWords(reply: Float32Array, played: Float32Array, rateHz: number): LostWords {
  const frames = (seconds: number) => Math.round(seconds * rateHz);
  const length = frames(PIECE_SECONDS);
  let [lostPieces, pieces] = [0, 0];
  let isBeforeMissing = false;
  let before: { readonly first: number; readonly at: number } | undefined;
  for (let first = 0; first + length <= reply.length; first += length) {
    const piece = reply.subarray(first, first + length);
    if (!isSpeech(piece, rateHz)) continue;
    const expected = before ? before.at + first - before.first : 0;
    const from = before ? Math.max(before.at + length, expected - frames(SKIPPED_SECONDS)) : 0;
    const to = before ? expected + length + frames(LONGEST_HOLD_SECONDS) : played.length;
    // the call ends before the reply does
    if (to > played.length) break;
    pieces++;
    const { at, height } = locate(played.subarray(from, to), piece);
    if (height >= LEAST_HEIGHT) {
      before = { first, at: from + at };
      isBeforeMissing = false;
    } else {
      // a hold or a duck may cut a piece in two, but not two in a row
      if (isBeforeMissing) lostPieces++;
      isBeforeMissing = true;
    }
  }
  return { lostPieces, pieces };
}
