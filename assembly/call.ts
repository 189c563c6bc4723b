/**
 * The exports of the call engine, for the audio worklet. Addresses are bytes; encodings are 0 PCM, 1 µ-law, 2 A-law.
 */
import { configureCapture } from './capture';
import { rateOf } from './codec';
import { writeG711Tables } from './g711';
import { configurePlayback } from './playback';
import { configureSpeech } from './speech';

export { captureInput, capture, guardMicrophone, setMuted, takePacket } from './capture';
export { allowGivingWay } from './give-way';
export { beginWrite, endTalkspurt, flush, hold, reading, render, setVolume, writeBytes } from './playback';

writeG711Tables();

/** Sets the encodings of both directions and discards everything in progress. */
export function setFormat(input: i32, output: i32, deviceRateHz: i32): void {
  configureCapture(input, deviceRateHz);
  configurePlayback(output, deviceRateHz);
  configureSpeech(rateOf(input), rateOf(output));
}
