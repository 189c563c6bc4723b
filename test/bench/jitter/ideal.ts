import { BEST_MS, type Trace } from './networks.js';
import type { Call, Stretch } from './speech.js';

/** Lateness of each frame, relative to the network's best case. */
function lateness(trace: Trace, frame: number): number {
  return trace.arrivedMs[frame]! - trace.sentMs[frame]! - BEST_MS;
}

/** Gaps in one stretch of speech played with a constant delay: runs of frames that arrive too late. */
function gapsOf(stretch: Stretch, trace: Trace, delayMs: number): number {
  let gaps = 0;
  let missing = false;
  for (let frame = stretch.first; frame < stretch.end; frame++) {
    const late = lateness(trace, frame) > delayMs;
    if (late && !missing) gaps++;
    missing = late;
  }
  return gaps;
}

/** The fewest gaps of a buffer with a constant delay throughout the call. */
export function gapsAtConstantDelay(call: Call, trace: Trace, delayMs: number): number {
  return call.stretches.reduce((sum, stretch) => sum + gapsOf(stretch, trace, delayMs), 0);
}

/**
 * Gaps that are unavoidable for a buffer that begins with this small delay and learns only from arrivals. 1 if the first
 * frame of the call that is later than that is speech, 0 if silence gave a warning.
 */
export function unforeseeableGaps(call: Call, trace: Trace, firstDelayMs: number): number {
  const first = trace.arrivedMs.findIndex((_, frame) => lateness(trace, frame) > firstDelayMs);
  return call.stretches.some((stretch) => stretch.first <= first && first < stretch.end) ? 1 : 0;
}

/**
 * The fewest gaps of any buffer that knows the whole trace in advance, chooses a delay for every stretch of speech,
 * and may have `meanDelayMs` on average over all speech: the bound of Moon, Kurose and Towsley (Packet audio playout
 * delay adjustment: performance bounds and algorithms, 1998), by dynamic programming over the number of gaps. It may even
 * squeeze pauses to nothing, so that no real buffer can do better.
 */
export function gapsInHindsight(call: Call, trace: Trace, meanDelayMs: number): number {
  const speechFrames = call.stretches.reduce((sum, { first, end }) => sum + end - first, 0);
  // cost[g]: the least Σ delay · frames of the stretches so far with g gaps in all
  let cost = [0];
  for (const stretch of call.stretches) {
    const options = cheapestDelays(stretch, trace);
    const next: number[] = [];
    for (let before = 0; before < cost.length; before++) {
      options.forEach((delayMs, gaps) => {
        const total = cost[before]! + delayMs * (stretch.end - stretch.first);
        next[before + gaps] = Math.min(next[before + gaps] ?? Infinity, total);
      });
    }
    cost = next;
  }
  const fewest = cost.findIndex((total) => total <= meanDelayMs * speechFrames);
  return fewest < 0 ? cost.length : fewest;
}

/** By number of gaps: the smallest constant delay with which a stretch has no more of them. */
function cheapestDelays(stretch: Stretch, trace: Trace): number[] {
  const delays = new Set([0]);
  for (let frame = stretch.first; frame < stretch.end; frame++)
    delays.add(Math.max(0, lateness(trace, frame)));
  const cheapest: number[] = [];
  // from the largest delay, which has no gaps, downwards: a smaller one may join two gaps to one, so that every
  // number of gaps from its own on becomes as cheap
  for (const delayMs of [...delays].sort((a, b) => b - a)) {
    const gaps = gapsOf(stretch, trace, delayMs);
    for (let g = gaps; g < cheapest.length; g++) cheapest[g] = delayMs;
    while (cheapest.length <= gaps) cheapest.push(cheapest.length < gaps ? cheapest.at(-1)! : delayMs);
  }
  return cheapest;
}
