/**
 * `dist/voice-agent-loader.js`: one line for pages that take only one. It makes the tag from its own `data-*`, shows a
 * launcher at once, and loads the element when the visitor comes near or the page is idle.
 *
 * It may run at any time, from anywhere, several times: a tag manager injects it late and twice, a theme brings it beside a
 * plugin, a page that swaps its content runs it again. The first run does the work of all; what stands in this module is
 * its state.
 */
import { loadElement } from './element-script.js';
import { makeLauncher } from './launcher.js';
import { settingsOf, type LoaderSettings } from './settings.js';

/** What a page asks before the element is there: a function that gets it, or the name of a method, and arguments. */
type Wish = ((element: HTMLElement) => unknown) | readonly [method: string, ...args: unknown[]];
type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** `window.voiceAgent`, once for a page. */
interface Loader {
  /** The floating element, or the first one that was made. */
  element?: HTMLElement;
  /** The name of a method brings the element at once; a function waits until it is there. */
  push(...wishes: Wish[]): void;
  /** @internal A further run of this script. */
  run(script: HTMLScriptElement): void;
}

const TAG = 'voice-agent';
const handled = new WeakSet<Node>();
const waiting: Wish[] = [];
const script = document.currentScript as HTMLScriptElement;
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

/** Once for every script of this file. */
function run(one: HTMLScriptElement): void {
  if (handled.has(one)) return;
  handled.add(one);
  const settings = settingsOf(one);
  const next = one.nextElementSibling;
  if (settings.isFloating && loader.element) keep();
  // A page that was stored with what this script had made.
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

/** Outside the body, which many a page replaces when it moves on: a call goes on. */
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

/** A launcher in the tag, until the element takes its place. */
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
    // What is no longer drawn loses the focus with the next frame.
    const hasFocus = document.activeElement === launcher;
    setTimeout(() => {
      const own = tag.shadowRoot?.querySelector<HTMLElement>(settings.isFloating ? '.launcher' : '.call');
      if (hasFocus) own?.focus();
      if (isPressed) own?.click();
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
        // The element itself tells the page what went wrong.
        Promise.resolve((element as unknown as Methods)[method]!(...args)).catch(() => 0);
      }
    } catch (error) {
      reportError(error);
    }
  }
}

/** Some pages are never idle, and Chromium may take a frame of another origin for one. */
const IDLE = { timeout: 3_000 };

/** After the page's own things. */
function whenIdle(go: () => void): void {
  const soon = (): unknown =>
    'requestIdleCallback' in window ? requestIdleCallback(go, IDLE) : setTimeout(go);
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
    // Scripts of content that is inserted as text never run.
    for (const one of document.scripts) if (one.src.split('?')[0] === file) run(one);
    // A page that replaces everything takes along what stands beside its body.
    for (const { removedNodes } of records)
      for (const { nodeName } of removedNodes) if (/BODY|HTML/.test(nodeName)) keep();
  }).observe(document, { childList: true, subtree: true });
}
