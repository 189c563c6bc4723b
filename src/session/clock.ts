/** Time, injected: tests turn the hands themselves. */
export interface Clock {
  /** Milliseconds that never go back, and that count while the machine sleeps. */
  now(): number;
  /** Calls back once after `delayMs` of being awake; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Clocks that differ by less were only read at different moments, or one was corrected a little. */
const SLEEP_MS = 1_000;

/**
 * `performance.now()` stands still while some machines sleep; the wall clock goes on, but may be set back.
 * @param steadyMs never goes back
 * @param wallMs of the wall clock
 * @returns the first one, with the time that only the second one has counted
 */
export function countingSleep(steadyMs: () => number, wallMs: () => number): () => number {
  let sleptMs = 0;
  let last = { steadyMs: steadyMs(), wallMs: wallMs() };
  return () => {
    const now = { steadyMs: steadyMs(), wallMs: wallMs() };
    const missedMs = now.wallMs - last.wallMs - (now.steadyMs - last.steadyMs);
    if (missedMs > SLEEP_MS) sleptMs += missedMs;
    last = now;
    return now.steadyMs + sleptMs;
  };
}

export const systemClock: Clock = {
  now: countingSleep(
    () => performance.now(),
    () => Date.now(),
  ),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
