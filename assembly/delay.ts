/**
 * Keeps the delay of playback near the jitter buffer's target where it is not heard: in silence. The delay is the time
 * from the moment the network at its best would have delivered a frame to the moment it is played.
 */
import { bestArrivalMs, targetMs } from './jitter';
import * as ring from './ring';

/** Delay above the target that is tolerated before silence is skipped. */
const SLACK_SECONDS: f64 = 0.01;

/** Frames of delay that this side has caused in this talkspurt: waiting, refilling, holding, added silence. */
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

/** Delay of playing `position` at `clock`; both in frames. */
function delayOf(position: i64, clock: f64, rateHz: f64): f64 {
  return clock - <f64>position - (bestArrivalMs * rateHz) / 1000;
}

/** What was played last and what comes next is silent, so that nothing done here is heard. */
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
 * Frames of silence to skip from `position` on: the delay above the target, but never more than this side has caused, so
 * that the pauses of a server that sends faster than real time stay as they are.
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

/** The block at `position` and its neighbours, two of them after it, are here and silent. */
function isSilentAround(position: i64, end: i64): bool {
  const block = <i64>ring.blockFrames;
  const after = position + 3 * block;
  return after <= end && !isAudibleBetween(position - block, after);
}
