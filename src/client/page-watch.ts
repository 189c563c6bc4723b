/** Watches the page around a call. */
import type { EndReason } from '../session/events.js';

/**
 * How long `pagehide` blocks. The Worker dies or freezes with its page and needs this time to send `session.end`. A
 * browser waits half a second for a page, busy or not.
 */
const HOLD_MS = 80;

/** Not a variable, because a page may contain two copies of the script. */
const CALL_BEGINS = 'voice-agent-call-begins';
/** @internal The page is being left, and a call on it has not ended yet: the event that `keep-across-pages` listens to. */
export const PAGE_LEFT = 'voice-agent-page-left';

/**
 * Call this when a call begins; it ends every other call of the page and of other pages of its origin.
 * @param stop the page is being left, closed, frozen, or put into the back/forward cache, where nobody can hear the
 * agent any more; or another call begins on this page, in a frame or in another tab of the same origin
 * @param tell the system is offline, or the page is visible again or the network back
 * @param signal aborted when the call has ended
 */
export function pageWatch(
  stop: (reason: EndReason & ('page-hidden' | 'replaced')) => void,
  tell: (news: 'wake' | 'offline') => void,
  signal: AbortSignal,
): void {
  // The event ends a call of this page before the next one begins; messages to other pages take a moment. Not an
  // `Event`: MooTools replaces that class.
  window.dispatchEvent(new CustomEvent(CALL_BEGINS));
  // A page may end this call when it hears that another one has ended.
  if (signal.aborted) return;
  // Two pages may begin in the same millisecond.
  const begunAtMs = Date.now() + Math.random();
  let pages: BroadcastChannel | undefined;
  try {
    const others = (pages = new BroadcastChannel(CALL_BEGINS));
    // The latest call stays. A page that began before it may not have heard of it.
    others.onmessage = ({ data }) => (data > begunAtMs ? stop('replaced') : others.postMessage(begunAtMs));
    others.postMessage(begunAtMs);
  } catch {
    // Firefox refuses it where the visitor blocks cookies; then only this page is watched.
  }
  const leave = (): void => {
    window.dispatchEvent(new CustomEvent(PAGE_LEFT));
    // The call was handed over.
    if (signal.aborted) return;
    stop('page-hidden');
    const untilMs = performance.now() + HOLD_MS;
    while (performance.now() < untilMs);
  };
  const replaced = (): void => {
    // While this call is ending, it must not end the next one.
    pages?.close();
    stop('replaced');
  };
  window.addEventListener(CALL_BEGINS, replaced, { signal });
  window.addEventListener('pagehide', leave, { signal });
  document.addEventListener('freeze', leave, { signal });
  window.addEventListener('online', () => tell('wake'), { signal });
  window.addEventListener('offline', () => tell('offline'), { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && navigator.onLine && tell('wake'),
    { signal },
  );
  signal.addEventListener('abort', () => pages?.close());
}
