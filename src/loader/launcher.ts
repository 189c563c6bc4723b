/**
 * The content of the tag until the element is loaded: a button that looks like the element's and has the same
 * position.
 */
import type { LoaderSettings } from './settings.js';

/** Names of the button by language; the build inserts those of the locales. */
declare const LAUNCHER_NAMES: Readonly<Record<string, string>>;
// Only once, because the build inlines them at every use.
const NAMES = LAUNCHER_NAMES;

const HANDSET = 'M2 13c6-5 14-5 20 0l-.5 4-5-1v-3c-3-1-6-1-9 0v3l-5 1z';
const INSET = ':var(--voice-agent-inset,1.25em);';

/** `outline: revert`: the browser's own focus ring for keyboard users. */
const LOOK =
  'all:initial;outline:revert;cursor:pointer;display:grid;place-items:center;inline-size:3.75em;block-size:3.75em;border-radius:50%;font-size:inherit;color:#fff;background:linear-gradient(60deg,#7b45f0,var(--voice-agent-accent,#2f55e0) 40% 65%,#1fc8d8);';

/** From this width in px, a panel is low. */
const WIDE_PX = 672;

/** Styles set by script need no style sheet, which a policy could forbid. */
export function makeLauncher(
  tag: HTMLElement,
  { attributes: { layout, placement = '' }, isFloating }: LoaderSettings,
): HTMLButtonElement {
  const side = (start: string): string => (placement.includes(start) ? 'start' : 'end');
  const { style } = tag;
  style.cssText = 'display:block;font-size:var(--voice-agent-font-size,max(1rem,16px))';
  // As high as the element's panel, so that nothing shifts when the element loads.
  if (layout === 'panel')
    style.minBlockSize = `var(--voice-agent-height,${tag.clientWidth < WIDE_PX ? 34 : 28}em)`;
  const button = document.createElement('button');
  button.type = 'button';
  // Firefox before 119 has no `ariaLabel`.
  button.setAttribute('aria-label', nameFor(tag));
  button.style.cssText =
    LOOK +
    (isFloating
      ? `position:fixed;z-index:var(--voice-agent-z-index,1000);inset-block-${side('top')}${INSET}inset-inline-${side('start')}${INSET}`
      : '');
  const picture = document.createElement('span');
  picture.style.cssText = `inline-size:24px;block-size:24px;background:currentColor;clip-path:path("${HANDSET}");transform:rotate(-135deg)scale(1.27)`;
  button.append(picture);
  tag.append(button);
  return button;
}

function nameFor(tag: HTMLElement): string {
  const lang = tag.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  return NAMES[lang.slice(0, 2).toLowerCase()] ?? NAMES['en']!;
}
