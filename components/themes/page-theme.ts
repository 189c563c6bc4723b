import type { CSSResult, ReactiveControllerHost } from 'lit';
import { listenToPage } from '../parts/page-listeners.js';
import { around, isAround } from '../parts/surroundings.js';
import { outsideZones } from '../parts/zones.js';
import { dark } from './tokens.styles.js';

interface ThemedHost extends ReactiveControllerHost, HTMLElement {
  readonly theme: unknown;
}

/**
 * The palette of a host, and its style sheets in its document. `theme="auto"` follows the page at the host's place;
 * if that is undefined, the system.
 */
export function followPageTheme(host: ThemedHost): void {
  let theme: unknown;
  let isDark = false;
  let page = document;
  // For a tag that was in the page before its script. Until the constructor returns, the page's rules for `:not(:defined)`
  // apply, which reserve its space. Read afterwards, a style would lay out the page with an empty tag, and a page that is
  // scrolled to its end would jump.
  let wasPageDark = host.isConnected ? isPageDark(host) : undefined;
  const hostConnected = (): void => {
    const { ownerDocument, shadowRoot, constructor } = host;
    ({ theme } = host);
    const isNowDark = theme !== 'light' && (theme === 'dark' || (wasPageDark ?? isPageDark(host)));
    wasPageDark = undefined;
    if (isNowDark === isDark && ownerDocument === page) return;
    isDark = isNowDark;
    page = ownerDocument;
    // Not displayed, such as a document for parsing.
    if (!page.defaultView) return;
    const { elementStyles } = constructor as unknown as { elementStyles: readonly CSSResult[] };
    shadowRoot!.adoptedStyleSheets = elementStyles.map((style, index) =>
      sheetOf(isDark && !index ? dark : style, page),
    );
  };
  host.addController({
    hostConnected,
    hostUpdated() {
      if (theme !== host.theme) hostConnected();
    },
  });
  // The style sheet turns every change of the colours around a host, and of the system's theme, into a transition of a
  // pseudo-element.
  const follow = (event: TransitionEvent): void => {
    if (event.target !== host || !event.pseudoElement) return;
    event.stopPropagation();
    hostConnected();
  };
  outsideZones(() => host.addEventListener('transitionend', follow));
  // If the page fades to another background, its colour is right only after the transition.
  listenToPage(host, (page, signal) => {
    const end = ({ target }: Event): void => {
      if (isAround(target, host)) hostConnected();
    };
    page.addEventListener('transitionend', end, { signal });
  });
}

/** A style sheet works only in the document that created it. */
function sheetOf({ cssText, styleSheet }: CSSResult, page: Document): CSSStyleSheet {
  if (page === document) return styleSheet!;
  const sheet = new (page.defaultView as typeof globalThis & Window).CSSStyleSheet();
  sheet.replaceSync(cssText);
  return sheet;
}

/** By the `color-scheme` if it names one, else by the nearest background behind the host, else by the system. */
function isPageDark(host: Element): boolean {
  const page = host.ownerDocument;
  let { colorScheme } = getComputedStyle(host);
  if (colorScheme === 'normal')
    colorScheme = page.querySelector<HTMLMetaElement>('meta[name=color-scheme]')?.content ?? '';
  const isDark = /dark/.test(colorScheme);
  if (isDark !== /light/.test(colorScheme)) return isDark;
  for (let element = around(host); element; element = around(element)) {
    const { backgroundColor } = getComputedStyle(element);
    const [first = 0, second = 0, third = 0, alpha = 1] = Array.from(
      backgroundColor.match(/\b[\d.]+/g) ?? '0000',
      Number,
    );
    if (alpha < 0.5) continue;
    // The first number of `lab()`, `oklch()` and similar functions is the lightness, out of 100 or 1.
    const lightness = /l[ac][bh]/.test(backgroundColor) ? first : 0.3 * first + 0.6 * second + 0.1 * third;
    return lightness < (/^r/.test(backgroundColor) ? 128 : /^l/.test(backgroundColor) ? 50 : 0.5);
  }
  return (globalThis as Partial<typeof globalThis>).matchMedia?.(DARK_SYSTEM).matches ?? false;
}

const DARK_SYSTEM = '(prefers-color-scheme: dark)';
