import { ScriptedElement, type ScriptedAgent } from './scripted-agent.js';

const TAG = 'scripted-voice-agent';
if (!customElements.get(TAG)) customElements.define(TAG, ScriptedElement);

/** A scripted element in the page, drawn. @param attributes As in HTML; `true` for a bare one. */
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

/** Removes everything the test has put into the page. */
export function clearPage(): void {
  document.body.replaceChildren();
}

/** The first match in the shadow root; fails where there is none. */
export function find(element: HTMLElement, selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`Nothing matches ${selector}.`);
  return found;
}

export function findAll(element: HTMLElement, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

/** Visible text, white space collapsed. */
export function textOf(element: HTMLElement): string {
  return element.innerText.replace(/\s+/g, ' ').trim();
}

/** What happens to the call, drawn. */
export async function act(element: ScriptedElement, change: (script: ScriptedAgent) => void): Promise<void> {
  change(element.script);
  await element.updateComplete;
}

/** What has not come by then never comes, on however slow a machine. */
const NEVER_MS = 30_000;

/** Resolves as soon as the condition holds; looks once a frame. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + NEVER_MS;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited ${NEVER_MS / 1000} s in vain until ${what}.`);
    await new Promise(requestAnimationFrame);
  }
}

/** Resolves after two frames: whatever an observer or a frame callback had to do has been done. */
export async function nextFrames(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}

/** Resolves in the next task, before any timer that takes longer. */
export async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
