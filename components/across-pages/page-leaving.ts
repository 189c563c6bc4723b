/** Detects that a page is left for another one of its origin, by a link, a form, a script or the browser's history. */

/** A navigation that has not left the page by then was a download, or was cancelled. */
const WAIT_MS = 10_000;

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
  readonly navigationType: string;
  readonly downloadRequest: string | null;
}

/**
 * @param left the page is being left for one of its origin; called before the call itself ends
 * @param signal ends the watch
 */
export function watchLeaving(left: () => void, signal: AbortSignal): void {
  let begunAtMs = -Infinity;
  const cancel = (): void => void (begunAtMs = -Infinity);
  const begin = (url: string): void => {
    begunAtMs = isOfThisOrigin(url) ? performance.now() : -Infinity;
  };
  addEventListener('pagehide', () => performance.now() - begunAtMs < WAIT_MS && left(), {
    capture: true,
    signal,
  });
  const { navigation } = window as { navigation?: EventTarget };
  // In browsers without it, an element of the page may have this id.
  if (!navigation || !('navigate' in navigation)) {
    watchClicks(begin, signal);
    return;
  }
  const onNavigate = (event: Event): void => {
    const { destination, downloadRequest, navigationType } = event as NavigateEvent;
    if (destination.sameDocument) return;
    // A reload is meant to begin again.
    if (downloadRequest !== null || navigationType === 'reload') cancel();
    else begin(destination.url);
  };
  navigation.addEventListener('navigate', onNavigate, { signal });
  for (const type of ['navigateerror', 'navigatesuccess'])
    navigation.addEventListener(type, cancel, { signal });
}

/** Browsers without the Navigation API: after all handlers of the page. */
function watchClicks(begin: (url: string) => void, signal: AbortSignal): void {
  const onClick = (event: MouseEvent): void => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const isPlain =
      !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link?.href || !isPlain || link.hasAttribute('download') || !isHere(link.target)) return;
    // A position in this page.
    if (link.hash && link.href.split('#')[0] === location.href.split('#')[0]) return;
    begin(link.href);
  };
  const onSubmit = (event: SubmitEvent): void => {
    const { target, submitter } = event;
    if (event.defaultPrevented || !(target instanceof HTMLFormElement)) return;
    // Attributes, because fields named "action" or "target" hide the properties of the form.
    const stated = (name: string): string =>
      submitter?.getAttribute(`form${name}`) ?? target.getAttribute(name) ?? '';
    if (isHere(stated('target'))) begin(stated('action') || location.href);
  };
  addEventListener('click', onClick, { signal });
  addEventListener('submit', onSubmit, { signal });
}

function isOfThisOrigin(url: string): boolean {
  try {
    return new URL(url, document.baseURI).origin === origin;
  } catch {
    // A link without a valid address leads nowhere.
    return false;
  }
}

function isHere(target: string): boolean {
  return target === '' || target === '_self';
}
