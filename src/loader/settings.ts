/** What one loader script asks for. */

export interface LoaderSettings {
  /** Attributes of the tag that is made. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly isFloating: boolean;
  /** Address of the element's module. */
  readonly module: string;
  /** Its hash, as the attribute `integrity` takes it. */
  readonly integrity: string;
  /** Not before the visitor comes near. */
  readonly onIntent: boolean;
}

/** From the script's `data-*` and, since tag managers drop those, from the query of its address; an attribute wins. */
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
