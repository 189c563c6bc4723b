import { version } from '../release.js';

/** Under which the processor registers itself. A page of another release does not find it, and so never talks to it. */
export const PROCESSOR_NAME = `voice-agent-${version}`;
