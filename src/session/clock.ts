/** Time, injected: tests control the clock. */
export interface Clock {
  /** Monotonic milliseconds that also count while the machine sleeps. */
  now(): number;
  /** Calls back once after `delayMs` awake; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Smaller differences come from reading the clocks at different moments, or from a small correction. */
const SLEEP_MS = 1_000;

/**
 * `performance.now()` stands still while some machines sleep. The wall clock continues, but may be set back.
 * @param steadyMs monotonic
 * @param wallMs of the wall clock
 * @returns the first, plus the time that only the second has counted
 */
function countingSleep(steadyMs: () => number, wallMs: () => number): () => number {
  let sleptMs = 0;
  let aheadMs = wallMs() - steadyMs();
  return () => {
    const nowMs = steadyMs();
    const missedMs = wallMs() - nowMs - aheadMs;
    if (missedMs > SLEEP_MS) sleptMs += missedMs;
    aheadMs += missedMs;
    return nowMs + sleptMs;
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
