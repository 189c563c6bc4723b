import type { ReactiveControllerHost } from 'lit';

/**
 * Keeps the scroll position of the transcript while its host is moved in the page; and while the transcript grows, for
 * browsers that do not: WebKit has no scroll anchoring.
 */
export function keepReadingPlace(host: ReactiveControllerHost & HTMLElement): void {
  const isAnchored = (globalThis as Partial<typeof globalThis>).CSS?.supports('overflow-anchor:auto');
  let height = 0;
  /** At the end it is 0, otherwise negative, because the scroller is reversed. */
  let place = 0;
  const findEntries = (): HTMLElement | null | undefined =>
    host.shadowRoot!.querySelector<HTMLElement>('.entries');
  const note = ({ target }: Event): void => {
    if (target === findEntries()?.parentElement) place = (target as Element).scrollTop;
  };
  host.addController({
    hostConnected() {
      host.shadowRoot!.addEventListener('scroll', note, true);
      const scroller = findEntries()?.parentElement;
      if (scroller && place) scroller.scrollTop = place;
    },
    hostUpdate() {
      if (!isAnchored) height = findEntries()?.offsetHeight ?? 0;
    },
    hostUpdated() {
      if (isAnchored) return;
      const entries = findEntries();
      const scroller = entries?.parentElement;
      const growth = (entries?.offsetHeight ?? 0) - height;
      // At its end it follows new entries.
      if (scroller && growth && scroller.scrollTop < 0) scroller.scrollTop -= growth;
    },
  });
}
