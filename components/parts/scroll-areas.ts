import { outsideZones } from './zones.js';

const AREAS = '.transcript, .panel, .error, .consent, .sheet';

/**
 * Scrolling over an area with more than it can show is scrolling in there: pages that scroll smoothly by script do not get
 * the wheel. An area that shows everything lets the page scroll.
 */
export function keepScrolling(host: HTMLElement): void {
  const settle = (event: Event): void => {
    for (const node of event.composedPath()) {
      if (node === host) return;
      if (!(node instanceof HTMLElement) || !node.matches(AREAS)) continue;
      const isScrollable = node.scrollHeight > node.clientHeight;
      // Chromium keeps wheel and finger from the page also where there is nothing to scroll.
      node.style.overscrollBehavior = isScrollable ? '' : 'auto';
      if (isScrollable && event.type !== 'pointerover') event.stopPropagation();
    }
  };
  outsideZones(() => {
    for (const type of ['pointerover', 'wheel', 'touchmove'])
      host.addEventListener(type, settle, { passive: true });
  });
}
