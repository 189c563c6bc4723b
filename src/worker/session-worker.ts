/** The Worker: everything between the socket and the sound, out of the page's way. */
import type { Port, SessionToPage } from './bridge.js';
import { runSession } from './session-runner.js';

const page = globalThis as unknown as Port;
const running: SessionToPage = { type: 'running' };
runSession(page);
page.postMessage(running, []);
