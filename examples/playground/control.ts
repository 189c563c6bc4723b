/** A control for one setting: a field with its name, a description, and a reset button. */
import type { Setting } from './settings.js';

export interface Control {
  readonly element: HTMLElement;
  /** Shows the current value. */
  show(value: string | null, isChanged: boolean): void;
}

/** The chosen value; `null` removes the setting. */
export type Choose = (value: string | null) => void;

/** With more choices than this, they are a list instead of a row of buttons. */
const SEGMENTS_CHARACTERS = 32;

function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Renders `code` in a description as code. */
function describe(id: string, text: string): HTMLElement {
  const pieces = text.split('`').map((piece, index) => (index % 2 ? create('code', {}, piece) : piece));
  return create('p', { id, className: 'about' }, ...pieces);
}

/** @param reset Restores the initial value of the page. */
export function createControl(setting: Setting, choose: Choose, reset: () => void): Control {
  const { name, description, kind } = setting;
  const id = `set-${name.replaceAll(/\W+/g, '-')}`;
  const aboutId = `${id}-about`;
  const back = create('button', { type: 'button', className: 'reset', hidden: true, textContent: '↺' });
  back.setAttribute('aria-label', `Reset ${name}`);
  back.addEventListener('click', reset);
  const input = inputFor(setting, id, aboutId, choose);
  const title = create('code', {}, name);
  const isGroup = input.element instanceof HTMLDivElement;
  const label = isGroup
    ? create('span', { className: 'title', id: `${id}-title` }, title)
    : create('label', { className: 'title', htmlFor: id }, title);
  const element = create('div', { className: `field ${kind}` }, label, back, input.element);
  element.append(describe(aboutId, description));
  if (isGroup) {
    input.element.setAttribute('role', 'radiogroup');
    input.element.setAttribute('aria-labelledby', `${id}-title`);
    input.element.setAttribute('aria-describedby', aboutId);
  }
  return {
    element,
    show(value, isChanged) {
      back.hidden = !isChanged;
      element.classList.toggle('changed', isChanged);
      input.show(value);
    },
  };
}

interface Input {
  readonly element: HTMLElement;
  show(value: string | null): void;
}

function inputFor(setting: Setting, id: string, aboutId: string, choose: Choose): Input {
  if (setting.kind === 'choice')
    return setting.choices.join('').length > SEGMENTS_CHARACTERS
      ? listOf(setting.choices, setting.usual, id, aboutId, choose)
      : segmentsOf(setting.choices, setting.usual, id, choose);
  if (setting.kind === 'switch') return switchOf(id, aboutId, choose);
  if (setting.kind === 'range') return sliderOf(setting, id, aboutId, choose);
  const field = setting.kind === 'lines' ? create('textarea', { rows: 3 }) : create('input');
  if (field instanceof HTMLInputElement) field.type = setting.kind;
  field.id = id;
  if (setting.kind !== 'color') {
    field.placeholder = setting.name === 'texts' ? '{"start": "Talk to us"}' : setting.usual;
    field.spellcheck = false;
    field.autocomplete = 'off';
  }
  field.setAttribute('aria-describedby', aboutId);
  field.addEventListener('input', () => choose(field.value === '' ? null : field.value));
  return {
    element: field,
    show(value) {
      // Do not overwrite a field while the user types in it: "1." is an unfinished number.
      if (document.activeElement === field && value !== null) return;
      field.value = value ?? (setting.kind === 'color' ? sixDigits(setting.usual) || '#2f55e0' : '');
    },
  };
}

function switchOf(id: string, aboutId: string, choose: Choose): Input {
  const box = create('input', { type: 'checkbox', id });
  box.setAttribute('role', 'switch');
  box.setAttribute('aria-describedby', aboutId);
  box.addEventListener('input', () => choose(box.checked ? '' : null));
  return { element: box, show: (value) => void (box.checked = value !== null) };
}

function listOf(
  choices: readonly string[],
  usual: string,
  id: string,
  aboutId: string,
  choose: Choose,
): Input {
  const list = create('select', { id }, ...choices.map((choice) => new Option(choice)));
  list.setAttribute('aria-describedby', aboutId);
  list.addEventListener('input', () => choose(list.value === usual ? null : list.value));
  return { element: list, show: (value) => void (list.value = value ?? usual) };
}

function segmentsOf(choices: readonly string[], usual: string, id: string, choose: Choose): Input {
  const buttons = choices.map((choice) => {
    const radio = create('input', { type: 'radio', name: id, value: choice });
    radio.addEventListener('input', () => choose(choice === usual ? null : choice));
    return create('label', {}, radio, create('span', {}, choice || 'default'));
  });
  const element = create('div', { className: 'segments' }, ...buttons);
  return {
    element,
    show(value) {
      for (const radio of element.querySelectorAll('input')) radio.checked = radio.value === (value ?? usual);
    },
  };
}

function sliderOf(
  { range, usual }: Extract<Setting, { kind: 'range' }>,
  id: string,
  aboutId: string,
  choose: Choose,
): Input {
  const { min, max, step, unit } = range;
  const slider = create('input', { type: 'range', id });
  Object.assign(slider, { min, max, step });
  slider.setAttribute('aria-describedby', aboutId);
  const shown = create('output');
  shown.setAttribute('for', id);
  const text = (): string => `${Number(slider.value)}${unit}`;
  slider.addEventListener('input', () => choose(text() === usual ? null : text()));
  return {
    element: create('span', { className: 'slider' }, slider, shown),
    show(value) {
      slider.value = String(parseFloat(value ?? usual));
      shown.textContent = text();
      slider.setAttribute('aria-valuetext', text());
    },
  };
}

/** Colour inputs accept only six digits. */
function sixDigits(color: string): string {
  return color.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
}
