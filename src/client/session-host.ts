/** Runs the session in its own Worker or, if a policy or an old browser forbids one, on the page's thread. */
import { sessionWorkerSource } from '../generated/session-worker-source.js';
import { VoiceAgentError } from '../errors.js';
import { checkVersion } from '../release.js';
import { ALIVE_MS, type PageToSession, type Port, type SessionToPage } from '../worker/bridge.js';
import { loadAsset } from '../loading/assets.js';

/** Some browsers report a Worker blocked by a policy at once, others never. */
const WORKER_START_MS = 2_000;
/** Time for the last message to the server after a call. */
const TERMINATE_AFTER_MS = 1_000;
/** How long a prepared Worker is kept until the call begins. */
const SPARE_MS = 30_000;
/** After this many missing signs of life in a row, the Worker is dead. */
const MAX_MISSED_SIGNS = 4;

export interface SessionHost {
  readonly kind: 'worker' | 'page';
  post(message: PageToSession, transfer?: Transferable[]): void;
  /** Called for every message of the session, from the first on. */
  onmessage: (message: SessionToPage) => void;
  /** The Worker is dead: the system reclaimed its memory, or it hangs. */
  ondied: () => void;
  close(): void;
  /** At once: nothing more is said. */
  terminate(): void;
}

let spare: ReturnType<typeof startWorker> | undefined;

/** Starts the Worker of the next call. @returns false if one is waiting already */
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
 * @throws {VoiceAgentError} `unsupported_browser` if a policy forbids the session in both places, `version_mismatch`
 * if its file is from another release
 */
export async function createSessionHost(assetBase?: string): Promise<SessionHost> {
  const started = spare;
  spare = undefined;
  const worker = await (started ?? startWorker(assetBase));
  if (worker) return hostOf(worker);
  const { runSession } = await importSession(assetBase);
  return hostOnPage(runSession);
}

/** Direct calls instead of messages: when a page is left, there is no time to post the last message. */
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
    terminate: () => undefined,
  };
  return host;
}

interface SessionScript {
  readonly runSession: (port: Port) => void;
  readonly version: string;
}

/**
 * The same script that the Worker runs. It already exists as text, and a policy that allows the worklet's blob allows
 * importing this one, too; a second copy of the session would cost 5 kB.
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
  // Counted in ticks of the page's own timer, and reset by every message: a page that was blocked itself, for example
  // by an alert, must not conclude that the Worker is dead.
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
    terminate: () => worker.terminate(),
  };
  worker.onmessage = ({ data }: MessageEvent<SessionToPage>) => {
    missed = 0;
    host.onmessage(data);
  };
  return host;
}

/**
 * Returns a running Worker; undefined if none can be created.
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

/** @throws if the browser refuses it, or it does not start in time */
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

/** If a page requires Trusted Types, a Worker's URL must come from a policy that the page allows by name. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
  policy ??= trustedTypes?.createPolicy('voice-agent', { createScriptURL: (address) => address });
  return policy?.createScriptURL(url) ?? url;
}
