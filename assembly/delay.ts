/**
 * Keeps the playback delay near the jitter buffer's target by changes that are inaudible, in silence. The delay is
 * the time from the moment when the network's best case would have delivered a frame to the moment when it is played.
 */
import { bestArrivalMs, targetMs } from './jitter';
import * as ring from './ring';

/** Tolerated delay above the target before silence is skipped. */
const SLACK_SECONDS: f64 = 0.01;

/** Frames of delay that this side has added in this talkspurt: waiting, refilling, holding, inserted silence. */
let introducedFrames: f64 = 0;
export let skippedSilence: f64 = 0;
export let addedSilence: f64 = 0;

export function forgetIntroducedDelay(): void {
  introducedFrames = 0;
}

export function introduceDelay(frames: f64): void {
  introducedFrames += frames;
}

/** The jitter buffer's target in frames. */
export function targetDepth(rateHz: f64): f64 {
  return (targetMs * rateHz) / 1000;
}

/** Delay of playing `position` at `clock`; all in frames. */
function delayOf(position: i64, clock: f64, rateHz: f64): f64 {
  return clock - <f64>position - (bestArrivalMs * rateHz) / 1000;
}

/** The samples just played and those that follow are silent, so that a change is inaudible. */
export function isInSilence(position: i64): bool {
  return !isAudibleBetween(position - <i64>ring.blockFrames, position + 1);
}

export function isAudibleBetween(from: i64, to: i64): bool {
  return ring.peakBetween(from, to) > ring.AUDIBLE_PEAK;
}

/** Whether silence should be added before `position`. */
export function lacksDelay(position: i64, clock: f64, rateHz: f64): bool {
  return delayOf(position, clock, rateHz) + <f64>ring.blockFrames <= targetDepth(rateHz);
}

export function noteAddedSilence(frames: f64): void {
  addedSilence += frames;
  introducedFrames += frames;
}

/**
 * Frames of silence to skip from `position` on: the delay above the target, but never more than this side has added.
 * So the pauses of a server that sends faster than real time keep their length.
 */
export function silenceToSkip(position: i64, end: i64, clock: f64, rateHz: f64): i64 {
  const target = targetDepth(rateHz);
  const depth = <f64>(end - position);
  const excess = min(min(delayOf(position, clock, rateHz), depth) - target, introducedFrames);
  if (excess < SLACK_SECONDS * rateHz) return 0;
  const block = <i64>ring.blockFrames;
  let skipped: i64 = 0;
  while (<f64>(skipped + block) <= excess && isSilentAround(position + skipped, end)) skipped += block;
  skippedSilence += <f64>skipped;
  introducedFrames -= <f64>skipped;
  return skipped;
}

/** The block at `position`, the previous one and the next two are available and silent. */
function isSilentAround(position: i64, end: i64): bool {
  const block = <i64>ring.blockFrames;
  const after = position + 3 * block;
  return after <= end && !isAudibleBetween(position - block, after);
}
