/** Keys while the focus is inside a host: `M` mutes, Escape closes; `close` says whether there was something to close. */
export function listenToKeys(host: HTMLElement, commands: { mute: () => void; close: () => boolean }): void {
  host.addEventListener('keydown', (event) => {
    if (event.repeat || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (commands.close()) event.preventDefault();
    } else if (event.key.toLowerCase() === 'm' && !isWriting(event)) {
      commands.mute();
      event.preventDefault();
    }
  });
}

/** Keys typed there are text. */
export function isWriting(event: Event): boolean {
  const target = event.composedPath()[0] as HTMLElement;
  return target.isContentEditable || target.matches('input, textarea, select');
}
