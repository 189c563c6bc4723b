import type { ReactiveControllerHost } from 'lit';

/** Keeps the scroll position while the transcript grows, for browsers that do not: WebKit has no scroll anchoring. */
export function keepReadingPlace(host: ReactiveControllerHost & HTMLElement): void {
  if ((globalThis as Partial<typeof globalThis>).CSS?.supports('overflow-anchor:auto')) return;
  let height = 0;
  const findEntries = (): HTMLElement | null | undefined =>
    host.shadowRoot!.querySelector<HTMLElement>('.entries');
  host.addController({
    hostUpdate() {
      height = findEntries()?.offsetHeight ?? 0;
    },
    hostUpdated() {
      const entries = findEntries();
      const scroller = entries?.parentElement;
      const growth = (entries?.offsetHeight ?? 0) - height;
      // Reversed, its end is at 0; at that position it follows new entries.
      if (scroller && growth && scroller.scrollTop < 0) scroller.scrollTop -= growth;
    },
  });
}
