/**
 * Whether somebody speaks into the microphone, in hops of 10 ms, while this side may be speaking itself.
 *
 * Both sides are brought to 8 kHz. A hop counts as far as its bands stand above what `band-limits.ts` allows them to hold
 * without anybody speaking, and as far as it is periodic. Hops add up to a score that leaks slowly (a one-sided
 * cumulative sum: Page, "Continuous inspection schemes", Biometrika 41, 1954), so that the holes which a canceller cuts
 * into a voice do not start it over.
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
/** Samples before a hop that its analysis looks at. */
const LOOKBACK_FRAMES: i32 = 256;
/** The most that one quantum brings, and what the resampler writes beyond. */
const MOST_NEW_FRAMES: i32 = 1024 + 8;
/** Levels the spectrum of speech, so that pitch is seen in its harmonics and hum is not. */
const EMPHASIS: f32 = 0.9;

// Of 16 bands: what counts nothing, and what counts in full.
const LEAST_BANDS: f32 = 1.56;
const FULL_BANDS: f32 = 7.27;
const LEAST_PERIODICITY: f32 = 0.4;
const FULL_PERIODICITY: f32 = 0.7;
/** A hop that counts in full is worth a third of what makes speech; every hop loses a tenth of that. */
const HOP_GAIN: f32 = 0.335;
const HOP_LOSS: f32 = 0.0325;
const MOST_SCORE: f32 = 1.5;
/** Speech goes on while some bands stand out and are periodic, … */
const GOING_BANDS: f32 = 2;
const GOING_WEIGHT: f32 = 0.2;
/** … with pauses up to this. */
const QUIET_HOPS: i32 = 30;

const microphone = changetype<Resampler>(SPEECH_MICROPHONE_SLOT);
const speaker = changetype<Resampler>(SPEECH_SPEAKER_SLOT);

// Indices into both sides' samples, on one time line: what has come of each, and what was analysed.
let microphoneFill: i32 = LOOKBACK_FRAMES;
let speakerFill: i32 = LOOKBACK_FRAMES;
let analysed: i32 = LOOKBACK_FRAMES;
let lastMicrophone: f32 = 0;
let lastSpeaker: f32 = 0;

let score: f32 = 0;
export let speaking: bool = false;
/** Hops since the score began to rise, while somebody speaks or seems to begin. */
export let speechHops: i32 = 0;
/** Of these, the newest in which nothing was heard. */
export let quietHops: i32 = 0;

export function configureSpeech(microphoneRateHz: i32, speakerRateHz: i32): void {
  prepareSpectrum();
  configureResampler(microphone, microphoneRateHz, ANALYSIS_RATE_HZ);
  configureResampler(speaker, speakerRateHz, ANALYSIS_RATE_HZ);
  memory.fill(SPEECH_MICROPHONE, 0, (<usize>(2 * SPEECH_FRAMES)) << 2);
  microphoneFill = LOOKBACK_FRAMES;
  speakerFill = LOOKBACK_FRAMES;
  analysed = LOOKBACK_FRAMES;
  forgetSpeech();
  limits.resetLimits();
}

function forgetSpeech(): void {
  score = 0;
  speaking = false;
  speechHops = 0;
  quietHops = 0;
}

/** `count` samples of the microphone. Nothing is concluded, and nothing learned, from a muted one. */
export function hearMicrophone(from: usize, count: i32, muted: bool): void {
  if (analysed > SPEECH_FRAMES - MOST_NEW_FRAMES) moveToFront();
  memory.copy(resamplerInput(microphone, count), from, (<usize>count) << 2);
  const to = SPEECH_MICROPHONE + ((<usize>microphoneFill) << 2);
  const added = runResampler(microphone, count, to, MOST_NEW_FRAMES);
  lastMicrophone = emphasize(to, added, lastMicrophone);
  microphoneFill += added;
  for (; microphoneFill - analysed >= HOP_FRAMES;) {
    analysed += HOP_FRAMES;
    if (muted) forgetSpeech();
    else hop();
  }
}

/**
 * `count` samples that go to the loudspeaker with a gain. While nothing goes there, it need not be called. What we
 * ducked ourselves is to be told as loud as it was before: else the bound would fall with it, and what is left of a
 * loud moment would look like speech.
 */
export function hearSpeaker(from: usize, count: i32, gain: f32): void {
  // after a silence it goes on at the present
  if (speakerFill < analysed) {
    const silence = SPEECH_SPEAKER + ((<usize>speakerFill) << 2);
    memory.fill(silence, 0, (<usize>(analysed - speakerFill)) << 2);
    speakerFill = analysed;
  }
  if (speakerFill > SPEECH_FRAMES - MOST_NEW_FRAMES) return;
  const input = resamplerInput(speaker, count);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) store<f32>(input + i, load<f32>(from + i) * gain);
  const to = SPEECH_SPEAKER + ((<usize>speakerFill) << 2);
  const added = runResampler(speaker, count, to, MOST_NEW_FRAMES);
  lastSpeaker = emphasize(to, added, lastSpeaker);
  speakerFill += added;
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

function emphasize(samples: usize, count: i32, before: f32): f32 {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
    const sample = load<f32>(samples + i);
    store<f32>(samples + i, sample - EMPHASIS * before);
    before = sample;
  }
  return before;
}

function hop(): void {
  if (speakerFill < analysed) {
    memory.fill(SPEECH_SPEAKER + ((<usize>speakerFill) << 2), 0, (<usize>(analysed - speakerFill)) << 2);
    speakerFill = analysed;
  }
  const end = (<usize>analysed) << 2;
  const begin = (<usize>(analysed - WINDOW_FRAMES)) << 2;
  bandLevels(SPEECH_MICROPHONE + begin, SPEECH_SPEAKER + begin, limits.MICROPHONE, limits.SPEAKER);
  const bands = limits.bandsAbove(speaking);
  const weight = limits.share(periodicity(SPEECH_MICROPHONE + end), LEAST_PERIODICITY, FULL_PERIODICITY);
  const before = score;
  score += HOP_GAIN * limits.share(bands, LEAST_BANDS, FULL_BANDS) * weight - HOP_LOSS;
  score = max<f32>(0, min(score, MOST_SCORE));
  speechHops = score > 0 || speaking ? speechHops + 1 : 0;
  if (!speaking) {
    if (score >= 1) beginSpeech();
  } else if (bands > GOING_BANDS && weight > GOING_WEIGHT) {
    quietHops = 0;
  } else if (++quietHops > QUIET_HOPS) {
    forgetSpeech();
    limits.forgetWaiting();
  }
  if (!speaking) limits.learn(weight);
}

function beginSpeech(): void {
  speaking = true;
  quietHops = 0;
  limits.forgetWaiting();
}
