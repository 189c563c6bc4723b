/** The mean of delays since it was last read. Real-time: does not allocate. */
export class MeanDelay {
  #sumMs = 0;
  #count = 0;
  #latestMs: number | undefined;

  /** The wall clock may have been set back: negative values count as 0. */
  add(delayMs: number): void {
    this.#sumMs += Math.max(0, delayMs);
    this.#count++;
  }

  /** In ms; the previous value if nothing was added since, undefined before the first. */
  read(): number | undefined {
    if (this.#count > 0) this.#latestMs = this.#sumMs / this.#count;
    this.#sumMs = 0;
    this.#count = 0;
    return this.#latestMs;
  }
}
