import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Where the focus goes when what had it is gone from sight: a reader at the keyboard must not start again at the top of the
 * page. To a place where Space and Enter do nothing: who is typing when a call ends must not begin another.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #focused: Element | null | undefined;
  /** What had the focus when the face asked something: it gets it back with the answer. */
  #asker: HTMLElement | null | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** To what is about to be drawn. */
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

/** What is not seen must not, though it may still have it. */
function takesFocus(element: HTMLElement | null | undefined): boolean {
  if (!element || !isSeen(element)) return false;
  element.focus();
  return element.matches(':focus');
}

function isSeen(element: Element): boolean {
  return getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0;
}
