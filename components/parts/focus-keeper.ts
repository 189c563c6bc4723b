import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Moves the focus when its element disappears, so that a keyboard user does not start at the top of the page. The new
 * place ignores Space and Enter: a user who is typing when a call ends must not start another.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #focused: Element | null | undefined;
  /** The element that had the focus before a question appeared. It gets the focus back with the answer. */
  #asker: HTMLElement | null | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Moves the focus to an element that is about to be rendered. */
  async move(selector: string): Promise<void> {
    await this.#host.updateComplete;
    this.#find(selector)?.focus({ preventScroll: true });
  }

  ask(): void {
    this.#asker ??= focusedIn(this.#host.ownerDocument);
    void this.move('.agree');
  }

  hostUpdate(): void {
    this.#focused = this.#host.shadowRoot?.activeElement;
  }

  hostUpdated(): void {
    const heirs = [this.#asker, this.#find('.rest'), this.#find('.launcher')];
    if (!this.#find('.agree')) this.#asker = undefined;
    if (this.#focused && !isSeen(this.#focused)) heirs.some(takesFocus);
  }

  #find(selector: string): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>(selector);
  }
}

/** Through shadow roots. */
function focusedIn({ activeElement }: DocumentOrShadowRoot): HTMLElement | null {
  const inside = activeElement?.shadowRoot && focusedIn(activeElement.shadowRoot);
  return inside ?? (activeElement as HTMLElement | null);
}

/** An invisible element must not keep the focus. */
function takesFocus(element: HTMLElement | null | undefined): boolean {
  if (!element || !isSeen(element)) return false;
  element.focus();
  return element.matches(':focus');
}

function isSeen(element: Element): boolean {
  return getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0;
}
