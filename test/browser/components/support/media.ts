import { emulateMedia } from '@web/test-runner-commands';

/** WebDriver, which controls Firefox and WebKit here, cannot emulate media features. `npm test` runs these tests in Chromium. */
const canEmulateMedia = navigator.userAgent.includes('Chrome');

/** A test that emulates media features. Skipped in Firefox and WebKit only: see above. */
export const itWithMedia = canEmulateMedia ? it : it.skip;

/** Does nothing in browsers that cannot. */
export async function emulate(media: Parameters<typeof emulateMedia>[0]): Promise<void> {
  if (canEmulateMedia) await emulateMedia(media);
}
