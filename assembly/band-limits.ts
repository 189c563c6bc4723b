/**
 * The level that each band of the microphone can reach without speech: noise, and the echo of our own sound.
 *
 * *Noise*: a floor that follows the level, quickly down and slowly up, plus the fluctuation, a high quantile of how far
 * single hops rise above it: small for a fan, large for a street.
 *
 * *Echo*: the loudspeaker's level that may still echo, plus the band's leak, plus a high quantile of how far single hops
 * rise above that. The leak is the usual ratio of microphone to loudspeaker, in dB, after the canceller. If the canceller
 * leaves nothing, the leak falls to the noise and hops do not rise above it. If it leaves much, they do, and the limit
 * is wide.
 *
 * Quantiles are tracked in steps (stochastic approximation: Robbins and Monro 1951; Tierney 1983): a large step up if the
 * current value is exceeded, otherwise a small step down. The leak falls by a share of its excess, so that little of the
 * cautious start is left after a second.
 *
 * A voice must not raise these limits. So a hop is learned only 310 ms later, and not at all if it turned out to be
 * speech. It counts only as far as it was periodic, because nothing else can be mistaken for speech.
 */
import { BANDS, BAND_BYTES } from './spectrum';
import { BANDS_MEMORY } from './layout';

/** Level of the current hop in dB. */
export const MICROPHONE: usize = BANDS_MEMORY;
export const SPEAKER: usize = MICROPHONE + BAND_BYTES;
const NOISE: usize = SPEAKER + BAND_BYTES;
const FLUCTUATION: usize = NOISE + BAND_BYTES;
const LEAK: usize = FLUCTUATION + BAND_BYTES;
/** How far single hops rise above the leak. */
const SPREAD: usize = LEAK + BAND_BYTES;
/** The loudest level of the loudspeaker that may still echo. */
const HEARD: usize = SPREAD + BAND_BYTES;
/** Maximum of HEARD, falling slowly. Leaks are learned near it, where noise matters least. */
const LOUDEST: usize = HEARD + BAND_BYTES;
const PAST: usize = LOUDEST + BAND_BYTES;
const PAST_HOPS: i32 = 32;
const WAITING: usize = PAST + <usize>PAST_HOPS * BAND_BYTES;
const WAITING_BYTES: usize = 2 * BAND_BYTES + 16;
const WAITING_HOPS: i32 = 32;

// ── the loudspeaker's past ────────────────────────────────────────────────────────────────────────────────────────
/** Delays of system, device and room: for this long, a sound may echo at its full level. */
const ECHO_HOPS: i32 = 19;
/** Decay of the reverberation after that, per hop. */
const REVERBERATION_DB: f32 = 0.2;
/** If every band is below this, nothing is being played. */
const PLAYING_DB: f32 = -65;
const SILENCE_DB: f32 = -110;

// ── noise ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const NOISE_START_DB: f32 = -80;
const LEAST_NOISE_DB: f32 = -88;
/** The first 400 ms. */
const NOISE_FIRST_HOPS: i32 = 40;
const NOISE_UP_DB: f32 = 0.16;
const NOISE_UP_IN_SPEECH_DB: f32 = 0.0014;
const NOISE_DOWN_DB: f32 = 0.43;
const FLUCTUATION_START_DB: f32 = 12;
const LEAST_FLUCTUATION_DB: f32 = 4;
const FLUCTUATION_UP_DB: f32 = 1.9;
const FLUCTUATION_DOWN_DB: f32 = 0.035;

// ── leak ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Cautious: before anything is learned, only a voice as loud as the reply is detected. */
const LEAK_START_DB: f32 = 0;
/** A level this close to the noise counts as noise. */
const ABOVE_NOISE_DB: f32 = 7.2;
const NEAR_LOUDEST_DB: f32 = 12.5;
const LOUDEST_FALL_DB: f32 = 0.005;
const LEAK_UP_DB: f32 = 1.5;
const LEAK_DOWN_DB: f32 = 0.004;
const LEAK_DOWN_SHARE: f32 = 0.008;
const SPREAD_START_DB: f32 = 5;
const SPREAD_UP_DB: f32 = 3.7;
const SPREAD_DOWN_DB: f32 = 0.003;
const LEAST_NOISE_WEIGHT: f32 = 0.1;
const LEARN_LATER_HOPS: i32 = 31;

// ── margins ───────────────────────────────────────────────────────────────────────────────────────────────────────
const NOISE_MARGIN_DB: f32 = 1.1;
const ECHO_MARGIN_DB: f32 = 2.5;
/** A band that exceeds its limit by this counts in full. */
const FULL_BAND_DB: f32 = 9.9;

let hops: i32 = 0;
/** How far the echo may currently exceed the noise, dB, mean of the bands. */
export let echoProminenceDb: f32 = 0;
/** Hops with playback that were learned. */
export let playedHops: i32 = 0;
let waiting: i32 = 0;

function fill(from: usize, end: usize, value: f32): void {
  for (; from < end; from += 4) store<f32>(from, value);
}

export function resetLimits(): void {
  fill(NOISE, FLUCTUATION, NOISE_START_DB);
  fill(FLUCTUATION, LEAK, FLUCTUATION_START_DB);
  fill(LEAK, SPREAD, LEAK_START_DB);
  fill(SPREAD, HEARD, SPREAD_START_DB);
  fill(HEARD, WAITING, SILENCE_DB);
  hops = 0;
  playedHops = 0;
  waiting = 0;
}

/** The hops that wait to be learned were speech. */
export function forgetWaiting(): void {
  waiting = 0;
}

/** The echo has become louder: by another loudspeaker, or because the microphone had been switched off. */
export function learnLeakAnew(): void {
  fill(LEAK, SPREAD, LEAK_START_DB);
}

/** Tracks the noise and the loudspeaker. @returns how many bands exceed their limits, 0 … 16 */
export function bandsAbove(speaking: bool): f32 {
  memory.copy(past(0), SPEAKER, BAND_BYTES);
  let bands: f32 = 0;
  let prominence: f32 = 0;
  const up: f32 = hops < NOISE_FIRST_HOPS ? 2 : speaking ? NOISE_UP_IN_SPEECH_DB : NOISE_UP_DB;
  const down: f32 = hops < NOISE_FIRST_HOPS ? 1 : NOISE_DOWN_DB;
  for (let band: usize = 0; band < BAND_BYTES; band += 4) {
    const level = load<f32>(MICROPHONE + band);
    const before = load<f32>(NOISE + band);
    const noise = max(LEAST_NOISE_DB, level > before ? min(level, before + up) : max(level, before - down));
    store<f32>(NOISE + band, noise);
    const heard = loudestHeard(band);
    store<f32>(HEARD + band, heard);
    prominence += max<f32>(0, heard + load<f32>(LEAK + band) - noise);
    const limit = limitDb(band);
    bands += share(level, limit, limit + FULL_BAND_DB);
  }
  hops++;
  echoProminenceDb = prominence / <f32>BANDS;
  return bands;
}

/** The level of this band that needs no voice. */
export function limitDb(band: usize): f32 {
  return max(
    load<f32>(NOISE + band) + load<f32>(FLUCTUATION + band) + NOISE_MARGIN_DB,
    load<f32>(HEARD + band) + load<f32>(LEAK + band) + load<f32>(SPREAD + band) + ECHO_MARGIN_DB,
  );
}

/**
 * Upper bound of the echo in the microphone relative to what is played, dB, by the loudest bands; NaN before anything
 * was played.
 */
export function echoLeakDb(): f32 {
  let echo = SILENCE_DB;
  let played = SILENCE_DB;
  for (let band: usize = 0; band < BAND_BYTES; band += 4) {
    const loudest = load<f32>(LOUDEST + band);
    echo = max(echo, loudest + load<f32>(LEAK + band));
    played = max(played, loudest);
  }
  return playedHops == 0 ? NaN : echo - played;
}

/** How far the echo exceeds the noise, dB, mean of all bands; 0 if it is inaudible. */
export function echoAboveNoiseDb(): f32 {
  let sum: f32 = 0;
  for (let band: usize = 0; band < BAND_BYTES; band += 4) {
    const echo = load<f32>(LOUDEST + band) + load<f32>(LEAK + band);
    sum += max<f32>(0, echo - load<f32>(NOISE + band) - ABOVE_NOISE_DB);
  }
  return playedHops == 0 ? 0 : sum / <f32>BANDS;
}

function past(hopsAgo: i32): usize {
  return PAST + <usize>((hops - hopsAgo) & (PAST_HOPS - 1)) * BAND_BYTES;
}

function loudestHeard(band: usize): f32 {
  let loudest = load<f32>(HEARD + band) - REVERBERATION_DB;
  for (let k = 0; k < ECHO_HOPS; k++) loudest = max(loudest, load<f32>(past(k) + band));
  return loudest;
}

/** Position of `value` between `none` and `full`: 0 … 1. */
export function share(value: f32, none: f32, full: f32): f32 {
  return max<f32>(0, min<f32>(1, (value - none) / (full - none)));
}

/** Learns from a hop that was probably not speech. @param weight 0 … 1, its similarity to a voice */
export function learn(weight: f32): void {
  const newest = WAITING + <usize>(waiting & (WAITING_HOPS - 1)) * WAITING_BYTES;
  memory.copy(newest, MICROPHONE, BAND_BYTES);
  memory.copy(newest + BAND_BYTES, HEARD, BAND_BYTES);
  store<f32>(newest, weight, 2 * BAND_BYTES);
  if (waiting >= LEARN_LATER_HOPS) {
    learnFrom(WAITING + <usize>((waiting - LEARN_LATER_HOPS) & (WAITING_HOPS - 1)) * WAITING_BYTES);
  }
  waiting++;
}

function learnFrom(levels: usize): void {
  const weight = load<f32>(levels, 2 * BAND_BYTES);
  let played: f32 = SILENCE_DB;
  for (let band: usize = 0; band < BAND_BYTES; band += 4) {
    const heard = load<f32>(levels + BAND_BYTES + band);
    learnBand(band, load<f32>(levels + band), heard, weight);
    played = max(played, heard);
  }
  if (played > PLAYING_DB) playedHops++;
}

function learnBand(band: usize, level: f32, heard: f32, weight: f32): void {
  const noise = load<f32>(NOISE + band);
  const leak = load<f32>(LEAK + band);
  if (heard + leak < noise) {
    const known = load<f32>(FLUCTUATION + band);
    const up = FLUCTUATION_UP_DB * max(weight, LEAST_NOISE_WEIGHT);
    store<f32>(
      FLUCTUATION + band,
      follow(known, level - noise, up, FLUCTUATION_DOWN_DB, LEAST_FLUCTUATION_DB),
    );
  }
  const loudest = max(heard, load<f32>(LOUDEST + band) - LOUDEST_FALL_DB);
  store<f32>(LOUDEST + band, loudest);
  if (heard < PLAYING_DB - 10 || heard < loudest - NEAR_LOUDEST_DB) return;
  // within the noise, the hop only shows that the leak is not larger
  const most = noise + ABOVE_NOISE_DB;
  const isSeen = level >= most;
  const up: f32 = isSeen ? weight : 0;
  const above = max(level, most) - heard - leak;
  const spread = load<f32>(SPREAD + band);
  store<f32>(SPREAD + band, follow(spread, above, SPREAD_UP_DB * up, SPREAD_DOWN_DB, 0));
  const down = LEAK_DOWN_DB - LEAK_DOWN_SHARE * above;
  store<f32>(LEAK + band, follow(leak, leak + above, LEAK_UP_DB * up, down, SILENCE_DB));
}

/** Next value of a tracked quantile: a step towards the observed value, but not below `least`. */
function follow(known: f32, seen: f32, up: f32, down: f32, least: f32): f32 {
  return seen > known ? min(seen, known + up) : max(least, max(seen, known - down));
}
