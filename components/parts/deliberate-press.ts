/** Two taps that come faster are one that was not aimed; iOS reports both as single ones. */
const REST_MS = 350;

/**
 * One deliberate press is one action, in every button of a host: the second click of a double click or tap does not
 * count, nor do those of a key that is held. A script's `click()` always counts.
 */
export function heedDeliberatePresses(host: HTMLElement): void {
  /** `timeStamp` of the latest press that counted, by button. */
  const latest = new WeakMap<Element, number>();
  const buttonOf = (event: Event): Element | null | undefined => {
    // What the page has put into a slot is its own.
    const inside = event.composedPath().find((node) => node instanceof Element);
    const button = inside?.closest('button, input');
    return button?.getRootNode() === host.shadowRoot ? button : undefined;
  };
  host.addEventListener(
    'keydown',
    (event) => {
      // Enter clicks again with each repetition. Space does not, but scrolls elsewhere.
      if (event.repeat && event.key === 'Enter' && buttonOf(event)) event.preventDefault();
    },
    { capture: true },
  );
  host.addEventListener(
    'click',
    (event) => {
      const { detail, timeStamp, isTrusted } = event;
      const button = buttonOf(event);
      if (!(button instanceof HTMLButtonElement) || (detail === 0 && !isTrusted)) return;
      // Enter in the line clicks it, too, and what was sent empties the line: there is nothing to send twice.
      if (button.form) return;
      if (detail <= 1 && timeStamp - (latest.get(button) ?? -Infinity) >= REST_MS)
        latest.set(button, timeStamp);
      else {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
}
