/**
 * Stands in for Lit's own `css-tag.js` in the one file: the same exports, for browsers that have constructable style
 * sheets. All of our baseline do, so the ways round them would be carried to every page for nobody.
 */
export const supportsAdoptingStyleSheets = true;

export class CSSResult {
  readonly cssText: string;
  #sheet: CSSStyleSheet | undefined;

  constructor(cssText: string) {
    this.cssText = cssText;
  }

  get styleSheet(): CSSStyleSheet {
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet();
      this.#sheet.replaceSync(this.cssText);
    }
    return this.#sheet;
  }
}

export function css(strings: TemplateStringsArray, ...values: (CSSResult | number)[]): CSSResult {
  const text = (value: CSSResult | number): string =>
    value instanceof CSSResult ? value.cssText : `${value}`;
  return new CSSResult(strings.reduce((sheet, string, index) => sheet + text(values[index - 1]!) + string));
}

export function unsafeCSS(text: unknown): CSSResult {
  return new CSSResult(String(text));
}

export function adoptStyles(root: ShadowRoot, styles: readonly (CSSStyleSheet | CSSResult)[]): void {
  root.adoptedStyleSheets = styles.map((style) => (style instanceof CSSResult ? style.styleSheet : style));
}

export function getCompatibleStyle(style: CSSStyleSheet | CSSResult): CSSStyleSheet | CSSResult {
  return style;
}
