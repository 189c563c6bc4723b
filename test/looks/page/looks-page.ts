/** Shows the element in any layout and state, with a scripted call. */
import '../../../components/define-parts.js';
import { contrastOf, inked, violations } from '../../browser/components/support/accessibility.js';
import { addPart, misfits } from '../../browser/components/support/parts.js';
import { SCENES } from '../../browser/components/support/scenes.js';
import { ScriptedElement } from '../../browser/components/support/scripted-agent.js';

export interface Look {
  /** As in HTML; the value of a boolean attribute is empty. */
  readonly attributes: Readonly<Record<string, string>>;
  /** A name of SCENES. */
  readonly scene: string;
  readonly rightToLeft?: boolean;
  /** A file of components/themes. */
  readonly readyTheme?: string;
  /** A part to show instead of the element, which is then headless. */
  readonly part?: `voice-agent-${string}`;
  /** A host page: its style sheet, and the style of the wrapper of the element. */
  readonly host?: { readonly css: string; readonly wrapper: string };
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Margin around the element in a picture. */
const MARGIN_PX = 16;
const CALL_MS = 75_000;

/** The scene's transcript in Arabic. */
const ARABIC: Readonly<Record<string, string>> = {
  a: 'مرحبًا! كيف يمكنني مساعدتك؟',
  b: 'غرفة لليلتين، من فضلك.',
  c: 'تبقّت غرفتان: واحدة',
  e: 'وهناك',
};
const ARABIC_UNHEARD: Readonly<Record<string, string>> = { d: 'لحظة' };

/** Registered under the real tag name, because themes select the element by it. */
class LookedAt extends ScriptedElement {}
customElements.define('voice-agent', LookedAt);

/**
 * Reduces gradients to steps of four levels. That is invisible and halves the size of the pictures. The filter is outside
 * of the body, which is emptied for every picture.
 */
function offerFewerColours(): void {
  const levels = Array.from({ length: 64 }, (_, level) => (level / 63).toFixed(4)).join(' ');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const channel = (name: string): string => `<feFunc${name} type="discrete" tableValues="${levels}" />`;
  svg.innerHTML = `<filter id="fewer-colours" color-interpolation-filters="sRGB">
    <feComponentTransfer>${['R', 'G', 'B'].map(channel).join('')}</feComponentTransfer>
  </filter>`;
  document.head.append(svg);
}
offerFewerColours();

let nowMs = performance.now();
performance.now = () => nowMs;

export class LooksPage {
  element = new LookedAt();
  /** The element, or the part to show. */
  subject: HTMLElement = this.element;
  readonly #hostStyle = document.createElement('style');
  readonly #theme = Object.assign(document.createElement('link'), { rel: 'stylesheet' });

  /** Settles when the element has its final layout. */
  async show({ attributes, scene, rightToLeft = false, readyTheme, part, host }: Look): Promise<void> {
    await this.#wear(readyTheme);
    const { documentElement: root, body } = document;
    root.lang = rightToLeft ? 'ar' : 'en';
    root.dir = rightToLeft ? 'rtl' : 'ltr';
    body.className = attributes['theme'] ?? '';
    this.element = new LookedAt();
    const own = part ? { layout: 'headless' } : attributes;
    for (const [name, value] of Object.entries(own)) this.element.setAttribute(name, value);
    body.replaceChildren(this.#placed(host));
    await this.element.updateComplete;
    this.subject = part
      ? await addPart(this.element, part as keyof HTMLElementTagNameMap, attributes)
      : this.element;
    this.play(scene, rightToLeft);
    await this.settle();
  }

  /** @returns the element, or its wrapper */
  #placed(host: Look['host']): HTMLElement {
    this.#hostStyle.textContent = host?.css ?? '';
    document.head.append(this.#hostStyle);
    if (!host) return this.element;
    const wrapper = document.createElement('div');
    wrapper.style.cssText = host.wrapper;
    wrapper.append(this.element);
    return wrapper;
  }

  play(scene: string, rightToLeft = false): void {
    const { script } = this.element;
    SCENES[scene]!(script);
    if (rightToLeft)
      for (const entry of script.transcript) {
        const [text, unheardText] = [ARABIC[entry.key], ARABIC_UNHEARD[entry.key]];
        script.utter({ ...entry, ...(text && { text }), ...(unheardText && { unheardText }) });
      }
    nowMs += CALL_MS;
    this.element.requestUpdate();
  }

  /** Advances the clock of this page, which is stopped otherwise. */
  wait(ms: number): void {
    nowMs += ms;
  }

  async #wear(theme: string | undefined): Promise<void> {
    const href = theme && `/components/themes/${theme}.css`;
    if (this.#theme.getAttribute('href') === (href ?? null)) return;
    this.#theme.remove();
    this.#theme.removeAttribute('href');
    if (href === undefined) return;
    const loaded = new Promise((resolve) => (this.#theme.onload = resolve));
    this.#theme.href = href;
    document.head.append(this.#theme);
    await loaded;
  }

  async settle(): Promise<void> {
    await this.element.updateComplete;
    await document.fonts.ready;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
  }

  /** The element's position with a margin. */
  box(): Box {
    const root = this.element.shadowRoot!;
    const seen = [this.element, ...root.querySelectorAll('.launcher, .sheet')]
      .filter((element) => element.checkVisibility())
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && height > 0);
    const x = Math.max(0, Math.floor(Math.min(...seen.map(({ left }) => left)) - MARGIN_PX));
    const y = Math.max(0, Math.floor(Math.min(...seen.map(({ top }) => top)) - MARGIN_PX));
    const right = Math.min(innerWidth, Math.ceil(Math.max(...seen.map((each) => each.right)) + MARGIN_PX));
    const bottom = Math.min(innerHeight, Math.ceil(Math.max(...seen.map((each) => each.bottom)) + MARGIN_PX));
    return { x, y, width: right - x, height: bottom - y };
  }

  /** Contrast of a box's border with its content. */
  edgeContrast(selector: string): number {
    const box = this.element.shadowRoot!.querySelector<HTMLElement>(selector)!;
    const probe = document.createElement('span');
    probe.style.color = getComputedStyle(box).borderTopColor;
    box.append(probe);
    const contrast = contrastOf(probe);
    probe.remove();
    return contrast;
  }

  /** Violations reported by axe. */
  violations(): Promise<string[]> {
    return violations(this.subject);
  }

  /** Texts below a contrast of 4.5, icons below 3, and the number measured. */
  faint(): { readonly measured: number; readonly faint: string[] } {
    // The background of the launcher is an image, which `accessibility.test.ts` checks.
    const inks = inked(this.subject).filter((ink) => !ink.matches('.launcher'));
    const faint = inks.flatMap((ink) => {
      const text = ink.textContent.trim();
      const contrast = contrastOf(ink);
      const least = ink.localName === 'button' && !text ? 3 : 4.5;
      return contrast >= least ? [] : [`${ink.className} "${text}": ${contrast.toFixed(2)}`];
    });
    return { measured: inks.length, faint };
  }

  /** Controls below the minimum target size, and elements that overflow their box or the window. */
  misfits(): string[] {
    const { right, left } = this.subject.getBoundingClientRect();
    const isInside = left >= 0 && right <= innerWidth;
    return [...misfits(this.subject), ...(isInside ? [] : [`${left} … ${right} px`])];
  }
}

declare global {
  interface Window {
    looks: LooksPage;
  }
}

window.looks = new LooksPage();
