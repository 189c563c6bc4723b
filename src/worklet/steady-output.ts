/**
 * Watches the output after a microphone was opened. A Bluetooth headset then changes its profile: its speaker is
 * silent for a while, and the render clock stalls or jumps. Playback waits for as long as a known headset needs, and
 * after every stall of any other output. Ordinary outputs run evenly and are not waited for.
 *
 * Real-time: does not allocate.
 */

/** Rendering in bursts of up to 20 ms is even; a longer gap is a stall. */
const UNEVEN_MS = 60;
/** Even for this long is steady. */
const STEADY_MS = 100;
/** An output that never runs evenly is as good as it gets. */
const MAX_WAIT_MS = 3_000;
/** A headset begins to change its profile soon after the microphone is open. */
const WATCH_MS = 1_000;

export class SteadyOutput {
  readonly #rateHz: number;
  #leastFrames = 0;
  #renderedFrames = 0;
  #evenFrames = 0;
  #beganMs = 0;
  #lastMs = 0;
  #dueMs = 0;
  #watching = false;
  #waiting = false;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** `advance()` must be called for every render quantum. */
  get watching(): boolean {
    return this.#watching;
  }

  /** Playback should wait. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** A microphone was opened, and the output certainly needs `atLeastMs`. */
  begin(atLeastMs: number, nowMs: number): void {
    this.#watching = true;
    this.#waiting = atLeastMs > 0;
    this.#leastFrames = (atLeastMs * this.#rateHz) / 1_000;
    this.#renderedFrames = 0;
    this.#beganMs = nowMs;
    this.#restart(nowMs);
  }

  /** `frames` more were rendered. */
  advance(frames: number, nowMs: number): void {
    if (!this.#watching) return;
    this.#dueMs += (frames * 1_000) / this.#rateHz;
    // Behind its clock, it has stalled; ahead of it, it is catching up.
    if (nowMs - this.#lastMs > UNEVEN_MS || Math.abs(nowMs - this.#dueMs) > UNEVEN_MS) {
      this.#restart(nowMs);
      this.#waiting = true;
    }
    this.#lastMs = nowMs;
    this.#renderedFrames += frames;
    this.#evenFrames += frames;
    const isSteady =
      this.#evenFrames * 1_000 >= STEADY_MS * this.#rateHz && this.#renderedFrames >= this.#leastFrames;
    const passedMs = nowMs - this.#beganMs;
    if (isSteady || passedMs >= MAX_WAIT_MS) this.#waiting = false;
    this.#watching = this.#waiting || passedMs < WATCH_MS;
  }

  #restart(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#dueMs = nowMs;
    this.#evenFrames = 0;
  }
}
