/**
 * Keys while the focus is inside a host: `M` mutes, Escape closes. `close` returns whether there was something to close.
 * Keys used inside are not passed on, because the page would take them for keys on the tag and run its shortcuts.
 */
export function listenToKeys(host: HTMLElement, commands: { mute: () => void; close: () => boolean }): void {
  for (const type of ['keydown', 'keypress', 'keyup'] as const)
    host.addEventListener(type, (event) => {
      const { altKey, ctrlKey, metaKey, target } = event;
      // Some programs dispatch events without a key, such as password managers.
      const { key } = event as Partial<KeyboardEvent>;
      const isModified = ctrlKey || metaKey;
      const isText = isWriting(event);
      const isMute = !isText && key?.toLowerCase() === 'm';
      const isCommand =
        type === 'keydown' &&
        !(event.repeat || event.defaultPrevented || isComposing(event) || altKey || isModified) &&
        (key === 'Escape' ? commands.close() : isMute);
      if (isCommand) {
        if (isMute) commands.mute();
        event.preventDefault();
      }
      // Typed text and the keys of the controls. Escape, Tab, function keys and shortcuts are the page's.
      const isUsed =
        (altKey || !isModified) &&
        key &&
        (isText ? !/^(Escape|Tab|F\d+)$/.test(key) : isMute || /^( |Enter)$/.test(key));
      // Slotted content belongs to the page.
      if (isCommand || (isUsed && target === host)) event.stopPropagation();
    });
}

/** An input method handles the key, such as Enter or Escape while it suggests words. Safari sets only the code. */
export function isComposing({ isComposing: isMidway, keyCode }: TypedKey): boolean {
  return isMidway || keyCode === 229;
}

interface TypedKey {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Keys typed in these are text. */
export function isWriting(event: Event): boolean {
  const target = event.composedPath()[0] as HTMLElement;
  return target.isContentEditable || target.matches('input, textarea, select');
}
