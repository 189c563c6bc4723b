/**
 * The session as a script of its own: what a Worker runs, out of the page's way, and what the page itself imports where
 * no Worker can be made.
 */
import { version } from '../release.js';
import { ALIVE_MS, type Port, type SessionToPage } from './bridge.js';
import { runSession } from './session-runner.js';

export { runSession, version };

/** To be called in the Worker: says which release it is of, and that it is alive, and serves the page. */
export function runWorker(): void {
  const page = globalThis as unknown as Port;
  const running: SessionToPage = { type: 'running', version };
  runSession(page);
  const tell = (): void => page.postMessage(running, []);
  setInterval(tell, ALIVE_MS);
  tell();
}
