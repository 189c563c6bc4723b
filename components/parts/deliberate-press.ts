/** Two taps closer than this are a double tap; iOS reports both as single taps. */
const REST_MS = 350;

/**
 * One deliberate press is one action, for every button of a host: the second click of a double click or tap does not
 * count, nor do the repetitions of a held key. A script's `click()` always counts.
 */
export function heedDeliberatePresses(host: HTMLElement): void {
  /** `timeStamp` of the last accepted press, by button. */
  const latest = new WeakMap<Element, number>();
  const listen = <Type extends 'click' | 'keydown'>(
    type: Type,
    selector: 'button' | 'button, input',
    isRefused: (event: HTMLElementEventMap[Type], button: HTMLButtonElement) => boolean,
  ): void =>
    host.addEventListener(
      type,
      (event) => {
        // Content of the page in a button is part of it; other slotted buttons belong to the page.
        const button = event.composedPath().find((node) => (node as Partial<Element>).matches?.(selector)) as
          HTMLButtonElement | undefined;
        if (button?.getRootNode() !== host.shadowRoot || !isRefused(event, button)) return;
        event.preventDefault();
        if (type === 'click') event.stopImmediatePropagation();
      },
      true,
    );
  // Enter clicks again with each repetition. Space does not, but scrolls elsewhere.
  listen('keydown', 'button, input', ({ repeat, key }) => repeat && key === 'Enter');
  listen('click', 'button', ({ detail, timeStamp, isTrusted }, button) => {
    // Enter in the text field clicks the send button, too; but sending empties the field, so nothing is sent twice.
    if ((detail === 0 && !isTrusted) || button.form) return false;
    // Every window has its own clock: that of a picture-in-picture window may be far behind.
    if (detail > 1 || Math.abs(timeStamp - (latest.get(button) ?? -Infinity)) < REST_MS) return true;
    latest.set(button, timeStamp);
    return false;
  });
}
