/** Whether all of the reply was played, in order, although it was ducked and held in between. */
import { RATE_HZ } from './delays.js';
import { locate } from './fourier.js';

const MS = RATE_HZ / 1_000;
/** What is located as one. Shorter sounds resemble each other more. */
const PIECE_MS = 250;
/** A hold cuts a piece in two; what it plays before and after is compared in parts of this length. */
const PART_MS = 10;
/** Less than this cannot be told from a consonant that sounds different at 8 kHz. */
const LEAST_LOST_MS = 30;
/** Only speech is located: every 50 ms of a piece have this RMS. */
const AUDIBLE = 0.015;
/** RMS below which a ducked part is too faint to be compared, as in the closure of a plosive. */
const FAINT = 0.01;
/** A reply is held for no longer than this. */
const LONGEST_HOLD_MS = 4_000;
/** In a pause, the jitter buffer may skip this much silence. */
const SKIPPED_MS = 300;
/** Least normalized correlation of a piece with itself, at any volume; that with other speech stays below 0.4. */
const SIMILAR = 0.6;
/** The same for a part of it, which can resemble others. */
const SAME = 0.9;
/** The same for 10 ms at a known distance. */
const SAME_THERE = 0.7;

export interface LostWords {
  /** Speech of the reply that the recording does not hold, or not in order. */
  readonly lostMs: number;
  readonly spokenMs: number;
}

interface Piece {
  /** Where it begins in the reply, in samples. */
  readonly first: number;
  /** By how many samples the recording has it later; `undefined` if it is not there as a whole. */
  readonly lag: number | undefined;
  /** Where in the recording it is searched for. */
  readonly from: number;
  readonly to: number;
}

/**
 * Locates every piece of speech in the recording, each after the one before it. What is missing there may be on the other
 * side of a hold.
 * @param reply as sent, @param played the worklet's output; both mono at `RATE_HZ`
 */
export function lostWords(reply: Float32Array, played: Float32Array): LostWords {
  const lagOf = (first: number, ms: number, from: number, to: number, least: number): number | undefined => {
    const { at, height } = locate(played.subarray(from, to), reply.subarray(first, first + ms * MS));
    return height < least ? undefined : from + at - first;
  };
  const pieces = piecesOf(reply, played.length, (first, from, to) =>
    lagOf(first, PIECE_MS, from, to, SIMILAR),
  );
  const lost = pieces.flatMap(({ first, lag, from, to }, i) => {
    const next = pieces.slice(i + 1).find((piece) => piece.lag !== undefined);
    const previous = pieces.slice(0, i).findLast((piece) => piece.lag !== undefined);
    const halves = [0, 1].map((half) => {
      const middle = first + (half * PIECE_MS * MS) / 2;
      return lagOf(middle, PIECE_MS / 2, from, to, SIMILAR);
    });
    const lags = [lag, previous?.lag, next?.lag, ...halves].filter((one) => one !== undefined);
    return gapsOf(first, (at) => lags.some((one) => isPlayed(reply, played, at, one)))
      .filter((gap) => lagOf(gap.first, gap.ms, from, to, SAME) === undefined)
      .map(({ ms }) => ms);
  });
  return { lostMs: lost.reduce((sum, ms) => sum + ms, 0), spokenMs: pieces.length * PIECE_MS };
}

/** The reply's pieces of speech before the last one that was played: the call ends before the reply does, and may end in that one. */
function piecesOf(
  reply: Float32Array,
  playedLength: number,
  lagOf: (first: number, from: number, to: number) => number | undefined,
): readonly Piece[] {
  const length = PIECE_MS * MS;
  const pieces: Piece[] = [];
  for (let first = 0; first + length <= reply.length; first += length) {
    if (!isSpeech(reply.subarray(first, first + length))) continue;
    const before = pieces.findLast(({ lag }) => lag !== undefined);
    const lag = before?.lag ?? 0;
    const from = before ? Math.max(before.first + length + lag, first + lag - SKIPPED_MS * MS) : 0;
    const to = before ? first + lag + length + LONGEST_HOLD_MS * MS : playedLength;
    if (to > playedLength) break;
    pieces.push({ first, lag: lagOf(first, from, to), from, to });
  }
  return pieces.slice(
    0,
    Math.max(
      0,
      pieces.findLastIndex(({ lag }) => lag !== undefined),
    ),
  );
}

/** The parts of a piece that are missing. */
function gapsOf(first: number, isThere: (at: number) => boolean): readonly { first: number; ms: number }[] {
  const gaps: { first: number; ms: number }[] = [];
  for (let at = first; at < first + PIECE_MS * MS; at += PART_MS * MS) {
    if (isThere(at)) continue;
    const last = gaps.at(-1);
    if (last && last.first + last.ms * MS === at) last.ms += PART_MS;
    else gaps.push({ first: at, ms: PART_MS });
  }
  return gaps.filter(({ ms }) => ms >= LEAST_LOST_MS);
}

function isSpeech(piece: Float32Array): boolean {
  const part = 50 * MS;
  for (let first = 0; first < piece.length; first += part) {
    const energy = piece.subarray(first, first + part).reduce((sum, x) => sum + x * x, 0);
    if (Math.sqrt(energy / part) < AUDIBLE) return false;
  }
  return true;
}

/** Whether that part of the reply is in the recording at this distance, at any volume. The clocks differ by up to a sample. */
function isPlayed(reply: Float32Array, played: Float32Array, first: number, lag: number): boolean {
  const part = reply.subarray(first, first + PART_MS * MS);
  return [-1, 0, 1].some((off) => {
    const there = played.subarray(first + lag + off, first + lag + off + part.length);
    let [own, other, both] = [0, 0, 0];
    part.forEach((x, i) => {
      own += x * x;
      other += (there[i] ?? 0) ** 2;
      both += x * (there[i] ?? 0);
    });
    return own < FAINT ** 2 * part.length || (other > 0 && both >= SAME_THERE * Math.sqrt(own * other));
  });
}
