/** Two taps closer than this are a double tap; iOS reports both as single taps. */
const REST_MS = 350;

/**
 * One deliberate press is one action, for every button of a host: the second click of a double click or tap does not
 * count, nor do the repetitions of a held key. A script's `click()` always counts.
 */
export function heedDeliberatePresses(host: HTMLElement): void {
  /** `timeStamp` of the last accepted press, by button. */
  const latest = new WeakMap<Element, number>();
  const buttonOf = (event: Event): Element | null | undefined => {
    // Slotted content belongs to the page.
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
      // Enter in the text field clicks the send button, too; but sending empties the field, so nothing is sent twice.
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
