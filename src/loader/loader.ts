/**
 * `dist/voice-agent-loader.js`: one line for pages that accept only one. It creates the tag from its own `data-*`
 * attributes, shows a launcher at once, and loads the element when the visitor comes near or the page is idle.
 *
 * It may run at any time, from anywhere, several times: a tag manager injects it late and twice, a theme adds it next
 * to a plugin, a page that swaps its content runs it again. The first run serves all; its state is in this module.
 */
import { loadElement } from './element-script.js';
import { makeLauncher } from './launcher.js';
import { settingsOf, type LoaderSettings } from './settings.js';

/**
 * A request of the page before the element is loaded: a function that receives it, or the name of a method and its
 * arguments.
 */
type Wish = ((element: HTMLElement) => unknown) | readonly [method: string, ...args: unknown[]];
type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** `window.voiceAgent`, once per page. */
interface Loader {
  /** The floating element, or the first one created. */
  element?: HTMLElement;
  /** A method name loads the element at once; a function waits until it is loaded. */
  push(...wishes: Wish[]): void;
  /** @internal A further run of this script. */
  run(script: HTMLScriptElement): void;
}

const TAG = 'voice-agent';
const handled = new WeakSet<Node>();
const waiting: Wish[] = [];
/** Not a property of the document itself, because content of the page with a `name` replaces those. */
const script = Reflect.get(Document.prototype, 'currentScript', document) as HTMLScriptElement;
const page = window as unknown as { voiceAgent?: Loader | Wish[] };
let loading: Promise<unknown> | undefined;

const loader: Loader = {
  push(...wishes) {
    for (const wish of wishes) {
      waiting.push(wish);
      if (typeof wish !== 'function') load(settingsOf(script));
    }
    if (isDefined()) fulfil();
  },
  run,
};

function isDefined(): unknown {
  return customElements.get(TAG);
}

/** Once for each script element with this file. */
function run(one: HTMLScriptElement): void {
  if (handled.has(one)) return;
  handled.add(one);
  const settings = settingsOf(one);
  const next = one.nextElementSibling;
  if (settings.isFloating && loader.element) keep();
  // A page that was stored together with what this script had created.
  else if (next?.localName === TAG) wire(next as HTMLElement, settings);
  else make(one, settings);
}

function make(one: HTMLScriptElement, settings: LoaderSettings): void {
  const tag = document.createElement(TAG);
  for (const [name, value] of Object.entries(settings.attributes)) tag.setAttribute(name, value);
  if (settings.isFloating) keep(tag);
  else if (one.closest('body')) one.after(tag);
  else if (document.readyState !== 'loading') document.body.append(tag);
  else {
    addEventListener('DOMContentLoaded', () => make(one, settings));
    return;
  }
  wire(tag, settings);
}

/** Outside the body, because many pages replace it on navigation: a call continues. */
function keep(tag = loader.element): void {
  if (tag?.getAttribute('layout') === 'floating' && !tag.isConnected) document.documentElement.append(tag);
}

function load(settings: LoaderSettings): void {
  if (isDefined()) return;
  loading ??= loadElement(settings, script).catch((error: unknown) => {
    loading = undefined;
    reportError(error);
  });
}

/** A launcher in the tag, until the element replaces it. */
function wire(tag: HTMLElement, settings: LoaderSettings): void {
  loader.element ??= tag;
  if (isDefined()) {
    fulfil();
    return;
  }
  tag.replaceChildren();
  const launcher = makeLauncher(tag, settings);
  const come = (): void => load(settings);
  let isPressed = false;
  launcher.onpointerover = launcher.onfocus = come;
  launcher.onclick = () => {
    isPressed = true;
    come();
  };
  if (!settings.onIntent) whenIdle(come);
  void customElements.whenDefined(TAG).then(() => {
    // A hidden element loses the focus with the next frame.
    const hasFocus = document.activeElement === launcher;
    setTimeout(() => {
      const own = tag.shadowRoot?.querySelector<HTMLElement>(settings.isFloating ? '.launcher' : '.call');
      if (hasFocus) own?.focus();
      // A card that is open already must not be closed.
      if (isPressed && !own?.matches('[aria-expanded=true]')) own?.click();
      launcher.remove();
      tag.style.cssText = '';
      fulfil();
    });
  });
}

function fulfil(): void {
  const { element } = loader;
  if (!element) return;
  for (const wish of waiting.splice(0)) {
    try {
      if (typeof wish === 'function') wish(element);
      else {
        const [method, ...args] = wish;
        // The element itself reports errors to the page.
        Promise.resolve((element as unknown as Methods)[method]!(...args)).catch(() => 0);
      }
    } catch (error) {
      reportError(error);
    }
  }
}

/** After the page's own resources. */
function whenIdle(go: () => void): void {
  // A timer ignores the options.
  const { requestIdleCallback: later = setTimeout as unknown as typeof requestIdleCallback } =
    window as Partial<Window>;
  // Some pages are never idle, and Chromium may throttle a cross-origin frame.
  const soon = (): unknown => later(go, { timeout: 3_000 });
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon);
}

const asked = page.voiceAgent;
if (asked && 'run' in asked) asked.run(script);
else {
  page.voiceAgent = loader;
  if (Array.isArray(asked)) loader.push(...asked);
  run(script);
  const file = script.src.split('?')[0];
  new MutationObserver((records) => {
    // Scripts inserted as text never run. Those in an SVG have no `src`.
    for (const one of document.querySelectorAll('script'))
      if ((one.src as string | undefined)?.split('?')[0] === file) run(one);
    // A page that replaces everything also removes what is next to its body.
    for (const { removedNodes } of records)
      for (const { nodeName } of removedNodes) if (/BODY|HTML/.test(nodeName)) keep();
  }).observe(document, { childList: true, subtree: true });
}
