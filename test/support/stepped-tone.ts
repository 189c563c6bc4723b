import type { Sound } from './wav.js';

const FIRST_HZ = 400;
const STEP_HZ = 60;
export const STEP_MS = 200;

/** A tone that rises a step every 200 ms, so the pitch of each part tells its position. */
export function steppedTone(steps: number, rateHz = 48_000): Sound {
  const framesPerStep = (STEP_MS / 1_000) * rateHz;
  const samples = new Float32Array(steps * framesPerStep);
  let phase = 0;
  for (let frame = 0; frame < samples.length; frame++) {
    samples[frame] = 0.4 * Math.sin(phase);
    phase += (2 * Math.PI * (FIRST_HZ + STEP_HZ * Math.floor(frame / framesPerStep))) / rateHz;
  }
  return { rateHz, samples };
}

/**
 * The steps that are heard, in order. A step counts if 60 ms of it are heard.
 * Frequencies are read from zero crossings, to which a level or a delay does nothing.
 */
export function heardSteps({ samples, rateHz }: Sound): number[] {
  const window = Math.round(rateHz * 0.06);
  const steps: number[] = [];
  for (let start = 0; start + window <= samples.length; start += window >> 2) {
    const step = stepOf(samples.subarray(start, start + window), rateHz);
    if (step !== undefined && step !== steps.at(-1)) steps.push(step);
  }
  return steps;
}

function stepOf(samples: Float32Array, rateHz: number): number | undefined {
  const crossings: number[] = [];
  let peak = 0;
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1]!, samples[i]!];
    peak = Math.max(peak, Math.abs(after));
    if (before < 0 && after >= 0) crossings.push(i - after / (after - before));
  }
  if (peak < 0.02 || crossings.length < 5) return undefined;
  const periods = crossings.slice(1).map((at, index) => at - crossings[index]!);
  // In a window that contains a step or a cut, the periods differ.
  if (Math.max(...periods) - Math.min(...periods) > 0.05 * Math.max(...periods)) return undefined;
  const hz = ((crossings.length - 1) * rateHz) / (crossings.at(-1)! - crossings[0]!);
  return Math.max(0, Math.round((hz - FIRST_HZ) / STEP_HZ));
}
