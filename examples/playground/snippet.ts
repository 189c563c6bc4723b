/** Attributes that the element sets by itself, or that only this page needs. */
const OWN_ATTRIBUTES = new Set(['id', 'style', 'state', 'user-speaking', 'class', 'open']);

const DEFAULTS: Readonly<Record<string, string>> = {
  theme: 'auto',
  layout: 'panel',
  placement: 'bottom-end',
  visualizer: 'orb',
  dir: '',
};

/** The tag as a page would write it, with the settings of this moment. */
export function snippetOf(agent: HTMLElement): string {
  const attributes = [...agent.attributes]
    .filter(({ name, value }) => !OWN_ATTRIBUTES.has(name) && DEFAULTS[name] !== value)
    .map(({ name, value }) => (value === '' ? name : `${name}="${escapeAttribute(value)}"`));
  const properties = agent.style.cssText;
  if (properties) attributes.push(`style="${escapeAttribute(properties)}"`);
  const script = '<script type="module" src="https://your-site.example/voice-agent.js"></script>';
  return `${script}\n<voice-agent\n  ${attributes.join('\n  ')}\n></voice-agent>`;
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
