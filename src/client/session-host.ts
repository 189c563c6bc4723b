/** Where the session runs: in a Worker of its own, or where a policy or an old browser forbids one, on the page's thread. */
import { sessionWorkerSource } from '../generated/session-worker-source.js';
import { VoiceAgentError } from '../errors.js';
import type { PageToSession, Port, SessionToPage } from '../worker/bridge.js';

/** A Worker that a policy blocks says so at once in some browsers and never in others. */
const WORKER_START_MS = 2_000;
/** Time for the last words to the server once a call is over. */
const TERMINATE_AFTER_MS = 1_000;

export interface SessionHost {
  readonly kind: 'worker' | 'page';
  post(message: PageToSession, transfer?: Transferable[]): void;
  /** Called for every message of the session, from the first on. */
  onmessage: (message: SessionToPage) => void;
  close(): void;
}

/** @throws {VoiceAgentError} `unsupported_browser` when a policy forbids the session in either place. */
export async function createSessionHost(): Promise<SessionHost> {
  const worker = await startWorker();
  if (worker) return hostOf(worker);
  const { runSession } = await importSession();
  return hostOnPage(runSession);
}

/** Straight calls, no messages: the last words of a page that is being left have no time to be posted. */
function hostOnPage(runSession: SessionScript['runSession']): SessionHost {
  const inner: Port = {
    postMessage: (message) => host.onmessage(message as SessionToPage),
    onmessage: null,
  };
  runSession(inner);
  const host: SessionHost = {
    kind: 'page',
    post: (message) => void inner.onmessage?.({ data: message } as MessageEvent<PageToSession>),
    onmessage: () => undefined,
    close: () => {
      host.onmessage = () => undefined;
    },
  };
  return host;
}

interface SessionScript {
  readonly runSession: (port: Port) => void;
}

/**
 * The same script that the Worker would have run. It is a text already, and a blob that the worklet may be loaded from
 * may be imported, too; a second copy of the session would cost 5 kB.
 */
async function importSession(): Promise<SessionScript> {
  const url = scriptUrl(`${sessionWorkerSource};export const runSession=voiceAgentSession.runSession`);
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as SessionScript;
  } catch (error) {
    throw VoiceAgentError.fatal(
      'unsupported_browser',
      'The browser allows the voice agent neither a Worker nor its script on the page.',
      'Allow one in the page’s Content-Security-Policy: worker-src blob:, or script-src blob:.',
      error,
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

function scriptUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}

function hostOf(worker: Worker): SessionHost {
  const host: SessionHost = {
    kind: 'worker',
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onmessage: () => undefined,
    close: () => void setTimeout(() => worker.terminate(), TERMINATE_AFTER_MS),
  };
  worker.onmessage = ({ data }: MessageEvent<SessionToPage>) => host.onmessage(data);
  return host;
}

/** A Worker that has said that it runs; undefined where none can be made. */
async function startWorker(): Promise<Worker | undefined> {
  const url = scriptUrl(`${sessionWorkerSource};voiceAgentSession.runWorker()`);
  let worker: Worker;
  try {
    worker = new Worker(url, { name: 'voice-agent' });
  } catch {
    URL.revokeObjectURL(url);
    return undefined;
  }
  const started = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), WORKER_START_MS);
    const settle = (running: boolean): void => {
      clearTimeout(timer);
      resolve(running);
    };
    worker.onmessage = () => settle(true);
    worker.onerror = (event) => {
      event.preventDefault();
      settle(false);
    };
  });
  URL.revokeObjectURL(url);
  worker.onerror = null;
  if (started) return worker;
  worker.terminate();
  return undefined;
}
