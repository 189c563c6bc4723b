import { chromium, type Browser } from '@playwright/test';
import { chromiumArguments } from '../../scripts/chromium-arguments.mjs';
import { findChromium } from '../../scripts/find-browser.mjs';

export interface ChromiumOptions {
  /** What its microphone hears, played once. Without it: beeps once a second. */
  readonly microphoneWav?: string;
  /**
   * `granted` (default): no question is asked. `denied`: the user refuses. `missing`: no microphone is plugged in.
   */
  readonly microphone?: 'granted' | 'denied' | 'missing';
  /** Further command line switches. */
  readonly switches?: readonly string[];
}

/** A Chromium without a screen whose microphone is a file, and which renders sound without a sound card. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('No Chromium found; `npm test` installs one.');
  return chromium.launch({
    executablePath,
    args: [...chromiumArguments, ...microphoneSwitches(options), ...(options.switches ?? [])],
  });
}

function microphoneSwitches({ microphone = 'granted', microphoneWav }: ChromiumOptions): string[] {
  if (microphone === 'missing') return [];
  const switches = ['--use-fake-device-for-media-stream'];
  // Without the fake prompt a page that was granted nothing is refused.
  if (microphone === 'granted') switches.push('--use-fake-ui-for-media-stream');
  if (microphoneWav !== undefined) switches.push(`--use-file-for-fake-audio-capture=${microphoneWav}%noloop`);
  return switches;
}
