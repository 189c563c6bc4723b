import { outsideZones } from './zones.js';

const AREAS = '.transcript, .panel, .error, .consent, .sheet';

/**
 * The wheel over a scrollable area scrolls only that area: scripts of the page for smooth scrolling do not receive its
 * events. An area without overflow lets the page scroll.
 */
export function keepScrolling(host: HTMLElement): void {
  const settle = (event: Event): void => {
    for (const node of event.composedPath()) {
      if (node === host) return;
      if (!(node instanceof HTMLElement && node.matches(AREAS))) continue;
      const isScrollable = node.scrollHeight > node.clientHeight;
      // With `overscroll-behavior`, Chromium does not scroll the page even if the area has no overflow.
      node.style.overscrollBehavior = isScrollable ? '' : 'auto';
      if (isScrollable && event.type !== 'pointerover') event.stopPropagation();
    }
  };
  outsideZones(() => {
    for (const type of ['pointerover', 'wheel', 'touchmove'])
      host.addEventListener(type, settle, { passive: true });
  });
}
