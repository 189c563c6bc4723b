const FLOOR_DB = -52;
const CEILING_DB = -14;

/** How loud an RMS level (linear, 0…1) looks: 0 at −52 dBFS and below, 1 at −14 dBFS and above, even steps in dB. */
export function loudness(rms: number): number {
  if (!(rms > 0)) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/** Follows a loudness quickly up and slowly down, at the same pace on every screen. */
export class Follower {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  /** @param elapsedMs Since the last step. */
  step(target: number, elapsedMs: number): number {
    const timeConstantMs = target > this.#value ? 45 : 190;
    this.#value += (target - this.#value) * (1 - Math.exp(-elapsedMs / timeConstantMs));
    if (this.#value < 0.003 && target === 0) this.#value = 0;
    return this.#value;
  }

  set(value: number): void {
    this.#value = value;
  }
}
