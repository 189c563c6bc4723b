/** Where the session runs: in a Worker of its own, or where a policy or an old browser forbids one, on the page's thread. */
import { sessionWorkerSource } from '../generated/session-worker-source.js';
import { VoiceAgentError } from '../errors.js';
import { checkVersion } from '../release.js';
import { ALIVE_MS, type PageToSession, type Port, type SessionToPage } from '../worker/bridge.js';
import { loadAsset } from '../loading/assets.js';

/** A Worker that a policy blocks says so at once in some browsers and never in others. */
const WORKER_START_MS = 2_000;
/** Time for the last words to the server once a call is over. */
const TERMINATE_AFTER_MS = 1_000;
/** A Worker that was started for a call is kept for so long until the call begins. */
const SPARE_MS = 30_000;
/** So many of its signs of life in a row that did not come: the Worker is dead. */
const MAX_MISSED_SIGNS = 4;

export interface SessionHost {
  readonly kind: 'worker' | 'page';
  post(message: PageToSession, transfer?: Transferable[]): void;
  /** Called for every message of the session, from the first on. */
  onmessage: (message: SessionToPage) => void;
  /** The Worker is dead: the system has taken its memory, or it hangs. */
  ondied: () => void;
  close(): void;
}

let spare: ReturnType<typeof startWorker> | undefined;

/** Starts the Worker of the next call. @returns false where one waits already. */
export function prepareSessionHost(assetBase: string | undefined): boolean {
  if (spare) return false;
  const worker = (spare = startWorker(assetBase));
  const drop = (): void => {
    if (spare !== worker) return;
    spare = undefined;
    worker.then(
      (idle) => idle?.terminate(),
      () => undefined,
    );
  };
  worker.catch(drop);
  setTimeout(drop, SPARE_MS);
  return true;
}

/**
 * @throws {VoiceAgentError} `unsupported_browser` when a policy forbids the session in either place, `version_mismatch` when
 * its file is of another release
 */
export async function createSessionHost(assetBase?: string): Promise<SessionHost> {
  const started = spare;
  spare = undefined;
  const worker = await (started ?? startWorker(assetBase));
  if (worker) return hostOf(worker);
  const { runSession } = await importSession(assetBase);
  return hostOnPage(runSession);
}

/** Straight calls, no messages: the last words of a page that is being left have no time to be posted. */
export function hostOnPage(runSession: SessionScript['runSession']): SessionHost {
  const inner: Port = {
    postMessage: (message) => host.onmessage(message as SessionToPage),
    onmessage: null,
  };
  runSession(inner);
  const host: SessionHost = {
    kind: 'page',
    post: (message) => void inner.onmessage?.({ data: message } as MessageEvent<PageToSession>),
    onmessage: () => undefined,
    ondied: () => undefined,
    close: () => {
      host.onmessage = () => undefined;
    },
  };
  return host;
}

interface SessionScript {
  readonly runSession: (port: Port) => void;
  readonly version: string;
}

/**
 * The same script that the Worker would have run. It is a text already, and a blob that the worklet may be loaded from
 * may be imported, too; a second copy of the session would cost 5 kB.
 */
async function importSession(assetBase: string | undefined): Promise<SessionScript> {
  try {
    const { result } = await loadAsset(
      'session.js',
      sessionWorkerSource,
      ';export const{runSession,version}=voiceAgentSession',
      assetBase,
      async (url) => {
        const script = (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as SessionScript;
        checkVersion('session.js', script.version);
        return script;
      },
    );
    return result;
  } catch (error) {
    if (error instanceof VoiceAgentError) throw error;
    throw VoiceAgentError.fatal('unsupported_browser/policy', { cause: error });
  }
}

function hostOf(worker: Worker): SessionHost {
  // Counted in turns of the page's own timer, and reset by whatever has come meanwhile: a page that was blocked itself, by
  // an alert for example, takes its own silence for nobody's death.
  let missed = 0;
  const watch = setInterval(() => {
    if (++missed <= MAX_MISSED_SIGNS) return;
    clearInterval(watch);
    host.ondied();
  }, ALIVE_MS);
  const host: SessionHost = {
    kind: 'worker',
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onmessage: () => undefined,
    ondied: () => undefined,
    close: () => {
      clearInterval(watch);
      setTimeout(() => worker.terminate(), TERMINATE_AFTER_MS);
    },
  };
  worker.onmessage = ({ data }: MessageEvent<SessionToPage>) => {
    missed = 0;
    host.onmessage(data);
  };
  return host;
}

/**
 * A Worker that has said that it runs; undefined where none can be made.
 * @throws {VoiceAgentError} `version_mismatch`
 */
async function startWorker(assetBase: string | undefined): Promise<Worker | undefined> {
  const ending = ';voiceAgentSession.runWorker()';
  try {
    return (await loadAsset('session-worker.js', sessionWorkerSource, ending, assetBase, launchWorker))
      .result;
  } catch (error) {
    if (error instanceof VoiceAgentError) throw error;
    return undefined;
  }
}

/** @throws when the browser refuses it, or it does not run in time. */
async function launchWorker(url: string): Promise<Worker> {
  const worker = new Worker(trusted(url), { name: 'voice-agent' });
  try {
    const running = await new Promise<SessionToPage>((resolve, reject) => {
      const timer = setTimeout(reject, WORKER_START_MS);
      worker.onmessage = ({ data }: MessageEvent<SessionToPage>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        clearTimeout(timer);
        reject(new Error(event.message));
      };
    });
    checkVersion('session-worker.js', running.type === 'running' ? running.version : undefined);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  worker.onerror = null;
  return worker;
}

interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

let policy: ReturnType<TrustedTypesFactory['createPolicy']> | undefined;

/** Where a page requires Trusted Types, an address of a Worker comes from a policy that the page has allowed by name. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
  policy ??= trustedTypes?.createPolicy('voice-agent', { createScriptURL: (address) => address });
  return policy?.createScriptURL(url) ?? url;
}
