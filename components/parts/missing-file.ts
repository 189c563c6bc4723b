import { warnOnce } from './warn-once.js';

/** How long after a failure a file is loaded again if it is needed. Most network failures are short. */
export const RETRY_MS = 10_000;

/**
 * A file could not be loaded: `voice-agent.js` was copied without its neighbours, or the network failed.
 * @param forget lets the next need load it again
 */
export function onMissingFile(file: string, forget: () => void): void {
  warnOnce(`${file} could not be loaded`);
  setTimeout(forget, RETRY_MS);
}
