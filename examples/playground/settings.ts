import type { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';

interface Setting {
  readonly label: string;
  /** The attribute, or the custom property where it begins with two dashes. */
  readonly name: string;
  readonly control: 'check' | 'color' | 'text' | 'range' | readonly string[];
  readonly initial?: string;
  readonly range?: { readonly min: number; readonly max: number; readonly step: number };
}

/** First choices are the defaults: choosing one removes the attribute. */
const SETTINGS: readonly Setting[] = [
  { label: 'Theme', name: 'theme', control: ['auto', 'light', 'dark'] },
  { label: 'Layout', name: 'layout', control: ['panel', 'bar', 'button', 'floating'] },
  {
    label: 'Corner (floating)',
    name: 'placement',
    control: ['bottom-end', 'bottom-start', 'top-end', 'top-start'],
  },
  { label: 'Visualizer', name: 'visualizer', control: ['orb', 'bars'] },
  {
    label: 'Language',
    name: 'lang',
    control: ['en', 'ar', 'de', 'es', 'fr', 'he', 'hi', 'it', 'ja', 'ko', 'nl', 'pt', 'zh'],
  },
  { label: 'Accent', name: '--voice-agent-accent', control: 'color', initial: '#2f55e0' },
  { label: 'Voice', name: 'voice', control: 'text' },
  { label: 'Sent as', name: 'input-encoding', control: ['audio/pcm', 'audio/pcmu', 'audio/pcma'] },
  { label: 'Received as', name: 'output-encoding', control: ['audio/pcm', 'audio/pcmu', 'audio/pcma'] },
  {
    label: 'Volume',
    name: 'volume',
    control: 'range',
    initial: '1',
    range: { min: 0, max: 1, step: 0.05 },
  },
  { label: 'Longest call (s)', name: 'max-duration', control: 'text' },
  { label: 'Muted', name: 'muted', control: 'check' },
  { label: 'Text input', name: 'text-input', control: 'check' },
  { label: 'Ask for consent', name: 'require-consent', control: 'check' },
];

const WIDTH_RANGE = { min: 200, max: 1200, step: 10 };
const WIDE_FRAME_PX = 480;

/** Fills the form with a control for every setting; `changed` runs after each. */
export function buildSettings(
  form: HTMLFormElement,
  agent: VoiceAgentElement,
  frame: HTMLElement,
  changed: () => void,
): void {
  for (const setting of SETTINGS) {
    const input = createControl(setting);
    input.addEventListener('input', () => {
      apply(agent, setting, input);
      changed();
    });
    append(form, setting.label, input);
    if (setting.name === 'muted')
      agent.addEventListener('mute-change', ({ detail }) => {
        (input as HTMLInputElement).checked = detail.muted;
        changed();
      });
  }
  const width = createControl({
    label: '',
    name: 'width',
    control: 'range',
    initial: '416',
    range: WIDTH_RANGE,
  });
  width.addEventListener('input', () => {
    frame.style.setProperty('--frame-width', `${width.value}px`);
    frame.closest('main')?.classList.toggle('wide', Number(width.value) > WIDE_FRAME_PX);
  });
  append(form, 'Width of its place', width);
  form.addEventListener('submit', (event) => event.preventDefault());
}

function append(form: HTMLFormElement, text: string, input: HTMLElement): void {
  const label = document.createElement('label');
  label.append(text, input);
  form.append(label);
}

function createControl({ control, name, initial, range }: Setting): HTMLInputElement | HTMLSelectElement {
  if (typeof control === 'object') {
    const select = document.createElement('select');
    select.name = name;
    select.append(...control.map((choice) => new Option(choice)));
    return select;
  }
  const input = document.createElement('input');
  input.type = control === 'check' ? 'checkbox' : control;
  input.name = name;
  if (range) Object.assign(input, range);
  if (initial !== undefined) input.value = initial;
  return input;
}

function apply(
  agent: VoiceAgentElement,
  setting: Setting,
  input: HTMLInputElement | HTMLSelectElement,
): void {
  const { name, control, initial } = setting;
  if (name.startsWith('--')) {
    agent.style.setProperty(name, input.value);
    return;
  }
  if (control === 'check') {
    agent.toggleAttribute(name, (input as HTMLInputElement).checked);
    return;
  }
  const usual = typeof control === 'object' ? control[0] : (initial ?? '');
  // Right-to-left scripts want the mirrored face, too.
  if (name === 'lang') agent.dir = ['ar', 'he'].includes(input.value) ? 'rtl' : '';
  if (input.value === usual) agent.removeAttribute(name);
  else agent.setAttribute(name, input.value);
}
