/** The exports of the speech detector alone, for drawings of what it decides and why (test/room/detector-trace.ts). */
import { MICROPHONE, limitDb } from './band-limits';
import { INPUT } from './layout';
import { speaking } from './speech';

export { configureSpeech, hearMicrophone, hearSpeaker } from './speech';
export { BANDS } from './spectrum';

export function isSpeaking(): bool {
  return speaking;
}

/** Of the latest hop, dB. @param band 0 … 15 */
export function levelOf(band: i32): f32 {
  return load<f32>(MICROPHONE + ((<usize>band) << 2));
}

/** What that band may hold without a voice, dB. */
export function limitOf(band: i32): f32 {
  return limitDb((<usize>band) << 2);
}

/** Address of the samples to hear. */
export function inputAddress(): usize {
  return INPUT;
}
