/** The form that changes every attribute and custom property of the live tag. */
import { createControl, type Control } from './control.js';
import { settingGroups, type Setting, type SettingGroup } from './settings.js';

/** Files of components/themes, after `none`. */
export const READY_THEMES = ['none', 'forest', 'plain', 'plum'] as const;

const RIGHT_TO_LEFT = ['ar', 'he'];
const WIDTH = { min: 200, max: 1200, step: 8, unit: 'px' };
const USUAL_WIDTH = '416px';
const WIDE_FRAME_PX = 480;

interface Bound {
  readonly control: Control;
  readonly read: () => string | null;
  readonly initial: string | null;
  readonly write: (value: string | null) => void;
}

export class Configurator {
  readonly #agent: HTMLElement;
  readonly #frame: HTMLElement;
  readonly #changed: () => void;
  readonly #bound: Bound[] = [];
  /** The link to the theme's file, in the page once a theme is chosen. */
  readonly #sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet' });
  theme: (typeof READY_THEMES)[number] = 'none';

  /** Fills the form. @param changed Runs after every change, by the form or by the element. */
  constructor(form: HTMLFormElement, agent: HTMLElement, frame: HTMLElement, changed: () => void) {
    this.#agent = agent;
    this.#frame = frame;
    this.#changed = changed;
    for (const group of settingGroups()) form.append(this.#section(group));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', (event) => {
      event.preventDefault();
      for (const { write, initial } of this.#bound) write(initial);
      this.#show();
    });
    // The element itself can change: it is muted, opened, or switched to text.
    new MutationObserver(() => this.#show()).observe(agent, { attributes: true });
    this.#show();
  }

  #section({ title, isOpen, settings }: SettingGroup): HTMLElement {
    const section = document.createElement('details');
    section.open = isOpen;
    const summary = document.createElement('summary');
    summary.textContent = title;
    const fields = document.createElement('div');
    fields.className = 'fields';
    fields.append(...settings.map((setting) => this.#setting(setting)));
    if (title === 'Look') fields.append(this.#readyTheme(), this.#width());
    section.append(summary, fields);
    return section;
  }

  #setting(setting: Setting): HTMLElement {
    const { name } = setting;
    const { style } = this.#agent;
    if (name.startsWith('--'))
      return this.#bind(
        setting,
        () => style.getPropertyValue(name) || null,
        (value) => style.setProperty(name, value),
      );
    return this.#bind(
      setting,
      () => this.#agent.getAttribute(name),
      (value) => {
        if (value === null || (value === '' && setting.kind !== 'switch')) this.#agent.removeAttribute(name);
        else this.#agent.setAttribute(name, value);
        // Right-to-left languages also need a mirrored UI.
        if (name === 'lang') this.#agent.dir = RIGHT_TO_LEFT.includes(value ?? '') ? 'rtl' : '';
        if (this.#agent.dir === '') this.#agent.removeAttribute('dir');
      },
    );
  }

  #readyTheme(): HTMLElement {
    return this.#bind(
      {
        name: 'ready theme',
        usual: 'none',
        kind: 'choice',
        choices: READY_THEMES,
        description: 'A file of custom properties to load in addition to the script.',
      },
      () => (this.theme === 'none' ? null : this.theme),
      (value) => {
        this.theme = READY_THEMES.find((theme) => theme === value) ?? 'none';
        this.#sheet.href = `/components/themes/${this.theme}.css`;
        if (this.theme === 'none') this.#sheet.remove();
        else document.head.append(this.#sheet);
        this.#show();
      },
    );
  }

  #width(): HTMLElement {
    const { style } = this.#frame;
    return this.#bind(
      {
        name: 'width',
        usual: USUAL_WIDTH,
        kind: 'range',
        range: WIDTH,
        description: 'Width that the page gives the tag. The element adapts to it.',
      },
      () => style.getPropertyValue('--frame-width') || null,
      (value) => {
        style.setProperty('--frame-width', value);
        this.#frame
          .closest('main')
          ?.classList.toggle('wide', parseFloat(value ?? USUAL_WIDTH) > WIDE_FRAME_PX);
        this.#show();
      },
    );
  }

  #bind(setting: Setting, read: Bound['read'], write: Bound['write']): HTMLElement {
    const initial = read();
    const control = createControl(setting, write, () => write(initial));
    this.#bound.push({ control, read, initial, write });
    return control.element;
  }

  #show(): void {
    for (const { control, read, initial } of this.#bound) {
      const value = read();
      control.show(value, value !== initial);
    }
    this.#changed();
  }
}
