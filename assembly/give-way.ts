/**
 * Giving way to somebody who speaks while a reply sounds: first quieter, then silent, and back where it was when
 * nothing came of it. Nothing is lost in either: ducked sound is played, held sound waits.
 *
 * Decided here because nothing else is as near to both sounds; an interruption is decided by the service alone.
 */
import { quietHops, speaking, speechHops } from './speech';

export const GOING: i32 = 0;
export const DUCKED: i32 = 1;
export const HELD: i32 = 2;

/** −15 dB: still heard, and no longer in the way. */
const DUCKED_GAIN: f32 = 0.1778;
const DOWN_SECONDS: f64 = 0.015;
const UP_SECONDS: f64 = 0.06;
/** Of speech, from its first sign to its last. */
const HOLD_AFTER_HOPS: i32 = 50;
/** By then the service has decided, or there is nothing to decide: music, a talk beside the table. */
const MOST_HOPS: i32 = 300;

export let giving: i32 = GOING;
/** Gain of the reply beside its fades and the volume. */
export let duckGain: f32 = 1;
/** How soon the last duck came after the first sign of speech, ms; ducks; those of them that came to nothing. */
export let onsetToDuckMs: f64 = 0;
export let ducks: f64 = 0;
export let falseDucks: f64 = 0;

let allowed: bool = false;
/** This speech has had its time. */
let spent: bool = false;

export function allowGivingWay(now: bool): void {
  allowed = now;
}

/** What sounded is gone: there is nothing more to give way with. */
export function endGivingWay(): void {
  giving = GOING;
  duckGain = 1;
}

/** Once a block. @param sounds whether a reply can be heard, or could but for the hold */
export function giveWay(sounds: bool): void {
  if (!speaking) spent = false;
  if (giving == GOING) {
    if (allowed && speaking && !spent && sounds) duck();
  } else if (!speaking) {
    falseDucks++;
    giving = GOING;
  } else if (!allowed || speechHops > MOST_HOPS) {
    spent = true;
    giving = GOING;
  } else if (speechHops - quietHops >= HOLD_AFTER_HOPS) {
    giving = HELD;
  }
}

function duck(): void {
  giving = DUCKED;
  ducks++;
  onsetToDuckMs = <f64>(speechHops * 10);
}

/** Moves the gain on by a block of that length. */
export function nextDuckGain(seconds: f64): f32 {
  const step = <f32>((1 - DUCKED_GAIN) * seconds);
  duckGain =
    giving == GOING
      ? min<f32>(1, duckGain + step / <f32>UP_SECONDS)
      : max(DUCKED_GAIN, duckGain - step / <f32>DOWN_SECONDS);
  return duckGain;
}
