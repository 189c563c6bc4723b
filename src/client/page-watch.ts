/** What happens to the page around a call. */
export interface PageWatchHandlers {
  /** The page is being left, closed, frozen, or put away: nobody can hear the agent any more. */
  left(): void;
  /** Another call begins on this page. */
  otherCall(): void;
  /** The page is looked at again, or the network is back. */
  awake(): void;
  /** The system has no network. */
  offline(): void;
}

/**
 * How long a page that is being left is held: its Worker dies, or freezes, with it, and needs the time to say goodbye.
 * A browser waits half a second for a page, busy or not.
 */
const HOLD_MS = 80;

/** An event of the window rather than a variable: two copies of the script on one page know of each other, too. */
const CALL_BEGINS = 'voice-agent-call-begins';

/**
 * To be called when a call begins; ends every other call of the page.
 * @returns ends the watch.
 */
export function pageWatch(handlers: PageWatchHandlers): () => void {
  window.dispatchEvent(new Event(CALL_BEGINS));
  const end = new AbortController();
  const { signal } = end;
  window.addEventListener(CALL_BEGINS, () => handlers.otherCall(), { signal });
  window.addEventListener('pagehide', () => leave(handlers), { signal });
  document.addEventListener('freeze', () => leave(handlers), { signal });
  window.addEventListener('online', () => handlers.awake(), { signal });
  window.addEventListener('offline', () => handlers.offline(), { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && navigator.onLine && handlers.awake(),
    { signal },
  );
  return () => end.abort();
}

function leave(handlers: PageWatchHandlers): void {
  handlers.left();
  const untilMs = performance.now() + HOLD_MS;
  while (performance.now() < untilMs);
}
