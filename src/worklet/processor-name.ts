import { version } from '../release.js';

/**
 * The name under which the processor registers itself. A page of another release does not find it, so it never talks
 * to it.
 */
export const PROCESSOR_NAME = `voice-agent-${version}`;
