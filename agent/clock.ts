/** The agent's clock; tests inject their own. */
export interface Clock {
  /** Monotonic. */
  nowMs(): number;
  /** Milliseconds since 1970, for timestamps in messages. */
  epochMs(): number;
  /** Runs the action once, later. @returns a function that cancels it */
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
