/** The service's three encodings. The client's engine converts them; tests check it against an independent reference. */
import { createEngine, type Engine } from '../src/engine/create-engine.js';

export type Encoding = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

export const RATE_HZ: Readonly<Record<Encoding, 24_000 | 8_000>> = {
  'audio/pcm': 24_000,
  'audio/pcmu': 8_000,
  'audio/pcma': 8_000,
};

export const BYTES_PER_SAMPLE: Readonly<Record<Encoding, 1 | 2>> = {
  'audio/pcm': 2,
  'audio/pcmu': 1,
  'audio/pcma': 1,
};

/** Size of one message of the service: 10 ms of PCM, 37.5 ms of G.711. */
export const FRAME_BYTES: Readonly<Record<Encoding, number>> = {
  'audio/pcm': 480,
  'audio/pcmu': 300,
  'audio/pcma': 300,
};

let shared: Promise<Engine> | undefined;

/** One engine for the whole process (or thread). */
export function sharedEngine(): Promise<Engine> {
  return (shared ??= createEngine());
}

/** Resamples a whole recording. The result starts and ends where the original does. */
export function resampleWhole(
  engine: Engine,
  input: Float32Array,
  inputRateHz: number,
  outputRateHz: number,
): Float32Array {
  if (inputRateHz === outputRateHz) return input;
  const resampler = engine.createResampler({ inputRate: inputRateHz, outputRate: outputRateHz });
  const [body, tail] = [resampler.process(input), resampler.flush()];
  const delayed = new Float32Array(body.length + tail.length);
  delayed.set(body);
  delayed.set(tail, body.length);
  const ratio = outputRateHz / inputRateHz;
  const start = Math.round(resampler.delayFrames * ratio);
  const output = new Float32Array(Math.round(input.length * ratio));
  output.set(delayed.subarray(start, start + output.length));
  return output;
}
