import type { ReactiveControllerHost } from 'lit';

export interface FocusKeeper {
  /** Moves the focus to an element that is about to be rendered. */
  readonly move: (selector: string) => Promise<void>;
  /** Moves it to the main control, unless it is inside already. */
  readonly enter: (options?: FocusOptions) => void;
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
  const move = async (selector: string, preventScroll = true): Promise<void> => {
    await host.updateComplete;
    find(selector)?.focus({ preventScroll });
  };
  host.addController({
    hostUpdate() {
      // From the host: simulated browsers throw for a shadow root without the focus.
      focused = focusPath(readableRoot(host)).find((element) => element.getRootNode() === host.shadowRoot);
    },
    hostUpdated() {
      const question = find('.agree');
      const heirs = [focused, question, asker, find('.rest'), find('.launcher')];
      if (!question) asker = undefined;
      // Moving an element takes the focus from it.
      if (focused && !(isSeen(focused) && focused === host.shadowRoot!.activeElement))
        heirs.some((heir) => takesFocus(heir));
    },
  });
  return {
    move,
    enter(options) {
      const controls = ['.agree', '.call', '.launcher'].map(find);
      if (!host.shadowRoot!.activeElement) controls.some((control) => takesFocus(control, options));
    },
    ask() {
      asker ??= focusPath(readableRoot(host)).at(-1) ?? focusPath(host.ownerDocument).at(-1);
      // In the layout `headless`, the question may be out of view.
      void move('.agree', false);
    },
  };
}

/** The document, or a closed shadow root of the page, which hides its focus from the document. */
function readableRoot(element: Element): DocumentOrShadowRoot {
  const root = element.getRootNode() as ShadowRoot;
  return root.mode === 'open' ? readableRoot(root.host) : root;
}

/** The focused element, through shadow roots: from the page's element to the innermost one. */
function focusPath({ activeElement }: DocumentOrShadowRoot): HTMLElement[] {
  if (!activeElement) return [];
  const inside = activeElement.shadowRoot ? focusPath(activeElement.shadowRoot) : [];
  return [activeElement as HTMLElement, ...inside];
}

/** @returns whether it has the focus now and is visible */
function takesFocus(element: HTMLElement | null | undefined, options?: FocusOptions): boolean {
  element?.focus(options);
  return !!element && isSeen(element) && element.matches(':focus');
}

function isSeen(element: Element): boolean {
  return getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0;
}
