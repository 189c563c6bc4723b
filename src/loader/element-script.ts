/** Brings the element's module. */
import type { LoaderSettings } from './settings.js';

interface TrustedTypes {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

let attempts = 0;

/**
 * @param like the loader's own script: its nonce and its CORS mode are handed on
 * @returns settled when the tag is defined; rejected when the module cannot be loaded
 */
export async function loadElement(
  { module, integrity }: LoaderSettings,
  { nonce, crossOrigin }: HTMLScriptElement,
): Promise<unknown> {
  const script = document.createElement('script');
  // Browsers remember a module that failed, by its whole address.
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
    // No such thing here, or a policy that does not name ours: where the page needs it, its console says so.
    return url;
  }
}
