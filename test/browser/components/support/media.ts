import { emulateMedia } from '@web/test-runner-commands';

/** The drivers of the other browsers cannot. */
const canEmulateMedia = navigator.userAgent.includes('Chrome');

/** A test that emulates media features; left out where that cannot be done. */
export const itWithMedia = canEmulateMedia ? it : it.skip;

/** Does nothing where it cannot. */
export async function emulate(media: Parameters<typeof emulateMedia>[0]): Promise<void> {
  if (canEmulateMedia) await emulateMedia(media);
}
