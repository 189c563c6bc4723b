/** The controls of `npm run measure`. */
import { expect, test } from '@playwright/test';
import { startControls } from '../measure/controls.js';
import { launchChromium } from '../support/launch-chromium.js';

/** Of seven minutes. */
const QUANTA = 145_000;

test('the controls can be read after a long measurement', async () => {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    // The bare worklet answers as if it had run that long.
    await context.addInitScript((quanta) => {
      window.AudioWorkletNode = class extends AudioWorkletNode {
        override get port(): MessagePort {
          const port = super.port;
          port.postMessage = () =>
            void port.onmessage?.(
              new MessageEvent('message', { data: Array.from({ length: quanta }, () => 1) }),
            );
          return port;
        }
      };
    }, QUANTA);
    await using controls = await startControls({ newPage: () => context.newPage() });
    expect((await controls.read()).worklet).toHaveLength(QUANTA);
  } finally {
    await browser.close();
  }
});
