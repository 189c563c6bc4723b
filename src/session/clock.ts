/** Time, injected: tests control the clock. */
export interface Clock {
  /** Monotonic milliseconds that also count while the machine sleeps. */
  now(): number;
  /** Calls back once after `delayMs` awake; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Smaller differences come from reading the clocks at different moments, or from a small correction. */
const SLEEP_MS = 1_000;

let sleptMs = 0;
/** The wall clock's lead over the monotonic one. */
let aheadMs = Date.now() - performance.now();

export const systemClock: Clock = {
  /** `performance.now()` stands still while some machines sleep. The wall clock continues, but may be set back. */
  now() {
    const nowMs = performance.now();
    const missedMs = Date.now() - nowMs - aheadMs;
    if (missedMs > SLEEP_MS) sleptMs += missedMs;
    aheadMs += missedMs;
    return nowMs + sleptMs;
  },
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
