/**
 * Detects speech at the microphone in hops of 10 ms, also while a reply is being played.
 *
 * Both sides are resampled to 8 kHz. A hop is evidence as far as its bands exceed the limits of `band-limits.ts`, and the
 * more periodic it is. Evidence adds up to a score that decays slowly (a one-sided cumulative sum: Page, "Continuous
 * inspection schemes", Biometrika 41, 1954). So a loud onset is decided in a few hops and a faint one in more, and holes
 * that a canceller cuts into a voice do not reset the score.
 */
import { ANALYSIS_RATE_HZ, WINDOW_FRAMES, bandLevels, prepareSpectrum } from './spectrum';
import * as limits from './band-limits';
import {
  SPEECH_FRAMES,
  SPEECH_MICROPHONE,
  SPEECH_MICROPHONE_SLOT,
  SPEECH_SPEAKER,
  SPEECH_SPEAKER_SLOT,
} from './layout';
import { periodicity } from './periodicity';
import { Resampler, configureResampler, resamplerInput, runResampler } from './resampler';

const HOP_FRAMES: i32 = 80;
/** Samples before a hop that its analysis needs. */
const LOOKBACK_FRAMES: i32 = 256;
/** Maximum input of one quantum, plus what the resampler writes past the end. */
const MOST_NEW_FRAMES: i32 = 1024 + 8;
/** Beyond this, both sides are moved to the front: early enough that the loudspeaker's side, which may be ahead, has space. */
const MOVE_FRAMES: i32 = SPEECH_FRAMES / 4;
/** Flattens the spectrum of speech, so that harmonics show the pitch and hum does not matter. */
const EMPHASIS: f32 = 0.9;
/** Removes what is below 38 Hz: with an offset of the microphone, every sound would be periodic. */
const MEAN_SHARE: f32 = 0.03;

// A periodic hop: the number of bands (of 16) that counts 0, the number that counts in full, and its score. 1 is speech.
const LEAST_BANDS: f32 = 0.8;
const FULL_BANDS: f32 = 10.3;
const HOP_GAIN: f32 = 0.74;
const LEAST_PERIODICITY: f32 = 0.44;
const FULL_PERIODICITY: f32 = 0.66;
/** Pitch is measured in every hop, because a voice keeps it for longer than 10 ms. */
const PERIODICITY_KEPT: f32 = 0.5;
/** Decay of the score per hop. */
const HOP_LOSS: f32 = 0.04;
/** The score that counts as speech rises by `ECHO_NEED` for each dB of echo above `ECHO_FREE_DB`. */
const ECHO_NEED: f32 = 0.16;
const ECHO_FREE_DB: f32 = 8.1;
const MOST_ECHO_NEED: f32 = 3.6;
/** Speech continues while this many bands exceed their limits and are periodic, … */
const GOING_BANDS: f32 = 0.45;
const GOING_WEIGHT: f32 = 0.29;
/** … with pauses of at most this length, … */
const QUIET_HOPS: i32 = 30;
/** … or of this length where a user's words must be told from an echo. */
const LONG_QUIET_HOPS: i32 = 64;
/** Reverberation and delays of the device let a reply be heard for this long after its end. */
const ECHO_HOPS: i32 = 30;
/** A voice has pauses in every band. What is heard without any for 5 s, such as a hum, is learned as noise. */
const LONGEST_HOPS: i32 = 500;

const microphone = changetype<Resampler>(SPEECH_MICROPHONE_SLOT);
const speaker = changetype<Resampler>(SPEECH_SPEAKER_SLOT);

// Indices into both sides' samples on one timeline: how many have arrived of each, and how many were analysed.
let microphoneFill: i32 = LOOKBACK_FRAMES;
let speakerFill: i32 = LOOKBACK_FRAMES;
let analysed: i32 = LOOKBACK_FRAMES;
/** The last sample before the emphasis, and the mean after it. */
const microphoneState = memory.data(8, 4);
const speakerState = memory.data(8, 4);

let score: f32 = 0;
/** Periodicity of the previous hop, 0 … 1. */
let periodicBefore: f32 = 0;
export let speaking: bool = false;
/** Hops since the score began to rise, during speech or a possible onset. */
export let speechHops: i32 = 0;
/** Of these, the latest hops without a voice. */
export let quietHops: i32 = 0;
let mostQuietHops: i32 = QUIET_HOPS;
/** Since a reply was last played. */
let echolessHops: i32 = ECHO_HOPS;

export function configureSpeech(microphoneRateHz: i32, speakerRateHz: i32): void {
  prepareSpectrum();
  configureResampler(microphone, microphoneRateHz, ANALYSIS_RATE_HZ);
  configureResampler(speaker, speakerRateHz, ANALYSIS_RATE_HZ);
  memory.fill(SPEECH_MICROPHONE, 0, (<usize>(2 * SPEECH_FRAMES)) << 2);
  microphoneFill = LOOKBACK_FRAMES;
  speakerFill = LOOKBACK_FRAMES;
  analysed = LOOKBACK_FRAMES;
  echolessHops = ECHO_HOPS;
  forgetSpeech();
  limits.resetLimits();
}

function forgetSpeech(): void {
  score = 0;
  speaking = false;
  speechHops = 0;
  quietHops = 0;
}

/** Whether words with long pauses between them are one utterance. */
export function allowLongPauses(now: bool): void {
  mostQuietHops = now ? LONG_QUIET_HOPS : QUIET_HOPS;
}

/** A reply is or was just audible, and nobody seems to speak: what the microphone delivers may be echo. */
export function mayBeEcho(): bool {
  return !speaking && echolessHops < ECHO_HOPS;
}

/** Takes `count` samples of the microphone. A muted microphone is neither analysed nor learned from. */
export function hearMicrophone(from: usize, count: i32, muted: bool): void {
  if (analysed > MOVE_FRAMES) moveToFront();
  memory.copy(resamplerInput(microphone, count), from, (<usize>count) << 2);
  const to = SPEECH_MICROPHONE + ((<usize>microphoneFill) << 2);
  const added = runResampler(microphone, count, to, MOST_NEW_FRAMES);
  emphasize(to, added, microphoneState);
  microphoneFill += added;
  for (; microphoneFill - analysed >= HOP_FRAMES;) {
    analysed += HOP_FRAMES;
    if (muted) forgetSpeech();
    else hop();
  }
}

/**
 * Takes `count` samples that are played with this gain. Need not be called while nothing is played. The gain must not
 * include our own duck. Otherwise the bound would fall with the duck, and the remaining echo would look like speech.
 */
export function hearSpeaker(from: usize, count: i32, gain: f32): void {
  fillSilence();
  if (speakerFill > SPEECH_FRAMES - MOST_NEW_FRAMES) return;
  const input = resamplerInput(speaker, count);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) store<f32>(input + i, load<f32>(from + i) * gain);
  const to = SPEECH_SPEAKER + ((<usize>speakerFill) << 2);
  const added = runResampler(speaker, count, to, MOST_NEW_FRAMES);
  emphasize(to, added, speakerState);
  speakerFill += added;
}

/** After a silence the loudspeaker's side continues at the present. */
function fillSilence(): void {
  if (speakerFill >= analysed) return;
  memory.fill(SPEECH_SPEAKER + ((<usize>speakerFill) << 2), 0, (<usize>(analysed - speakerFill)) << 2);
  speakerFill = analysed;
}

function moveToFront(): void {
  const by = analysed - LOOKBACK_FRAMES;
  const bytes = (<usize>(SPEECH_FRAMES - by)) << 2;
  memory.copy(SPEECH_MICROPHONE, SPEECH_MICROPHONE + ((<usize>by) << 2), bytes);
  memory.copy(SPEECH_SPEAKER, SPEECH_SPEAKER + ((<usize>by) << 2), bytes);
  analysed = LOOKBACK_FRAMES;
  microphoneFill -= by;
  speakerFill = max(0, speakerFill - by);
}

function emphasize(samples: usize, count: i32, state: usize): void {
  let before = load<f32>(state);
  let mean = load<f32>(state, 4);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
    const sample = load<f32>(samples + i);
    const emphasized = sample - EMPHASIS * before;
    mean += MEAN_SHARE * (emphasized - mean);
    store<f32>(samples + i, emphasized - mean);
    before = sample;
  }
  store<f32>(state, before);
  // denormal numbers are slow
  store<f32>(state, abs(mean) < 1e-9 ? 0 : mean, 4);
}

function hop(): void {
  echolessHops = speakerFill < analysed ? echolessHops + 1 : 0;
  fillSilence();
  const end = (<usize>analysed) << 2;
  const begin = (<usize>(analysed - WINDOW_FRAMES)) << 2;
  bandLevels(SPEECH_MICROPHONE + begin, SPEECH_SPEAKER + begin, limits.MICROPHONE, limits.SPEAKER);
  const bands = limits.bandsAbove(speaking && speechHops < LONGEST_HOPS);
  const periodic = limits.share(periodicity(SPEECH_MICROPHONE + end), LEAST_PERIODICITY, FULL_PERIODICITY);
  const weight = max(periodic, PERIODICITY_KEPT * periodicBefore);
  periodicBefore = weight;
  const isSpeech = addEvidence(bands, weight);
  speechHops = score > 0 || speaking ? speechHops + 1 : 0;
  if (!speaking) {
    if (isSpeech) beginSpeech();
  } else if (bands > GOING_BANDS && weight > GOING_WEIGHT) {
    quietHops = 0;
  } else if (++quietHops > mostQuietHops) {
    forgetSpeech();
    limits.forgetWaiting();
  }
  if (!speaking) limits.learn(periodic);
}

/** @returns whether the score amounts to speech */
function addEvidence(bands: f32, weight: f32): bool {
  const extra = ECHO_NEED * (limits.echoProminenceDb - ECHO_FREE_DB);
  const need: f32 = <f32>1 + max<f32>(0, min(MOST_ECHO_NEED, extra));
  const change = HOP_GAIN * weight * limits.share(bands, LEAST_BANDS, FULL_BANDS) - HOP_LOSS;
  score = max<f32>(0, score + change);
  return score >= need;
}

function beginSpeech(): void {
  speaking = true;
  quietHops = 0;
  limits.forgetWaiting();
}
