import type { ReactiveControllerHost } from 'lit';
import { VoiceAgentError } from '../../src/index.js';

const STORAGE_KEY = 'voice-agent-consent';
const givenOnThisPage = new Set<string>();

/**
 * Whether the visitor has agreed during this visit.
 * @param words what was agreed to, since consent to one text is not consent to another; '' for the element's own text
 */
export function isConsentGiven(words: string): boolean {
  try {
    return givenOnThisPage.has(words) || sessionStorage.getItem(storageKey(words)) !== null;
  } catch {
    // Storage may be forbidden.
    return false;
  }
}

function remember(words: string): void {
  givenOnThisPage.add(words);
  try {
    sessionStorage.setItem(storageKey(words), 'given');
  } catch {
    // Then the visitor is asked again on the next page.
  }
}

function storageKey(words: string): string {
  return STORAGE_KEY + (words && `:${words}`);
}

type ConsentHost = Element &
  Pick<ReactiveControllerHost, 'requestUpdate'> & {
    readonly inputMode: unknown;
    readonly texts?: { readonly consent?: string; readonly consentToText?: string } | null;
  };

/**
 * The consent text of the page.
 * @param mode of the call: a text about typed messages does not mention the microphone
 * @returns '' or 'text:' if it uses the element's own
 */
export function consentWords(host: Omit<ConsentHost, 'requestUpdate'>, mode: unknown): string {
  const slotted = [...host.children].filter(({ slot }) => slot === 'consent');
  const { consent = '', consentToText = '' } = host.texts ?? {};
  const own = mode === 'text' ? `text:${consentToText}` : consent;
  const words = slotted.map(({ textContent }) => textContent).join(' ') || own;
  return words.replace(/\s+/g, ' ').trim();
}

/** Starts a call only after the visitor has agreed, once per visit. */
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

  /** @returns the result of `go`, at once or after consent; rejects if the visitor declines */
  pass(isNeeded: boolean, go: () => Promise<void>): Promise<void> {
    if (this.#waiting) return this.#waiting;
    if (!isNeeded) return go();
    this.#host.requestUpdate();
    return (this.#waiting = new Promise((resolve, reject) => {
      this.#settle = (agreed) => (agreed ? resolve(go()) : reject(declined()));
    }));
  }

  /** Nothing to do if no question is open. `go` must run in the click itself, while the browser still allows audio. */
  answer(agreed: boolean): void {
    const settle = this.#settle;
    this.#waiting = this.#settle = undefined;
    if (agreed) remember(consentWords(this.#host, this.#host.inputMode));
    settle?.(agreed);
    this.#host.requestUpdate();
  }
}

function declined(): VoiceAgentError {
  return VoiceAgentError.notice('stopped/declined');
}
