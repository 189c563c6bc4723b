/** Time, as the agent sees it; tests put their own in its place. */
export interface Clock {
  /** Monotonic. */
  nowMs(): number;
  /** Milliseconds since 1970, for what is written into messages. */
  epochMs(): number;
  /** Runs the action once, later; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
