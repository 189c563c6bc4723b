import type { Sound } from './wav.js';

export interface Tone {
  readonly frequencyHz: number;
  readonly durationMs: number;
  /** Peak, 0…1. */
  readonly amplitude: number;
  readonly rateHz: number;
  /** Length of the raised-cosine ramps at both ends. Default 5; 0 for none. */
  readonly rampMs?: number;
}

/** A sine that starts at phase 0. */
export function makeTone({ frequencyHz, durationMs, amplitude, rateHz, rampMs = 5 }: Tone): Sound {
  const samples = new Float32Array(Math.round((durationMs / 1000) * rateHz));
  const rampFrames = Math.round((rampMs / 1000) * rateHz);
  for (let frame = 0; frame < samples.length; frame += 1) {
    const fromEdge = Math.min(frame, samples.length - 1 - frame);
    const ramp = fromEdge < rampFrames ? 0.5 - 0.5 * Math.cos((Math.PI * fromEdge) / rampFrames) : 1;
    samples[frame] = amplitude * ramp * Math.sin((2 * Math.PI * frequencyHz * frame) / rateHz);
  }
  return { rateHz, samples };
}

/** Joins sounds of the same rate. */
export function concatenate(first: Sound, ...more: readonly Sound[]): Sound {
  if (more.some(({ rateHz }) => rateHz !== first.rateHz))
    throw new Error('Sounds of different rates cannot be joined.');
  return { rateHz: first.rateHz, samples: joinSamples([first, ...more].map(({ samples }) => samples)) };
}

export function joinSamples(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function makeSilence(durationMs: number, rateHz: number): Sound {
  return { rateHz, samples: new Float32Array(Math.round((durationMs / 1000) * rateHz)) };
}

/** The part `[fromMs, toMs)` of a sound, which shares its memory. */
export function slice({ rateHz, samples }: Sound, fromMs: number, toMs = Infinity): Sound {
  const toFrame = (ms: number) => Math.min(samples.length, Math.max(0, Math.round((ms / 1000) * rateHz)));
  return { rateHz, samples: samples.subarray(toFrame(fromMs), toFrame(toMs)) };
}
