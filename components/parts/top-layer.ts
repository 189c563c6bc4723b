import type { ReactiveControllerHost } from 'lit';
import { listenToPage } from './page-listeners.js';
import { around, isAround } from './surroundings.js';

/**
 * Shows the popovers of a host (`popover="manual"`) in the top layer, where no `transform`, `overflow` or stacking context
 * of the page can clip or hide them. They stay among the page's layers if the page sets `--voice-agent-z-index`, or if the
 * browser has no popovers.
 */
export function showInTopLayer(host: ReactiveControllerHost & HTMLElement): void {
  const toggle = (isShown: boolean): void => {
    const boxes = host.shadowRoot!.querySelectorAll<HTMLElement>('[popover]');
    // Without a popover, nothing may cost the page a computed style at every redraw. A closed window has none.
    if (!boxes.length || !host.isConnected || !host.ownerDocument.defaultView) return;
    const isTop = isShown && !getComputedStyle(host).getPropertyValue('--voice-agent-z-index');
    for (const box of boxes) (box as Partial<HTMLElement>).togglePopover?.(isTop);
  };
  let latest: Element | null;
  const hostUpdated = (): void => {
    // A dialog may have covered the messages unnoticed: in a closed shadow root, or in a browser without its `toggle`.
    const question = host.shadowRoot!.querySelector('.pop .retry');
    if (question && question !== latest) toggle(false);
    latest = question;
    toggle(true);
  };
  host.addController({ hostUpdated });
  listenToPage(host, (page, signal) => {
    // A modal dialog or full-screen element that contains the host has just covered its popovers.
    const rise = ({ target }: Event): void => {
      if (!isAround(target, host)) return;
      toggle(false);
      toggle(true);
    };
    // `toggle` does not leave a shadow root, such as that of a dialog into which the host is slotted.
    const roots = new Set<Node>([page]);
    for (let each = around(host); each; each = around(each)) roots.add(each.getRootNode());
    for (const type of ['toggle', 'fullscreenchange'])
      for (const root of roots) root.addEventListener(type, rise, { signal, capture: true });
  });
}
