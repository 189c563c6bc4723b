import type { ReactiveControllerHost } from 'lit';

/**
 * How long a host may be out of the page. Page swaps of Turbo, htmx, Unpoly and view transitions remove it and insert it
 * into the next page.
 */
const AWAY_MS = 400;

/** `removed` is called when the host was removed, not just moved. */
export function whenRemoved(host: ReactiveControllerHost, removed: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  host.addController({
    hostConnected: () => clearTimeout(timer),
    hostDisconnected: () => void (timer = setTimeout(removed, AWAY_MS)),
  });
}
