import { LEVELS_EXPIRE_MS, loudness } from '../parts/loudness.js';

/** Shows levels on a `role="meter"` without re-rendering its host for each one. */
export class LevelMeter {
  readonly #find: () => HTMLElement | null | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(find: () => HTMLElement | null | undefined) {
    this.#find = find;
  }

  /** @param rms linear, 0…1. */
  show(rms: number): void {
    clearTimeout(this.#timer);
    this.#draw(loudness(rms));
    if (rms > 0) this.#timer = setTimeout(() => this.#draw(0), LEVELS_EXPIRE_MS);
  }

  #draw(level: number): void {
    const meter = this.#find();
    // A property set by script is not an inline style under a strict policy.
    meter?.style.setProperty('--_level', level.toFixed(3));
    // In steps, so that assistive technology does not announce every breath.
    meter?.setAttribute('aria-valuenow', String(Math.round(level * 10) * 10));
  }
}
