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
  const find = (): Element | null => host.shadowRoot!.querySelector('.transcript');
  const note = ({ target }: Event): void => {
    if (target === find()) place = (target as Element).scrollTop;
  };
  host.addController({
    hostConnected() {
      host.shadowRoot!.addEventListener('scroll', note, true);
      const scroller = find();
      if (scroller && place) scroller.scrollTop = place;
    },
    hostUpdate() {
      if (!isAnchored) height = find()?.scrollHeight ?? 0;
    },
    hostUpdated() {
      const scroller = find();
      if (isAnchored || !scroller) return;
      const growth = scroller.scrollHeight - height;
      // At its end it follows new entries.
      if (growth && scroller.scrollTop < 0) scroller.scrollTop -= growth;
    },
  });
}
