/** Uses the tag like the unit tests of a page in a simulated browser. */
import { expect } from 'vitest';
import '../../../components/define-parts.js';
import '../../../components/voice-agent/define.js';

const LAYOUTS = ['panel', 'bar', 'button', 'floating', 'headless'];
const EVERYTHING =
  'text-input devices remember-devices record save-transcript debug sounds require-consent push-to-talk open';
const PARTS = [
  'transcript',
  'visualizer',
  'controls',
  'devices',
  'export',
  'extras',
  'recorder',
  'sounds',
  'stats',
];

/** Renders, changes, starts and removes every layout and part. @returns uncaught errors */
export async function renderEverything(): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const note = (error: unknown): unknown => uncaught.push(error);
  process.on('unhandledRejection', note).on('uncaughtException', note);
  try {
    for (const layout of LAYOUTS)
      for (const theme of ['auto', 'dark']) {
        const parts = PARTS.map((part) => `<voice-agent-${part} theme="${theme}"></voice-agent-${part}>`);
        document.body.innerHTML = `<voice-agent layout="${layout}" theme="${theme}" ${EVERYTHING} token-url="/token">${parts.join('')}</voice-agent>`;
        const element = document.querySelector('voice-agent')!;
        await element.updateComplete;
        if (layout !== 'headless') expect(element.shadowRoot?.textContent).toContain('Ready');
        element.theme = 'light';
        element.muted = true;
        // First refused by the visitor, then by a browser without audio.
        const declined = element.start();
        await element.updateComplete;
        element.shadowRoot?.querySelector<HTMLElement>('[part~=decline-button]')?.click();
        await expect(declined).rejects.toMatchObject({ code: 'stopped' });
        element.requireConsent = false;
        await expect(element.start()).rejects.toMatchObject({ code: expect.any(String) as string });
        expect(element.state).toBe('error');
        await element.updateComplete;
        await element.stop();
        element.remove();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
  } finally {
    process.off('unhandledRejection', note).off('uncaughtException', note);
  }
  return uncaught;
}
