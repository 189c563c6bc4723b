/** The session as a separate script: a Worker runs it, or the page imports it if no Worker can be created. */
import { version } from '../release.js';
import { ALIVE_MS, type Port, type SessionToPage } from './bridge.js';
import { runSession } from './session-runner.js';

export { runSession, version };

/** Call this in the Worker: reports its release and that it is alive, and serves the page. */
export function runWorker(): void {
  const page = globalThis as unknown as Port;
  const running: SessionToPage = { type: 'running', version };
  runSession(page);
  const tell = (): void => page.postMessage(running);
  setInterval(tell, ALIVE_MS);
  tell();
}
