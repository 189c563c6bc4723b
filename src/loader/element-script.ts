/** Loads the element's module. */
import type { LoaderSettings } from './settings.js';

interface TrustedTypes {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

let attempts = 0;

/**
 * @param like the loader's own script, whose nonce and CORS mode are passed on
 * @returns resolves when the tag is defined; rejects if the module cannot be loaded
 */
export async function loadElement(
  { module, integrity }: LoaderSettings,
  { nonce, crossOrigin }: HTMLScriptElement,
): Promise<unknown> {
  const script = document.createElement('script');
  // Browsers cache a failed module by its whole URL.
  const url = trusted(module + '#'.repeat(attempts++));
  Object.assign(script, { type: 'module', nonce, crossOrigin, integrity, src: url });
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`Not loaded: ${module}`));
    document.head.append(script);
  });
  return customElements.whenDefined('voice-agent');
}

function trusted(url: string): string {
  try {
    const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
    const rules = { createScriptURL: (text: string) => text };
    return trustedTypes!.createPolicy('voice-agent-loader', rules).createScriptURL(url);
  } catch {
    // Trusted Types are missing, or the policy does not allow our name. If the page requires it, the console says so.
    return url;
  }
}
