/** Watches the page around a call. */
export interface PageWatchHandlers {
  /** The page is being left, closed, frozen, or put into the back/forward cache: nobody can hear the agent any more. */
  left(): void;
  /** Another call begins on this page, in a frame or in another tab of the same origin. */
  otherCall(): void;
  /** The page is visible again, or the network is back. */
  awake(): void;
  /** The system is offline. */
  offline(): void;
}

/**
 * How long `pagehide` blocks. The Worker dies or freezes with its page and needs this time to send `session.end`. A
 * browser waits half a second for a page, busy or not.
 */
const HOLD_MS = 80;

/** Not a variable, because a page may contain two copies of the script. */
const CALL_BEGINS = 'voice-agent-call-begins';

/**
 * Call this when a call begins; it ends every other call of the page and of other pages of its origin.
 * @returns a function that ends the watch
 */
export function pageWatch(handlers: PageWatchHandlers): () => void {
  // The event ends a call of this page before the next one begins; messages to other pages take a moment.
  window.dispatchEvent(new Event(CALL_BEGINS));
  const pages = new BroadcastChannel(CALL_BEGINS);
  const begunAtMs = Date.now();
  // Of two calls that begin at the same time, one stays.
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
