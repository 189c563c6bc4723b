import type { ReactiveControllerHost } from 'lit';

export interface FocusKeeper {
  /** Moves the focus to an element that is about to be rendered. */
  readonly move: (selector: string) => Promise<void>;
  /** Moves it to a question that is about to be rendered. */
  readonly ask: () => void;
}

/**
 * Moves the focus when its element disappears, so that a keyboard user does not start at the top of the page. The new
 * place ignores Space and Enter: a user who is typing when a call ends must not start another.
 */
export function keepFocus(host: ReactiveControllerHost & HTMLElement): FocusKeeper {
  let focused: HTMLElement | null | undefined;
  /** The element that had the focus before a question appeared. It gets the focus back with the answer. */
  let asker: HTMLElement | null | undefined;
  const find = (selector: string): HTMLElement | null | undefined =>
    host.shadowRoot!.querySelector<HTMLElement>(selector);
  const move = async (selector: string): Promise<void> => {
    await host.updateComplete;
    find(selector)?.focus({ preventScroll: true });
  };
  host.addController({
    hostUpdate() {
      const { activeElement } = host.getRootNode() as Document | ShadowRoot;
      // A simulated browser throws where a removed element has the focus.
      focused = activeElement === host ? (host.shadowRoot!.activeElement as HTMLElement | null) : null;
    },
    hostUpdated() {
      const question = find('.agree');
      const heirs = [focused, question, asker, find('.rest'), find('.launcher')];
      if (!question) asker = undefined;
      // Moving an element takes the focus from it.
      if (focused && !(isSeen(focused) && focused === host.shadowRoot!.activeElement)) heirs.some(takesFocus);
    },
  });
  return {
    move,
    ask() {
      asker ??= focusedIn(host.ownerDocument);
      void move('.agree');
    },
  };
}

/** Through shadow roots. */
function focusedIn({ activeElement }: DocumentOrShadowRoot): HTMLElement | null {
  const inside = activeElement?.shadowRoot && focusedIn(activeElement.shadowRoot);
  return inside ?? (activeElement as HTMLElement | null);
}

/** @returns whether it has the focus now and is visible */
function takesFocus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  return !!element && isSeen(element) && element.matches(':focus');
}

function isSeen(element: Element): boolean {
  return getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0;
}
