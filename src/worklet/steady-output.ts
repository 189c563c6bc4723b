/**
 * Detects when the output is reliable after a microphone was opened. A Bluetooth headset then changes its profile:
 * its speaker is silent for a while, and the render clock stalls or jumps. Ordinary outputs run evenly.
 *
 * Real-time: does not allocate.
 */

/** Rendering in bursts of up to 20 ms is even; a longer gap is a stall. */
const UNEVEN_MS = 60;
/** Even for this long is steady. */
const STEADY_MS = 100;
/** An output that never runs evenly is as good as it gets. */
const MAX_WAIT_MS = 3_000;

export class SteadyOutput {
  readonly #rateHz: number;
  #leastFrames = 0;
  #renderedFrames = 0;
  #evenFrames = 0;
  #beganMs = 0;
  #lastMs = 0;
  #dueMs = 0;
  #waiting = false;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** Playback should wait. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** A microphone was opened. */
  begin(atLeastMs: number, nowMs: number): void {
    this.#waiting = true;
    this.#leastFrames = (atLeastMs * this.#rateHz) / 1_000;
    this.#renderedFrames = 0;
    this.#beganMs = nowMs;
    this.#restart(nowMs);
  }

  /** `frames` more were rendered. */
  advance(frames: number, nowMs: number): void {
    if (!this.#waiting) return;
    this.#dueMs += (frames * 1_000) / this.#rateHz;
    // Behind its clock, it has stalled; ahead of it, it is catching up.
    if (nowMs - this.#lastMs > UNEVEN_MS || Math.abs(nowMs - this.#dueMs) > UNEVEN_MS) this.#restart(nowMs);
    this.#lastMs = nowMs;
    this.#renderedFrames += frames;
    this.#evenFrames += frames;
    const isSteady =
      this.#evenFrames * 1_000 >= STEADY_MS * this.#rateHz && this.#renderedFrames >= this.#leastFrames;
    if (isSteady || nowMs - this.#beganMs >= MAX_WAIT_MS) this.#waiting = false;
  }

  #restart(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#dueMs = nowMs;
    this.#evenFrames = 0;
  }
}
