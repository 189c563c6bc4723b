/**
 * What each band of the microphone may hold without anybody speaking: noise, and our own sound from the loudspeaker.
 *
 * *Noise* is a floor that follows the level, quickly down and slowly up, and beside it how far single hops rise above it
 * (a high quantile): little for a fan, much for a street.
 *
 * *Our own sound* is bounded by the loudest of the last 450 ms that went to the loudspeaker, which covers the delays of
 * device, room and reverberation, plus the band's leak: a high quantile of microphone over loudspeaker, in dB. The
 * canceller is part of what is measured: where it leaves nothing, the leak is as small as the noise lets one see. Both
 * quantiles are followed step by step (stochastic approximation: Robbins and Monro 1951; Tierney 1983): up by much where the
 * present value is exceeded, down by little where it is not.
 *
 * A voice must not teach either. So a hop is learned from only 170 ms later, and not at all if it turned out to
 * belong to speech; and only as far as it was periodic, since nothing else can look like speech.
 */
import { BANDS, BAND_BYTES } from './spectrum';
import { BANDS_MEMORY } from './layout';

/** dB of the present hop. */
export const MICROPHONE: usize = BANDS_MEMORY;
export const SPEAKER: usize = MICROPHONE + BAND_BYTES;
/** Of the loudspeaker, the loudest that may still echo. */
const HEARD: usize = SPEAKER + BAND_BYTES;
const NOISE: usize = HEARD + BAND_BYTES;
const FLUCTUATION: usize = NOISE + BAND_BYTES;
const LEAK: usize = FLUCTUATION + BAND_BYTES;
/** The loudest of HEARD, falling slowly: leaks are learned near it, where noise disturbs least. */
const LOUDEST: usize = LEAK + BAND_BYTES;
const PAST: usize = LOUDEST + BAND_BYTES;
const PAST_HOPS: i32 = 64;
const WAITING: usize = PAST + <usize>PAST_HOPS * BAND_BYTES;
const WAITING_BYTES: usize = 2 * BAND_BYTES + 16;
const WAITING_HOPS: i32 = 32;

// ── the loudspeaker's past ────────────────────────────────────────────────────────────────────────────────────────
const ECHO_HOPS: i32 = 45;
/** From here on reverberation falls, by this much a hop. */
const REVERBERATION_HOPS: i32 = 22;
const REVERBERATION_DB: f32 = 0.67;
/** Below this in every band nothing is being played. */
const PLAYING_DB: f32 = -65;
const SILENCE_DB: f32 = -110;

// ── noise ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const NOISE_START_DB: f32 = -80;
const LEAST_NOISE_DB: f32 = -88;
/** The first 400 ms. */
const NOISE_FIRST_HOPS: i32 = 40;
const NOISE_UP_DB: f32 = 0.07;
const NOISE_UP_IN_SPEECH_DB: f32 = 0.01;
const NOISE_DOWN_DB: f32 = 0.15;
const FLUCTUATION_START_DB: f32 = 12;
const LEAST_FLUCTUATION_DB: f32 = 6.6;
const FLUCTUATION_UP_DB: f32 = 0.45;
const FLUCTUATION_DOWN_DB: f32 = 0.02;

// ── leak ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Cautious: before anything is learned, only a voice nearly as loud as ours passes. */
const LEAK_START_DB: f32 = -12;
/** What is that near to the noise is noise. */
const ABOVE_NOISE_DB: f32 = 6.45;
const NEAR_LOUDEST_DB: f32 = 10.2;
const LOUDEST_FALL_DB: f32 = 0.02;
/** The first 1.4 s in which something is played. */
const LEAK_FIRST_HOPS: i32 = 143;
const LEAK_FIRST_UP_DB: f32 = 3;
const LEAK_FIRST_DOWN_DB: f32 = 0.154;
const LEAK_UP_DB: f32 = 1;
const LEAK_DOWN_DB: f32 = 0.03;
const LEAST_WEIGHT: f32 = 0.074;
const LEAST_NOISE_WEIGHT: f32 = 0.3;
const LEARN_LATER_HOPS: i32 = 17;

// ── margins ───────────────────────────────────────────────────────────────────────────────────────────────────────
const NOISE_MARGIN_DB: f32 = 0.2;
const ECHO_MARGIN_DB: f32 = 4.4;
/** More where our own sound stands out of the noise: a share of the dB it does, up to a limit. */
const PROMINENCE_SHARE: f32 = 0.11;
const PROMINENCE_MOST_DB: f32 = 2.4;
/** A band counts in full when it exceeds its limit by this. */
const FULL_BAND_DB: f32 = 6;

let hops: i32 = 0;
let playedHops: i32 = 0;
let waiting: i32 = 0;

function fill(levels: usize, value: f32): void {
  for (let i: usize = 0; i < BAND_BYTES; i += 4) store<f32>(levels + i, value);
}

export function resetLimits(): void {
  for (let k = 0; k < PAST_HOPS; k++) fill(PAST + <usize>k * BAND_BYTES, SILENCE_DB);
  fill(NOISE, NOISE_START_DB);
  fill(FLUCTUATION, FLUCTUATION_START_DB);
  fill(LEAK, LEAK_START_DB);
  fill(LOUDEST, SILENCE_DB);
  hops = 0;
  playedHops = 0;
  waiting = 0;
}

/** What waits to be learned was speech. */
export function forgetWaiting(): void {
  waiting = 0;
}

/** Follows the noise and what is played; returns how many bands stand above their limits, 0 … 16. */
export function bandsAbove(speaking: bool): f32 {
  memory.copy(past(0), SPEAKER, BAND_BYTES);
  let bands: f32 = 0;
  const up: f32 = hops < NOISE_FIRST_HOPS ? 2 : speaking ? NOISE_UP_IN_SPEECH_DB : NOISE_UP_DB;
  const down: f32 = hops < NOISE_FIRST_HOPS ? 1 : NOISE_DOWN_DB;
  for (let band: usize = 0; band < BAND_BYTES; band += 4) {
    const level = load<f32>(MICROPHONE + band);
    const before = load<f32>(NOISE + band);
    const noise = max(LEAST_NOISE_DB, level > before ? min(level, before + up) : max(level, before - down));
    store<f32>(NOISE + band, noise);
    const heard = loudestHeard(band);
    store<f32>(HEARD + band, heard);
    const echo = heard + load<f32>(LEAK + band);
    const prominence = max<f32>(0, echo - noise);
    const margin = ECHO_MARGIN_DB + min(PROMINENCE_MOST_DB, prominence * PROMINENCE_SHARE);
    const limit = max(noise + load<f32>(FLUCTUATION + band) + NOISE_MARGIN_DB, echo + margin);
    bands += share(level, limit, limit + FULL_BAND_DB);
  }
  hops++;
  return bands;
}

/**
 * How loud our own sound is in the microphone at most, relative to what is played, dB, by the loudest bands; NaN before
 * anything was played.
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

/** How far it stands out of the noise, dB; 0 where none is heard. The mean of all bands. */
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
  let loudest = load<f32>(SPEAKER + band);
  for (let k = 1; k < ECHO_HOPS; k++) {
    const less = <f32>max(0, k - REVERBERATION_HOPS) * REVERBERATION_DB;
    loudest = max(loudest, load<f32>(past(k) + band) - less);
  }
  return loudest;
}

/** How far `value` is on its way from `none` to `full`: 0 … 1. */
export function share(value: f32, none: f32, full: f32): f32 {
  return max<f32>(0, min<f32>(1, (value - none) / (full - none)));
}

/** The present hop was no speech, it seems. @param weight 0 … 1, how much it was like a voice */
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
  const isFirst = playedHops < LEAK_FIRST_HOPS;
  // in the noise nothing is seen of it but that it is no more than that
  const most = noise + ABOVE_NOISE_DB;
  const up: f32 = level < most ? 0 : (isFirst ? LEAK_FIRST_UP_DB : LEAK_UP_DB) * max(weight, LEAST_WEIGHT);
  const down = isFirst ? LEAK_FIRST_DOWN_DB : LEAK_DOWN_DB;
  store<f32>(LEAK + band, follow(leak, max(level, most) - heard, up, down, SILENCE_DB));
}

/** A high quantile's next value: a step towards what was seen, but not below `least`. */
function follow(known: f32, seen: f32, up: f32, down: f32, least: f32): f32 {
  return seen > known ? min(seen, known + up) : max(least, max(seen, known - down));
}
