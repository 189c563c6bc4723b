import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Keeps the scroll position while the transcript grows, for browsers that do not: WebKit has no scroll anchoring. */
export class ReadingPlace implements ReactiveController {
  readonly #host: HTMLElement;
  #height = 0;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    if (!(globalThis as Partial<typeof globalThis>).CSS?.supports('overflow-anchor:auto'))
      host.addController(this);
  }

  hostUpdate(): void {
    this.#height = this.#entries?.offsetHeight ?? 0;
  }

  hostUpdated(): void {
    const entries = this.#entries;
    const scroller = entries?.parentElement;
    const growth = (entries?.offsetHeight ?? 0) - this.#height;
    // Reversed, its end is at 0; at that position it follows new entries.
    if (scroller && growth && scroller.scrollTop < 0) scroller.scrollTop -= growth;
  }

  get #entries(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.entries');
  }
}
