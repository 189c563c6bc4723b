import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { PageListeners } from './page-listeners.js';
import { isInside } from './surroundings.js';

/**
 * Shows what has its place in the window (`popover="manual"`) in the top layer, where no `transform`, `overflow` or stacking
 * context around a host can cut it off or hide it. A page that sets `--voice-agent-z-index` wants it among its own layers,
 * as it is where the browser has no popovers.
 */
export class TopLayer implements ReactiveController {
  readonly #host: HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    new PageListeners(host, (page, signal) => {
      for (const type of ['toggle', 'fullscreenchange'])
        page.addEventListener(type, this.#rise, { signal, capture: true });
    });
  }

  hostUpdated(): void {
    const host = this.#host;
    if (!host.isConnected || getComputedStyle(host).getPropertyValue('--voice-agent-z-index')) return;
    for (const box of this.#boxes) if (!box.matches(':popover-open')) box.showPopover();
  }

  get #boxes(): HTMLElement[] {
    return [...this.#host.shadowRoot!.querySelectorAll<HTMLElement>('[popover]')].filter(
      (box) => 'showPopover' in box,
    );
  }

  /** A dialog or full screen that a host is in has covered it: above that again. */
  readonly #rise = ({ target }: Event): void => {
    if (!isInside(this.#host, target)) return;
    for (const box of this.#boxes) if (box.matches(':popover-open')) box.hidePopover();
    this.hostUpdated();
  };
}
