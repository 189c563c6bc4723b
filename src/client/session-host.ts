/** Runs the session in its own Worker or, if a policy or an old browser forbids one, on the page's thread. */
import { sessionWorkerSource } from '../generated/session-worker-source.js';
import { VoiceAgentError } from '../errors.js';
import { checkVersion } from '../release.js';
import { ALIVE_MS, type PageToSession, type Port, type SessionToPage } from '../worker/bridge.js';
import { MODULE_ENDING, WORKER_ENDING } from '../worker/session-script.js';
import { loadAsset } from '../loading/assets.js';

/** Some browsers report a Worker blocked by a policy at once, others never. */
const WORKER_START_MS = 2_000;
/** Time for the last message to the server after a call. */
const TERMINATE_AFTER_MS = 1_000;
/** How long a prepared Worker is kept until the call begins. */
const SPARE_MS = 30_000;
const REFUSED = 'unsupported_browser/policy';
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
  /** At once: no further message is sent. */
  terminate(): void;
}

let spare: Promise<Worker> | undefined;

/** Starts the Worker of the next call. @returns false if one is waiting already */
export function prepareSessionHost(assetBase: string | undefined): boolean {
  if (spare) return false;
  const worker = (spare = startWorker(assetBase));
  const drop = (): void => {
    if (spare !== worker) return;
    spare = undefined;
    worker.then(
      (idle) => idle.terminate(),
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
  const worker = spare ?? startWorker(assetBase);
  spare = undefined;
  try {
    return hostOf(await worker);
  } catch (error) {
    if (VoiceAgentError.from(error).code === 'version_mismatch') throw error;
  }
  const { runSession } = await importSession(assetBase);
  return hostOnPage(runSession);
}

/** Handlers of a host that nobody has set. */
const UNHEARD = { onmessage: (): void => undefined, ondied: (): void => undefined };

/** Direct calls instead of messages: when a page is left, there is no time to post the last message. */
export function hostOnPage(runSession: SessionScript['runSession']): SessionHost {
  const inner: Port = {
    postMessage: (message) => host.onmessage(message as SessionToPage),
    onmessage: null,
  };
  runSession(inner);
  const host: SessionHost = {
    ...UNHEARD,
    kind: 'page',
    post: (message) => void inner.onmessage?.({ data: message } as MessageEvent<PageToSession>),
    close: () => Object.assign(host, UNHEARD),
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
function importSession(assetBase: string | undefined): Promise<SessionScript> {
  const file = 'session.js';
  return loadAsset(file, sessionWorkerSource, MODULE_ENDING, assetBase, REFUSED, async (url) => {
    const script = (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as SessionScript;
    checkVersion(file, script.version);
    return script;
  });
}

function hostOf(worker: Worker): SessionHost {
  // Counted in ticks of the page's own timer, and reset by every message: a page that was blocked itself, for example
  // by an alert, must not conclude that the Worker is dead.
  let missed = 0;
  const watch = setInterval(() => {
    // Again and again, because the call may not be listening yet. It closes the host.
    if (++missed > MAX_MISSED_SIGNS) host.ondied();
  }, ALIVE_MS);
  const host: SessionHost = {
    ...UNHEARD,
    kind: 'worker',
    post: (message, transfer = []) => worker.postMessage(message, transfer),
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

/** @throws {VoiceAgentError} `version_mismatch`, `unsupported_browser` */
function startWorker(assetBase: string | undefined): Promise<Worker> {
  const file = 'session-worker.js';
  return loadAsset(file, sessionWorkerSource, WORKER_ENDING, assetBase, REFUSED, async (url) => {
    const worker = new Worker(trusted(url), { name: 'voice-agent' });
    try {
      const running = await firstMessage(worker);
      checkVersion(file, running.type === 'running' ? running.version : undefined);
    } catch (error) {
      worker.terminate();
      throw error;
    }
    worker.onerror = null;
    return worker;
  });
}

/** @throws if the browser refuses the Worker, or it does not start in time */
function firstMessage(worker: Worker): Promise<SessionToPage> {
  return new Promise((resolve, reject) => {
    setTimeout(reject, WORKER_START_MS);
    worker.onmessage = ({ data }: MessageEvent<SessionToPage>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
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
