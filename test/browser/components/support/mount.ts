import { ScriptedElement, type ScriptedAgent } from './scripted-agent.js';

const TAG = 'scripted-voice-agent';
if (!customElements.get(TAG)) customElements.define(TAG, ScriptedElement);

/** A rendered scripted element. @param attributes as in HTML; `true` for one without a value */
export async function mount(
  attributes: Readonly<Record<string, string | true>> = {},
): Promise<ScriptedElement> {
  const element = new ScriptedElement();
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, value === true ? '' : value);
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/** Removes everything that the test has added to the page. */
export function clearPage(): void {
  document.body.replaceChildren();
}

/** The first match in the shadow root. @throws Error if there is none */
export function find(element: HTMLElement, selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`Nothing matches ${selector}.`);
  return found;
}

export function findAll(element: HTMLElement, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

/** The visible text, with white space collapsed. */
export function textOf(element: HTMLElement): string {
  return element.innerText.replace(/\s+/g, ' ').trim();
}

/** The `scrollWidth` of a box whose content fits. WebKit counts the padding twice behind a negative margin. */
export function fittingWidth(box: HTMLElement): number {
  const { userAgent } = navigator;
  const isWebKit = userAgent.includes('AppleWebKit') && !userAgent.includes('Chrome');
  return box.clientWidth + (isWebKit ? parseFloat(getComputedStyle(box).paddingInlineEnd) : 0);
}

/** Runs a scene and renders it. */
export async function act(element: ScriptedElement, change: (script: ScriptedAgent) => void): Promise<void> {
  change(element.script);
  await element.updateComplete;
}

/** What has not happened by then never happens, even on a slow machine. */
const NEVER_MS = 30_000;

/** Resolves when the condition holds, which is checked in every frame. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + NEVER_MS;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited ${NEVER_MS / 1000} s in vain until ${what}.`);
    await new Promise(requestAnimationFrame);
  }
}

/** Resolves after two frames, when observers and frame callbacks have run. */
export async function nextFrames(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}

/** Resolves in the next task, before any timer that takes longer. */
export async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
