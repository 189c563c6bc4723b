/**
 * Keys while the focus is inside a host: `M` mutes, Escape closes. `close` returns whether there was something to close.
 * Keys used inside are not passed on, because the page would take them for keys on the tag and run its shortcuts.
 */
export function listenToKeys(host: HTMLElement, commands: { mute: () => void; close: () => boolean }): void {
  const answer = (event: KeyboardEvent): boolean => {
    const { key, repeat, defaultPrevented } = event;
    if (repeat || defaultPrevented || isComposing(event) || event.altKey || isModified(event)) return false;
    if (key === 'Escape') return commands.close();
    const mutes = isMute(event);
    if (mutes) commands.mute();
    return mutes;
  };
  for (const type of ['keydown', 'keypress', 'keyup'] as const)
    host.addEventListener(type, (event) => {
      const isAnswered = type === 'keydown' && answer(event);
      if (isAnswered) event.preventDefault();
      // What the page has put into a slot is its own.
      if (isAnswered || (event.target === host && staysInside(event))) event.stopPropagation();
    });
}

function staysInside(event: KeyboardEvent): boolean {
  const { key } = event;
  // Commands, ways out, and what has no key, such as events of password managers.
  if (!key || (isModified(event) && !event.altKey) || /^(Escape|Tab|F\d+)$/.test(key)) return false;
  return isWriting(event) || key === ' ' || key === 'Enter' || isMute(event);
}

function isModified({ ctrlKey, metaKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey;
}

function isMute(event: KeyboardEvent): boolean {
  // Some programs dispatch events without a key.
  const { key } = event as Partial<KeyboardEvent>;
  return key?.toLowerCase() === 'm' && !isWriting(event);
}

/** The key belongs to an input method, as Enter and Escape do while it offers words. Safari says so by the code alone. */
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
