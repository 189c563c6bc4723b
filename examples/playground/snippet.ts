import { settingGroups } from './settings.js';

/** The HTML to paste: the script, a theme's file, and the tag with every setting that is not the default. */
export function snippetOf(agent: HTMLElement, theme: string): string {
  const set = settingGroups().flatMap(({ settings }) => settings);
  const attributes = set
    .filter(({ name }) => agent.hasAttribute(name))
    .map(({ name, usual }) => ({ name, usual, value: agent.getAttribute(name) ?? '' }))
    // Defaults are omitted. A boolean attribute has no value.
    .filter(({ value, usual }) => value === '' || value !== usual)
    .map(({ name, value }) => (value === '' ? name : `${name}="${escapeAttribute(value)}"`));
  const properties = agent.style.cssText;
  if (properties) attributes.push(`style="${escapeAttribute(properties)}"`);
  const lines = ['<script type="module" src="https://your-site.example/voice-agent.js"></script>'];
  if (theme !== 'none')
    lines.push(`<link rel="stylesheet" href="https://your-site.example/themes/${theme}.css" />`);
  const content =
    agent.getAttribute('layout') === 'headless'
      ? `\n  <button onclick="this.closest('voice-agent').toggle()">Talk</button>\n`
      : '';
  return [
    ...lines,
    '<voice-agent',
    ...attributes.map((each) => `  ${each}`),
    `>${content}</voice-agent>`,
  ].join('\n');
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

const TOKENS = /(?<string>"[^"]*")|(?<tag><\/?[\w-]+|\/?>)|(?<attribute>[\w-]+)(?==|$)/gm;

/** The same with syntax highlighting. */
export function highlighted(code: string): (Node | string)[] {
  const pieces: (Node | string)[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? '';
    const span = Object.assign(document.createElement('span'), { className: kind, textContent: match[0] });
    pieces.push(code.slice(end, match.index), span);
    end = match.index + match[0].length;
  }
  return [...pieces, code.slice(end)];
}
