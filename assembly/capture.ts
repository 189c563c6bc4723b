/** Microphone → packets: sanitize, mute, resample, attenuate echo, encode, cut into 50 ms. */
import { PCM, bytesPerSample, encodeSamples, rateOf } from './codec';
import {
  CAPTURE_SLOT,
  OUTPUT,
  PACKETS,
  PACKET_CAPACITY,
  PACKET_MAX_BYTES,
  PACKET_STRIDE,
  STAGING_FRAMES,
} from './layout';
import { Meter, addToMeter, readMeter, sumOfSquares } from './meter';
import { applyRamp, approach } from './ramp';
import { Resampler, configureResampler, resamplerInput, runResampler } from './resampler';
import { hearMicrophone, mayBeEcho } from './speech';

/** Full scale is 1. A larger value means a broken device, and infinity would stay in the filter. */
const LOUDEST: f32 = 8;
/** −6 dB: enough for the service's detector to ignore most echo, too little to hide a voice that ours has missed. */
const ECHO_GAIN: f32 = 0.5;

const resampler = changetype<Resampler>(CAPTURE_SLOT);
const microphoneMeter = changetype<Meter>(memory.data(16, 8));
const packetMeter = changetype<Meter>(memory.data(16, 8));
let encoding: i32 = PCM;
let packetBytes: i32 = 2400;
let packetFill: i32 = 0;
let oldest: i32 = 0;
let ready: i32 = 0;
let muteStep: f32 = 0;
let mutedNow: bool = false;
let gain: f32 = 1;
let guardedNow: bool = false;
let echoGain: f32 = 1;

export function configureCapture(inputEncoding: i32, deviceRateHz: i32): void {
  encoding = inputEncoding;
  packetBytes = (rateOf(encoding) / 20) * bytesPerSample(encoding);
  packetFill = 0;
  oldest = 0;
  ready = 0;
  muteStep = <f32>(1.0 / (0.005 * <f64>deviceRateHz));
  gain = mutedNow ? 0 : 1;
  readMeter(packetMeter);
  readMeter(microphoneMeter);
  configureResampler(resampler, deviceRateHz, rateOf(encoding));
}

export function setMuted(muted: bool): void {
  mutedNow = muted;
}

export function guardMicrophone(guarded: bool): void {
  guardedNow = guarded;
}

export function microphoneLevel(): f64 {
  return readMeter(microphoneMeter);
}

/** Address for `frames` (≤ 1024) microphone floats, to be written before `capture`. */
export function captureInput(frames: i32): usize {
  return resamplerInput(resampler, frames + 4);
}

/** Takes the `frames` written at `captureInput`. Returns the number of complete packets. */
export function capture(frames: i32): i32 {
  const samples = captureInput(frames);
  sanitize(samples, frames);
  // Before muting, so that a user who speaks while muted can be told.
  const energy = sumOfSquares(samples, frames);
  addToMeter(packetMeter, energy, frames);
  addToMeter(microphoneMeter, energy, frames);
  const most = muteStep * <f32>frames;
  const nextGain = approach(gain, mutedNow ? 0 : 1, most);
  applyRamp(samples, frames, gain, nextGain);
  gain = nextGain;
  // 1024 frames at 8 kHz are 3072 at 24 kHz: one run always suffices
  const count = runResampler(resampler, frames, OUTPUT, STAGING_FRAMES);
  hearMicrophone(OUTPUT, count, mutedNow);
  // After the detector, which must hear what it judges.
  const nextEchoGain = approach(echoGain, guardedNow && mayBeEcho() ? ECHO_GAIN : 1, most);
  applyRamp(OUTPUT, count, echoGain, nextEchoGain);
  echoGain = nextEchoGain;
  pack(count);
  return ready;
}

/** NaN becomes 0 and the rest stays within ±8. Writes up to 3 floats past the end. */
function sanitize(samples: usize, frames: i32): void {
  for (; frames > 0; frames -= 4) {
    const x = v128.load(samples);
    const known = v128.and(x, f32x4.eq(x, x));
    v128.store(samples, f32x4.max(f32x4.min(known, f32x4.splat(LOUDEST)), f32x4.splat(-LOUDEST)));
    samples += 16;
  }
}

function pack(count: i32): void {
  const sampleBytes = bytesPerSample(encoding);
  let from = OUTPUT;
  while (count > 0) {
    const run = min(count, (packetBytes - packetFill) / sampleBytes);
    encodeSamples(encoding, from, run, packetAddress(ready) + <usize>packetFill);
    packetFill += run * sampleBytes;
    from += (<usize>run) << 2;
    count -= run;
    if (packetFill == packetBytes) finishPacket();
  }
}

/** Address of the oldest packet, or of a later one. */
function packetAddress(later: i32): usize {
  return PACKETS + <usize>(((oldest + later) % PACKET_CAPACITY) * PACKET_STRIDE);
}

function finishPacket(): void {
  store<f32>(packetAddress(ready), <f32>readMeter(packetMeter), PACKET_MAX_BYTES);
  packetFill = 0;
  ready++;
  // one slot is always being filled; if packets are not taken, the oldest is dropped
  if (ready == PACKET_CAPACITY) takePacket();
}

/** Removes the oldest packet and returns its address, where it stays for a second; 0 if there is none. */
export function takePacket(): usize {
  if (ready == 0) return 0;
  const address = packetAddress(0);
  oldest = (oldest + 1) % PACKET_CAPACITY;
  ready--;
  return address;
}
