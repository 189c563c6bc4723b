import type { ReactiveControllerHost } from 'lit';
import { VoiceAgentError } from '../../src/index.js';

const STORAGE_KEY = 'voice-agent-consent';
const givenOnThisPage = new Set<string>();

/**
 * The reader has agreed on this visit.
 * @param words what was agreed to: consent to one text is not consent to another; '' for the element's own
 */
export function isConsentGiven(words: string): boolean {
  try {
    return givenOnThisPage.has(words) || sessionStorage.getItem(storageKey(words)) !== null;
  } catch {
    // A page may be forbidden to store anything.
    return false;
  }
}

function remember(words: string): void {
  givenOnThisPage.add(words);
  try {
    sessionStorage.setItem(storageKey(words), 'given');
  } catch {
    // Then it is asked for again on the next page.
  }
}

function storageKey(words: string): string {
  return words === '' ? STORAGE_KEY : `${STORAGE_KEY}:${words}`;
}

type ConsentHost = Element &
  Pick<ReactiveControllerHost, 'requestUpdate'> & { readonly texts?: { readonly consent?: string } | null };

/** What a page has its readers agree to, in words of its own. @returns '' for the element's own words */
export function consentWords(host: Omit<ConsentHost, 'requestUpdate'>): string {
  const slotted = [...host.children].filter(({ slot }) => slot === 'consent');
  const words = slotted.map(({ textContent }) => textContent).join(' ') || (host.texts?.consent ?? '');
  return words.replace(/\s+/g, ' ').trim();
}

/** Lets a call begin only after the reader has agreed, once per visit. */
export class ConsentGate {
  readonly #host: ConsentHost;
  #waiting: Promise<void> | undefined;
  #settle: ((agreed: boolean) => void) | undefined;

  constructor(host: ConsentHost) {
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
    if (agreed) remember(consentWords(this.#host));
    settle?.(agreed);
    this.#host.requestUpdate();
  }
}

function declined(): VoiceAgentError {
  return VoiceAgentError.notice('stopped/declined');
}
