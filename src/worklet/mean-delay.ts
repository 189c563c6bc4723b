/** The mean of delays since it was last read. Real-time: allocates nothing. */
export class MeanDelay {
  #sumMs = 0;
  #count = 0;
  #latestMs: number | undefined;

  /** The wall clock may be set back meanwhile: what seems negative counts as nothing. */
  add(delayMs: number): void {
    this.#sumMs += Math.max(0, delayMs);
    this.#count++;
  }

  /** In ms; of the time before when nothing was added since, undefined before the first. */
  read(): number | undefined {
    if (this.#count > 0) this.#latestMs = this.#sumMs / this.#count;
    this.#sumMs = 0;
    this.#count = 0;
    return this.#latestMs;
  }
}
