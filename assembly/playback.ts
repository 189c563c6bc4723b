/**
 * Bytes of a reply → loudspeaker: ring, jitter buffer, resampler, fades.
 *
 * Two states. *Waiting*: nothing is consumed and silence is rendered, until there is a reason to play. *Playing*:
 * every quantum consumes what the resampler needs. Every stop (flush, hold, running dry) first takes the gain to 0
 * within 5 ms. On the next start the resampler's history is rebuilt, so that no old samples return.
 */
import { PCM, bytesPerSample, rateOf } from './codec';
import * as delay from './delay';
import { HELD, duckGain, endGivingWay, giveWay, giving, nextDuckGain } from './give-way';
import { beginArrivals, noteArrival, resetJitter, targetMs } from './jitter';
import { INPUT, OUTPUT, PLAYBACK_SLOT } from './layout';
import { Meter, addToMeter, readMeter, sumOfSquares } from './meter';
import { applyRamp, approach } from './ramp';
import {
  Resampler,
  configureResampler,
  primeResampler,
  resamplerDelayFrames,
  resamplerInput,
  resamplerNeeds,
  runResampler,
} from './resampler';
import * as ring from './ring';
import { hearSpeaker } from './speech';
import { speechReading } from './speech-reading';

const FADE_SECONDS: f64 = 0.005;
/** Audio that begins or ends below this (of 32768) needs no fade against a click. */
const QUIET_EDGE: i32 = 330;
/** Depth at which a reply that ran dry resumes. */
const REFILL_MS: f64 = 120;
/** Beyond this much buffered audio, arrivals are no longer measured. */
const DEEP_SECONDS: f64 = 2;
const SUB_BLOCK_FRAMES: i32 = 128;
/** Frames before the play position that stay in the ring, to rebuild the resampler's history. */
const LOOKBACK_FRAMES: i64 = 2048;

const resampler = changetype<Resampler>(PLAYBACK_SLOT);
const speakerMeter = changetype<Meter>(memory.data(16, 8));

let encoding: i32 = PCM;
let rateHz: f64 = 24_000;
let deviceRateHz: f64 = 48_000;
/** Stream frames per device frame. */
let ratio: f64 = 0.5;

let playing: bool = false;
/** Next frame for the resampler. */
let readFrames: i64 = 0;
/** The render clock in stream frames. */
let clock: f64 = 0;

// the latest talkspurt
let talkspurtOpen: bool = false;
let talkspurtStart: i64 = 0;
/** It is being played. Otherwise the reply before it comes first, and ends as the last one does. */
let playsLatest: bool = false;
let waitingSince: f64 = 0;
let messageFrames: i64 = 0;

/** Held by command, and held by speech. */
let heldByCommand: bool = false;
let heldNow: bool = false;
let heldAt: i64 = -1;
let playAtRelease: bool = false;
let flushingNow: bool = false;
/** Where the flushed audio begins, if an earlier flush is still fading; and where it ends. */
let flushStart: i64 = 0;
let flushEnd: i64 = 0;
let discarded: i64 = 0;
let carriedByte: i32 = -1;

let gain: f32 = 0;
let volume: f32 = 1;
let volumeTarget: f32 = 1;
let drainedFrames: i32 = 0;
/** The ring ran dry during speech; it is not yet known whether that was the reply's end. */
let dryInSpeech: bool = false;
/** It was not the end, so the silence since then counts as concealed. */
let concealing: bool = false;
let dryFrames: f64 = 0;

let underruns: f64 = 0;
let concealed: f64 = 0;

export function configurePlayback(outputEncoding: i32, deviceRate: i32): void {
  encoding = outputEncoding;
  rateHz = <f64>rateOf(encoding);
  deviceRateHz = <f64>deviceRate;
  ratio = rateHz / deviceRateHz;
  endTalkspurt();
  letGo();
  readFrames = 0;
  talkspurtStart = 0;
  delay.forgetIntroducedDelay();
  discarded = 0;
  volume = volumeTarget;
  readMeter(speakerMeter);
  ring.resetRing(rateOf(encoding));
  resetJitter();
  configureResampler(resampler, rateOf(encoding), deviceRate);
}

// ── input ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A message of `bytes` arrived at device frame `nowFrames`; its bytes follow in one or more calls of `writeBytes`. */
export function beginWrite(bytes: i32, nowFrames: f64): void {
  clock = nowFrames * ratio;
  ring.beginAudible();
  if (bytes == 0) return;
  // two replies are queued: a third waits, because only the boundary between two is known
  if (!talkspurtOpen && (flushingNow ? flushEnd : consumedFrames()) < talkspurtStart) return;
  const empty = ring.writtenFrames == readFrames || (flushingNow && ring.writtenFrames == flushEnd);
  if (!talkspurtOpen) beginTalkspurt();
  else if (empty && !playing) {
    waitingSince = clock;
    if (dryInSpeech) underruns++;
    concealing = concealing || dryInSpeech;
    dryInSpeech = false;
  }
  messageFrames = <i64>(bytes / bytesPerSample(encoding));
  // if far ahead of playback, arrival times do not show when the next message is due
  const ahead = <f64>(ring.writtenFrames - readFrames);
  if (ahead > DEEP_SECONDS * rateHz && ring.writtenFrames != talkspurtStart) return;
  const toMs = 1000 / rateHz;
  noteArrival(clock * toMs, <f64>ring.writtenFrames * toMs);
}

function beginTalkspurt(): void {
  talkspurtOpen = true;
  talkspurtStart = ring.writtenFrames;
  playsLatest = false;
  waitingSince = clock;
  if (!playing) delay.forgetIntroducedDelay();
  dryInSpeech = false;
  dryFrames = 0;
  beginArrivals();
}

/** Decodes bytes at `INPUT` into the ring; returns the number of bytes accepted. */
export function writeBytes(count: i32): i32 {
  if (!talkspurtOpen) return 0;
  const sampleBytes = bytesPerSample(encoding);
  const keepFrom = max<i64>(0, consumedFrames() - LOOKBACK_FRAMES);
  let space = ring.ringSpace(keepFrom);
  let from = INPUT;
  let left = count;
  if (carriedByte >= 0 && left > 0 && space > 0) {
    // the carried low byte and the first byte form a sample, assembled just before the others
    store<u8>(INPUT - 2, <u8>carriedByte);
    store<u8>(INPUT - 1, load<u8>(INPUT));
    ring.writeRing(encoding, INPUT - 2, 1, sampleBytes);
    carriedByte = -1;
    from++;
    left--;
    space--;
  }
  const samples = min(left / sampleBytes, space);
  ring.writeRing(encoding, from, samples, sampleBytes);
  left -= samples * sampleBytes;
  if (left == 1 && sampleBytes == 2 && carriedByte < 0) {
    carriedByte = <i32>load<u8>(from + <usize>(samples * sampleBytes));
    left = 0;
  }
  return count - left;
}

export function endTalkspurt(): void {
  talkspurtOpen = false;
  carriedByte = -1;
}

// ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

export function flush(): void {
  flushStart = flushingNow ? flushEnd : 0;
  flushEnd = ring.writtenFrames;
  endTalkspurt();
  flushingNow = true;
  if (!playing || gain == 0) finishFlush();
}

function finishFlush(): void {
  countDiscarded();
  readFrames = flushEnd;
  letGo();
}

/** Nothing is played or held any more. */
function letGo(): void {
  heldByCommand = false;
  heldNow = false;
  heldAt = -1;
  endGivingWay();
  playAtRelease = false;
  flushingNow = false;
  concealing = false;
  stop();
}

function countDiscarded(): void {
  discarded = max(0, flushEnd - max(flushStart, consumedFrames()));
}

export function hold(now: bool): void {
  if (now && flushingNow) return;
  heldByCommand = now;
  updateHold();
}

function updateHold(): void {
  const wanted = heldByCommand || giving == HELD;
  if (wanted == heldNow) return;
  heldNow = wanted;
  // released while still fading out: the audio never stopped, so it just fades in again
  if (playing) heldAt = wanted ? readFrames : -1;
}

function finishHold(): void {
  readFrames = heldAt;
  // after the last sample of a reply there is nothing to resume
  playAtRelease = heldAt < playableEnd();
  stop();
}

export function setVolume(linear: f32): void {
  volumeTarget = linear;
}

// ── rendering ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Renders `frames` (≤ 1024) floats at `OUTPUT`. */
export function render(frames: i32, nowFrames: f64): void {
  for (let done = 0; done < frames; done += SUB_BLOCK_FRAMES) {
    const count = min(SUB_BLOCK_FRAMES, frames - done);
    clock = (nowFrames + <f64>done) * ratio;
    if (!flushingNow) {
      giveWay(playing);
      updateHold();
    }
    renderBlock(OUTPUT + ((<usize>done) << 2), count);
  }
  addToMeter(speakerMeter, sumOfSquares(OUTPUT, frames), frames);
}

function renderBlock(to: usize, count: i32): void {
  if (!playing && !heldNow && mayStart()) start();
  if (!playing) {
    memory.fill(to, 0, (<usize>count) << 2);
    if (talkspurtOpen || ring.writtenFrames > readFrames) delay.introduceDelay(<f64>count * ratio);
    if (!heldNow) dryFrames += <f64>count * ratio;
    volume = volumeTarget;
    // a duck also ends in silence, or the next reply would begin with it
    nextDuckGain(<f64>count / deviceRateHz);
    return;
  }
  const needed = resamplerNeeds(resampler, count);
  const end = playableEnd();
  const adding = adjustDelay(needed, end);
  const taken = adding ? 0 : min(needed, <i32>(end - readFrames));
  const input = resamplerInput(resampler, needed + 8);
  ring.readRing(readFrames, taken, input);
  memory.fill(input + ((<usize>taken) << 2), 0, (<usize>(needed - taken)) << 2);
  readFrames += <i64>taken;
  hearSpeaker(input, needed, gain * volume);
  runResampler(resampler, needed, to, count);
  shape(to, count, adding ? needed : taken, needed, end);
}

/** Where consumption stops for now: the end of flushed audio, or the end of the reply before the latest. */
function playableEnd(): i64 {
  if (flushingNow) return flushEnd;
  return playsLatest ? ring.writtenFrames : talkspurtStart;
}

/** True if no more audio will arrive for what is being played. */
function isComplete(): bool {
  return !talkspurtOpen || !playsLatest;
}

function mayStart(): bool {
  const depth = ring.writtenFrames - readFrames;
  if (depth <= 0) return false;
  if (playAtRelease || !talkspurtOpen || readFrames < talkspurtStart) return true;
  // during a reply playback resumes soon, and the rest of the depth is gained in the next silence
  const wantedMs = readFrames > talkspurtStart ? min(targetMs, REFILL_MS) : targetMs;
  const target = (wantedMs * rateHz) / 1000;
  return clock - waitingSince >= target || <f64>(depth - messageFrames) >= target;
}

function start(): void {
  const resumed = playAtRelease || (readFrames > talkspurtStart && talkspurtOpen);
  if (concealing) concealed += dryFrames;
  concealing = false;
  dryFrames = 0;
  playing = true;
  playsLatest = readFrames >= talkspurtStart;
  playAtRelease = false;
  heldAt = -1;
  drainedFrames = 0;
  const quietEdge = abs(ring.sampleAt(readFrames)) < QUIET_EDGE;
  gain = <f32>(!resumed && quietEdge);
  primeHistory(resumed);
}

/** After a pause within a reply, the filter continues from the samples before it; a new reply follows silence. */
function primeHistory(resumed: bool): void {
  const history = primeResampler(resampler);
  if (!resumed) return;
  const wanted = <i64>(resamplerDelayFrames(resampler) * 2 - 1);
  const known = min(wanted, readFrames);
  if (known > 0) ring.readRing(readFrames - known, <i32>known, history + ((<usize>(wanted - known)) << 2));
}

function stop(): void {
  playing = false;
  gain = 0;
  dryFrames = 0;
}

/** Moves the delay towards the target inaudibly: skips silence, or returns true to insert some instead of consuming. */
function adjustDelay(needed: i32, end: i64): bool {
  if (flushingNow || heldNow || !delay.isInSilence(readFrames)) return false;
  if (!isComplete() && delay.lacksDelay(readFrames, clock, rateHz)) {
    delay.noteAddedSilence(<f64>needed);
    return true;
  }
  readFrames += delay.silenceToSkip(readFrames, end, clock, rateHz);
  return false;
}

/** Gain over one block, and the action when it has reached 0. */
function shape(to: usize, count: i32, taken: i32, needed: i32, end: i64): void {
  const dry = taken < needed;
  drainedFrames = dry ? drainedFrames + needed - taken : 0;
  const most = <f32>(<f64>count / (FADE_SECONDS * deviceRateHz));
  const nextVolume = approach(volume, volumeTarget, most);
  const loudness = volume * duckGain;
  const nextLoudness = nextVolume * nextDuckGain(<f64>count / deviceRateHz);
  // audio left to play: the true end of a reply is audible until it has left the filter
  const isFinal = isComplete();
  const inFilter = isFinal ? resamplerDelayFrames(resampler) : 0;
  const left = <f64>(end - readFrames) + <f64>(inFilter - drainedFrames);
  let next = approach(gain, flushingNow || heldNow ? 0 : 1, most);
  if (!flushingNow && !heldNow && !(isFinal && hasQuietEnd(end))) {
    next = <f32>max(0, min(left / (FADE_SECONDS * rateHz), <f64>next));
  }
  if (next == 0 && left < 0) {
    // the gain must reach 0 with the last frame
    const until = max(0, <i32>((<f64>count * (left + <f64>needed)) / <f64>needed));
    if (until > 0) applyRamp(to, until, gain * loudness, 0);
    memory.fill(to + ((<usize>until) << 2), 0, (<usize>(count - until)) << 2);
  } else {
    applyRamp(to, count, gain * loudness, next * nextLoudness);
  }
  gain = next;
  volume = nextVolume;
  settle(dry);
}

function hasQuietEnd(end: i64): bool {
  return end > 0 && abs(ring.sampleAt(end - 1)) < QUIET_EDGE;
}

function settle(dry: bool): void {
  if (flushingNow) {
    if (gain == 0) finishFlush();
  } else if (heldNow) {
    if (gain == 0) finishHold();
  } else if (dry && (gain == 0 || drainedFrames >= 2 * resamplerDelayFrames(resampler))) {
    const lately = readFrames - 2 * <i64>ring.blockFrames;
    dryInSpeech = !isComplete() && delay.isAudibleBetween(lately, readFrames);
    stop();
  }
}

// ── readings ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** While held, where `release` resumes. */
function consumedFrames(): i64 {
  return heldAt >= 0 ? min(heldAt, readFrames) : readFrames;
}

/**
 * One function for all rarely read values: an export for each would be larger than all of their code.
 * src/engine/engine-exports.ts has the numbers.
 */
export function reading(which: i32): f64 {
  switch (which) {
    case 0:
      return <f64>ring.writtenFrames;
    case 1:
      return <f64>consumedFrames();
    case 2:
      if (flushingNow) countDiscarded();
      return <f64>discarded;
    case 3:
      return <f64>ring.firstAudible;
    case 4:
      return <f64>ring.lastAudible;
    case 5:
      return <f64>(ring.writtenFrames - consumedFrames());
    case 6:
      return nearest(delay.targetDepth(rateHz));
    case 7:
      return underruns;
    case 8:
      return nearest(concealed);
    case 9:
      return delay.skippedSilence;
    case 10:
      return delay.addedSilence;
    case 11:
      return <f64>flushingNow;
    case 12:
      return <f64>heldByCommand;
    case 13:
      return readMeter(speakerMeter);
    default:
      return speechReading(which);
  }
}
