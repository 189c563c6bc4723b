// The package is a script with one global variable. Its types declare that only for an import that browsers refuse.
// eslint-disable-next-line import-x/no-duplicates
import 'axe-core/axe.js';
// eslint-disable-next-line import-x/no-duplicates
import type { AxeResults, ElementContext, RunOptions } from 'axe-core';

declare const axe: { run(context: ElementContext, options: RunOptions): Promise<AxeResults> };

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  // axe cannot judge text on gradients; `contrastOf` measures it.
  rules: { 'color-contrast': { enabled: false } },
};

/** The violations that axe finds in an element, one line each. */
export async function violations(element: Element): Promise<string[]> {
  const results = await axe.run(element, RULES);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`),
  );
}

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** @returns channels 0…1. @param color As computed: `rgb(…)` or `color(srgb …)`. */
function parseColor(color: string): Rgba {
  const numbers = (color.match(/-?\d*\.?\d+(?:e-?\d+)?/g) ?? []).map(Number);
  const scale = color.startsWith('rgb') ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red / scale, green / scale, blue / scale, alpha];
}

function over(top: Rgba, below: Rgba): Rgba {
  const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
  return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
}

function luminance([red, green, blue]: Rgba): number {
  const linear = (value: number): number =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

function backdropOf(element: Element | null): Rgba {
  if (!element) return [1, 1, 1, 1];
  const own = parseColor(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own : over(own, backdropOf(parentOf(element)));
}

/** `filter: brightness()` of an element, which changes its text and its own background. */
function filtered(color: Rgba, { filter }: CSSStyleDeclaration): Rgba {
  const factor = Number(/^brightness\((.+)\)$/.exec(filter)?.[1] ?? 1);
  return [color[0] * factor, color[1] * factor, color[2] * factor, color[3]];
}

/** Contrast of an element's text with its background, 1…21 (WCAG 2.2). */
export function contrastOf(element: Element): number {
  const style = getComputedStyle(element);
  const own = filtered(parseColor(style.backgroundColor), style);
  const backdrop = over(own, backdropOf(parentOf(element)));
  const text = over(filtered(parseColor(style.color), style), backdrop);
  const [dark, light] = [luminance(backdrop), luminance(text)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Every element in the shadow root that has its own text, or is an icon in a button. */
export function inked(host: HTMLElement): HTMLElement[] {
  // Measures the final colours, not those of a transition.
  for (const animation of host.shadowRoot?.getAnimations() ?? [])
    if (animation instanceof CSSTransition) animation.finish();
  return [...(host.shadowRoot?.querySelectorAll<HTMLElement>('*') ?? [])].filter((element) => {
    if (
      !element.checkVisibility({ visibilityProperty: true }) ||
      element.closest('.vh, [aria-disabled=true]')
    )
      return false;
    return (
      element.localName === 'button' ||
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    );
  });
}
