import type { AgentPart } from '../../../../components/extras/agent-part.js';
import { find, findAll, textOf } from './mount.js';
import type { ScriptedElement } from './scripted-agent.js';

/** A rendered part inside its agent. @param attributes as in HTML; `true` for one without a value */
export async function addPart<Tag extends keyof HTMLElementTagNameMap>(
  agent: ScriptedElement,
  tag: Tag,
  attributes: Readonly<Record<string, string | true>> = {},
): Promise<HTMLElementTagNameMap[Tag] & AgentPart> {
  const part = document.createElement(tag) as HTMLElementTagNameMap[Tag] & AgentPart;
  for (const [name, value] of Object.entries(attributes))
    part.setAttribute(name, value === true ? '' : value);
  agent.append(part);
  await part.updateComplete;
  return part;
}

/** The button with this text or name. */
export function buttonOf(part: HTMLElement, name: string): HTMLElement {
  const button = findAll(part, 'button').find(
    (candidate) => textOf(candidate) === name || candidate.getAttribute('aria-label') === name,
  );
  if (!button) throw new Error(`There is no button "${name}".`);
  return button;
}

/** Every control is at least 24 px (WCAG 2.2), and nothing overflows its box. */
export function misfits(part: HTMLElement): string[] {
  const small = findAll(part, 'button, select, input')
    .filter((control) => control.checkVisibility())
    .map((control) => ({ control, box: control.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 24 || box.height < 24)
    .map(({ control }) => `${control.localName} "${textOf(control)}" is too small`);
  const wide = part.scrollWidth > part.clientWidth + 1 ? [`${part.localName} is too wide`] : [];
  return [...small, ...wide];
}

export { find };
