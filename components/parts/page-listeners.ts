import type { ReactiveControllerHost } from 'lit';
import { outsideZones } from './zones.js';

/**
 * Listens on the document or window of a host, which may move to another one, such as a picture-in-picture window.
 * @param listen Called when the host is connected. `signal` is aborted when it is disconnected.
 */
export function listenToPage(
  host: ReactiveControllerHost & HTMLElement,
  listen: (page: Document, signal: AbortSignal) => void,
): void {
  let away: AbortController | undefined;
  host.addController({
    hostConnected() {
      const { signal } = (away = new AbortController());
      outsideZones(() => listen(host.ownerDocument, signal));
    },
    hostDisconnected: () => away?.abort(),
  });
}
