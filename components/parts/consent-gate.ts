import type { ReactiveControllerHost } from 'lit';
import { VoiceAgentError } from '../../src/index.js';

const STORAGE_KEY = 'voice-agent-consent';
let givenOnThisPage = false;

function isGiven(): boolean {
  try {
    return givenOnThisPage || sessionStorage.getItem(STORAGE_KEY) === 'given';
  } catch {
    // A page may be forbidden to store anything.
    return givenOnThisPage;
  }
}

function remember(): void {
  givenOnThisPage = true;
  try {
    sessionStorage.setItem(STORAGE_KEY, 'given');
  } catch {
    // Then it is asked for again on the next page.
  }
}

interface Waiting {
  readonly go: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly promise: Promise<void>;
}

/** Lets a call begin only after the reader has agreed, once per visit. */
export class ConsentGate {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  #waiting: Waiting | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  get isAsking(): boolean {
    return this.#waiting !== undefined;
  }

  /** @returns what `go` returns, at once or after a yes; rejected after a no. */
  pass(isRequired: boolean, go: () => Promise<void>): Promise<void> {
    if (this.#waiting) return this.#waiting.promise;
    if (!isRequired || isGiven()) return go();
    let resolve!: () => void;
    let reject!: (reason: unknown) => void;
    const promise = new Promise<void>((settle, refuse) => {
      resolve = settle;
      reject = refuse;
    });
    this.#waiting = { go, resolve, reject, promise };
    this.#host.requestUpdate();
    return promise;
  }

  /** A yes is to come straight from a click: the call begins in it, while the browser still allows sound. */
  answer(agreed: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#host.requestUpdate();
    if (agreed) {
      remember();
      waiting?.go().then(waiting.resolve, waiting.reject);
    } else waiting?.reject(declined());
  }
}

function declined(): VoiceAgentError {
  return VoiceAgentError.notice(
    'stopped',
    'The conversation was not agreed to.',
    'It can be started again at any time.',
  );
}
