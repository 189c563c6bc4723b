/**
 * Reacts to speech over a reply: the reply is first ducked, then held, and returns if the service does not interrupt.
 * No audio is lost: ducked audio is played, held audio waits.
 *
 * Decided here, because only the engine has both signals sample by sample. Only the service interrupts.
 */
import { learnLeakAnew, playedHops } from './band-limits';
import { allowLongPauses, quietHops, speaking, speechHops } from './speech';

export const GOING: i32 = 0;
export const DUCKED: i32 = 1;
export const HELD: i32 = 2;

/** −15 dB: still audible, but quiet enough to talk over. */
const DUCKED_GAIN: f32 = 0.1778;
const DOWN_SECONDS: f64 = 0.015;
const UP_SECONDS: f64 = 0.06;
/** Length of speech after which the reply is held. */
const HOLD_AFTER_HOPS: i32 = 50;
/** By then the service has decided, or it is not speech to the agent: music, another conversation in the room. */
const MOST_HOPS: i32 = 300;
/** By then an echo has died away after a duck or a hold: delays and reverberation. */
const ECHO_GONE_HOPS: i32 = 25;
/** In a row, these mean that the reply gives way to its own echo. */
const MOST_DOUBTS: i32 = 3;

export let giving: i32 = GOING;
/** Gain of the reply, in addition to fades and volume. */
export let duckGain: f32 = 1;
/** From the onset of speech to the latest duck, ms; the number of ducks; those after which the reply resumed. */
export let onsetToDuckMs: f64 = 0;
export let ducks: f64 = 0;
export let falseDucks: f64 = 0;

let allowed: bool = false;
/** What had been learned at the latest false duck. */
let learnedHops: i32 = -1;
/** False ducks in a row that may have been echo. */
let doubts: i32 = 0;
/** Length of the current speech, and what it was when the reply gave way to it. */
let voicedHops: i32 = 0;
let gaveWayHops: i32 = 0;
/** This speech has lasted for the maximum time, so the reply has resumed. */
let spent: bool = false;

export function allowGivingWay(now: bool): void {
  allowed = now;
}

/** The reply was flushed or has ended: ends the duck. */
export function endGivingWay(): void {
  giving = GOING;
  duckGain = 1;
}

/** Called once per block. @param sounds a reply is audible */
export function giveWay(sounds: bool): void {
  if (speaking) voicedHops = speechHops - quietHops;
  else spent = false;
  if (giving == GOING) {
    if (allowed && speaking && !spent && sounds) duck();
  } else if (!speaking) {
    falseDucks++;
    doubt();
    giving = GOING;
  } else if (!allowed || speechHops > MOST_HOPS) {
    spent = true;
    giving = GOING;
  } else if (giving == DUCKED && voicedHops >= HOLD_AFTER_HOPS) {
    giving = HELD;
    gaveWayHops = voicedHops;
  }
}

/**
 * An echo that has suddenly become louder is taken for speech, and speech is not learned from: the reply would stop again
 * and again. Such "speech" begins when the reply has hardly returned and ends when it has given way. A user's words with
 * pauses can look the same. But if the reply waits longer, the user goes on before it returns, and an echo cannot.
 */
function doubt(): void {
  const mayBeEcho = playedHops == learnedHops && voicedHops - gaveWayHops <= ECHO_GONE_HOPS;
  doubts = mayBeEcho ? doubts + 1 : 0;
  learnedHops = playedHops;
  if (doubts == MOST_DOUBTS) {
    doubts = 0;
    learnLeakAnew();
  }
  allowLongPauses(doubts > 0);
}

function duck(): void {
  giving = DUCKED;
  gaveWayHops = voicedHops;
  ducks++;
  onsetToDuckMs = <f64>(speechHops * 10);
}

/** Advances the gain by one block of this length. */
export function nextDuckGain(seconds: f64): f32 {
  const step = <f32>((1 - DUCKED_GAIN) * seconds);
  duckGain =
    giving == GOING
      ? min<f32>(1, duckGain + step / <f32>UP_SECONDS)
      : max(DUCKED_GAIN, duckGain - step / <f32>DOWN_SECONDS);
  return duckGain;
}
