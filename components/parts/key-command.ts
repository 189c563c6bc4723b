/** What a key means while the focus is inside the element: `M` mutes, Escape closes. */
function keyCommand(event: KeyboardEvent): 'mute' | 'close' | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key === 'Escape') return 'close';
  const [origin] = event.composedPath();
  return event.key.toLowerCase() === 'm' && !isTextField(origin) ? 'mute' : undefined;
}

function isTextField(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens on a host. `close` says whether there was something to close. */
export function listenToKeys(host: HTMLElement, commands: { mute: () => void; close: () => boolean }): void {
  host.addEventListener('keydown', (event) => {
    const command = keyCommand(event);
    if (command === 'mute') commands.mute();
    if (command === 'mute' || (command === 'close' && commands.close())) event.preventDefault();
  });
}
