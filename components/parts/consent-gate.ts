import type { ReactiveControllerHost } from 'lit';
import { VoiceAgentError } from '../../src/index.js';

const STORAGE_KEY = 'voice-agent-consent';
let givenOnThisPage = false;

/** The reader has agreed on this visit. */
export function isConsentGiven(): boolean {
  try {
    return givenOnThisPage || sessionStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    // A page may be forbidden to store anything.
    return false;
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

/** Lets a call begin only after the reader has agreed, once per visit. */
export class ConsentGate {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  #waiting: Promise<void> | undefined;
  #settle: ((agreed: boolean) => void) | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  get isAsking(): boolean {
    return this.#waiting !== undefined;
  }

  /** @returns what `go` returns, at once or after a yes; rejected after a no. */
  pass(isNeeded: boolean, go: () => Promise<void>): Promise<void> {
    if (this.#waiting) return this.#waiting;
    if (!isNeeded) return go();
    this.#host.requestUpdate();
    return (this.#waiting = new Promise((resolve, reject) => {
      this.#settle = (agreed) => (agreed ? resolve(go()) : reject(declined()));
    }));
  }

  /** Where nothing was asked, nothing is answered. A yes is to come straight from a click: the call begins in it, while the browser still allows sound. */
  answer(agreed: boolean): void {
    const settle = this.#settle;
    this.#waiting = this.#settle = undefined;
    if (agreed) remember();
    settle?.(agreed);
    this.#host.requestUpdate();
  }
}

function declined(): VoiceAgentError {
  return VoiceAgentError.notice('stopped/declined');
}
