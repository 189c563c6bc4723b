import { chromium } from '@playwright/test';
import { chromiumArguments } from '../support/chromium-arguments.mjs';
import { findChromium } from '../../scripts/find-browser.mjs';
import { callText, resultOf, type RemotePage } from '../cross-browser/remote-page.js';
import type { PulseAudio } from '../cross-browser/pulse-audio.js';

/** A Chromium that uses the devices of a sound server, so that its own canceller is active. */
export async function openChromium(devices: PulseAudio): Promise<RemotePage> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('No Chromium found; `npm test` installs one.');
  const browser = await chromium.launch({
    executablePath,
    env: devices.env,
    ignoreDefaultArgs: ['--mute-audio'],
    args: [...chromiumArguments, '--use-fake-ui-for-media-stream'],
  });
  const context = await browser.newContext({ permissions: ['microphone'] });
  const page = await context.newPage();
  return {
    name: 'Chromium',
    async goto(url) {
      await page.goto(url);
    },
    async evaluate(run, ...values) {
      return resultOf(await page.evaluate<string>(callText(run, values))) as never;
    },
    perform() {
      throw new Error('Keys and pointers are not needed in a room.');
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
    },
  };
}
