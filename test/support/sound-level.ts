import type { Sound } from './wav.js';

/** Samples below this count as silence: −54 dBFS, above the noise of every encoding. */
export const AUDIBLE = 0.002;

/** Root mean square, linear, 0…1. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

export function peak(samples: Float32Array): number {
  let largest = 0;
  for (const sample of samples) largest = Math.max(largest, Math.abs(sample));
  return largest;
}

export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

export interface Step {
  /** Absolute difference between two neighbouring samples. */
  readonly size: number;
  /** Index of the later one. */
  readonly frame: number;
}

/** The largest step between neighbouring samples. A click has a step far above those of the sound itself. */
export function largestStep(samples: Float32Array): Step {
  let size = 0;
  let frame = 0;
  for (let index = 1; index < samples.length; index += 1) {
    const difference = Math.abs(samples[index]! - samples[index - 1]!);
    if (difference > size) {
      size = difference;
      frame = index;
    }
  }
  return { size, frame };
}

/** Index of the first sample louder than the threshold, or −1. */
export function firstAudibleFrame(samples: Float32Array, threshold = AUDIBLE): number {
  return samples.findIndex((sample) => Math.abs(sample) > threshold);
}

/** Index of the last sample louder than the threshold, or −1. */
export function lastAudibleFrame(samples: Float32Array, threshold = AUDIBLE): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > threshold);
}

export interface Gap {
  readonly startMs: number;
  readonly durationMs: number;
}

export interface GapOptions {
  /** Shorter runs of silence are part of the sound, because a sine crosses zero all the time. */
  readonly minGapMs: number;
  readonly threshold?: number;
}

/** Runs of silence between the first and the last audible sample. Times count from the start of the sound. */
export function findGaps({ rateHz, samples }: Sound, { minGapMs, threshold = AUDIBLE }: GapOptions): Gap[] {
  const gaps: Gap[] = [];
  const minGapFrames = (minGapMs / 1000) * rateHz;
  let previous = -1;
  for (const [frame, sample] of samples.entries()) {
    if (Math.abs(sample) <= threshold) continue;
    const silentFrames = frame - previous - 1;
    if (previous >= 0 && silentFrames >= minGapFrames) {
      gaps.push({ startMs: ((previous + 1) / rateHz) * 1000, durationMs: (silentFrames / rateHz) * 1000 });
    }
    previous = frame;
  }
  return gaps;
}

export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** The stretches of sound between pauses of at least `minGapMs`: words, sentences or replies. */
export function findStretches(sound: Sound, options: GapOptions): Stretch[] {
  const { rateHz, samples } = sound;
  const first = firstAudibleFrame(samples, options.threshold);
  if (first < 0) return [];
  const last = lastAudibleFrame(samples, options.threshold);
  const gaps = findGaps(sound, options);
  const starts = [(first / rateHz) * 1000, ...gaps.map((gap) => gap.startMs + gap.durationMs)];
  const ends = [...gaps.map((gap) => gap.startMs), ((last + 1) / rateHz) * 1000];
  return starts.map((startMs, index) => ({ startMs, endMs: ends[index]! }));
}

/** Length of the audible parts of a sound, without the silence around it and the gaps in it. */
export function soundMs(sound: Sound, minGapMs = 5): number {
  return findStretches(sound, { minGapMs }).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
