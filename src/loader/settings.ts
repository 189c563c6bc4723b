/** The settings of one loader script. */

export interface LoaderSettings {
  /** Attributes of the created tag. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly isFloating: boolean;
  /** URL of the element's module. */
  readonly module: string;
  /** Its hash, in the format of the attribute `integrity`. */
  readonly integrity: string;
  /** Wait until the visitor comes near. */
  readonly onIntent: boolean;
}

/**
 * From the script's `data-*` attributes and, since tag managers drop those, from the query of its URL; attributes
 * win.
 */
export function settingsOf({ src, attributes: written }: HTMLScriptElement): LoaderSettings {
  const given: Record<string, string> = {
    layout: 'floating',
    ...Object.fromEntries(new URL(src).searchParams),
  };
  for (const { name, value } of written) if (name.startsWith('data-')) given[name.slice(5)] = value;
  const { module, integrity = '', load, ...attributes } = given;
  return {
    attributes,
    isFloating: attributes['layout'] === 'floating',
    module: new URL(module ?? 'voice-agent.js', module ? document.baseURI : src).href,
    integrity,
    onIntent: load === 'intent',
  };
}
