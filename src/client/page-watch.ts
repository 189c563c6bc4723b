/** What happens to the page around a call. */
export interface PageWatchHandlers {
  /** The page is being left, closed, frozen, or put away: nobody can hear the agent any more. */
  left(): void;
  /** Another call begins on this page, in a frame or in another tab of the same origin. */
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

/** Not a variable, since a page may hold two copies of the script. */
const CALL_BEGINS = 'voice-agent-call-begins';

/**
 * To be called when a call begins; ends every other call of the page, and of other pages of its origin.
 * @returns ends the watch.
 */
export function pageWatch(handlers: PageWatchHandlers): () => void {
  // The event ends a call of this page before the next one begins; messages to other pages take a moment.
  window.dispatchEvent(new Event(CALL_BEGINS));
  const pages = new BroadcastChannel(CALL_BEGINS);
  const begunAtMs = Date.now();
  // Of two calls that begin at once, one stays.
  pages.onmessage = ({ data }) => data >= begunAtMs && handlers.otherCall();
  pages.postMessage(begunAtMs);
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
  return () => {
    end.abort();
    pages.close();
  };
}

function leave(handlers: PageWatchHandlers): void {
  handlers.left();
  const untilMs = performance.now() + HOLD_MS;
  while (performance.now() < untilMs);
}
