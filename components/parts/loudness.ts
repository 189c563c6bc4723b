const FLOOR_DB = -52;
const CEILING_DB = -14;

/** Levels arrive about every 33 ms while there is sound; without one for this long, there is silence. */
export const LEVELS_EXPIRE_MS = 150;

/** For a second. */
const HISTORY_STEP_MS = 25;
const HISTORY_LENGTH = 40;

/** The visible loudness of an RMS level (linear, 0…1): 0 up to −52 dBFS, 1 from −14 dBFS, linear in dB between. */
export function loudness(rms: number): number {
  const share = (20 * Math.log10(rms) - FLOOR_DB) / (CEILING_DB - FLOOR_DB);
  // Not a number for what is no level.
  return Math.min(1, Math.max(0, share)) || 0;
}

/** Follows a loudness: rises quickly, falls slowly, independent of the frame rate. */
export class Follower {
  value = 0;
  /** Newest first. */
  readonly history = new Array<number>(HISTORY_LENGTH).fill(0);
  #dueMs = 0;

  /** Nothing was audible for the whole history. */
  get isSilent(): boolean {
    return !Math.max(this.value, ...this.history);
  }

  /** @param elapsedMs Since the previous step. */
  step(target: number, elapsedMs: number): void {
    const timeConstantMs = target > this.value ? 45 : 190;
    this.value += (target - this.value) * (1 - Math.exp(-elapsedMs / timeConstantMs));
    if (this.value < 0.003 && target === 0) this.value = 0;
    for (this.#dueMs += elapsedMs; this.#dueMs >= HISTORY_STEP_MS; this.#dueMs -= HISTORY_STEP_MS) {
      this.history.unshift(this.value);
      this.history.pop();
    }
  }

  silence(): void {
    this.value = 0;
    this.history.fill(0);
  }
}
