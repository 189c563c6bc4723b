/** Detects that a page is left for another one of its origin, by a link, a form, a script or the browser's history. */
import { PAGE_LEFT } from '../../src/index.js';

/** A navigation that has not left the page by then was a download, or was cancelled. */
const WAIT_MS = 10_000;
const XLINK = 'http://www.w3.org/1999/xlink';

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
  /** It may be cancelled by a handler that is called later. */
  let cause: Event | undefined;
  const cancel = (): void => void (begunAtMs = -Infinity);
  const begin = (url: string, event?: Event): void => {
    begunAtMs = addressOf(url)?.origin === origin ? performance.now() : -Infinity;
    cause = event;
  };
  const leave = (): void => {
    if (performance.now() - begunAtMs < WAIT_MS && !cause?.defaultPrevented) left();
  };
  // Not `pagehide`: the call has listened to that for longer if it began before this file was loaded, and would end first.
  addEventListener(PAGE_LEFT, leave, { signal });
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

/** Browsers without the Navigation API. A page may stop its events, so they are noticed on their way down. */
function watchClicks(begin: (url: string, event: Event) => void, signal: AbortSignal): void {
  const onClick = (event: MouseEvent): void => {
    const link = event.composedPath().find((node) => node instanceof Element && node.matches(':any-link'));
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!(link instanceof Element) || !isPlain) return;
    if (link.hasAttribute('download') || !isHere(link.getAttribute('target'))) return;
    // Attributes, because the properties of links in SVG are objects.
    const url = link.getAttribute('href') ?? link.getAttributeNS(XLINK, 'href') ?? '';
    // A position in this page.
    if (url.includes('#') && pageOf(url) === pageOf(location.href)) return;
    begin(url, event);
  };
  const onSubmit = (event: SubmitEvent): void => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement)) return;
    // Attributes, because fields named "action" or "target" hide the properties of the form.
    const stated = (name: string): string | null =>
      submitter?.getAttribute(`form${name}`) ?? target.getAttribute(name);
    if (stated('method')?.toLowerCase() === 'dialog' || !isHere(stated('target'))) return;
    begin(stated('action') || location.href, event);
  };
  addEventListener('click', onClick, { capture: true, signal });
  addEventListener('submit', onSubmit, { capture: true, signal });
}

/** @returns undefined for an invalid address, which leads nowhere */
function addressOf(url: string): URL | undefined {
  try {
    return new URL(url, document.baseURI);
  } catch {
    return undefined;
  }
}

function pageOf(url: string): string | undefined {
  return addressOf(url)?.href.split('#')[0];
}

/** @param stated by the link or form; null for what the page has set for all */
function isHere(stated: string | null): boolean {
  const target = stated ?? document.querySelector('base[target]')?.getAttribute('target') ?? '';
  const names = ['', '_self', ...(window === parent ? ['_parent', '_top'] : [])];
  return names.includes(target.toLowerCase());
}
