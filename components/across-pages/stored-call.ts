/** The call of the page that was left, in the session storage of this tab. */
import { version, type KeptCall, type KeptSession } from '../../src/index.js';

const STORAGE_KEY = 'voice-agent-call';

/** @template Choices the visitor's choices for the call */
export interface StoredCall<Choices> extends Omit<KeptCall, 'session'> {
  /** Only a tag with the same agent continues the call. */
  readonly agent: string;
  readonly leftAtMs: number;
  readonly choices: Choices;
  /** Unsent text of the text field. */
  readonly draft: string;
  readonly session: KeptSession;
}

/** @returns false if the page may store nothing, or not that much */
export function storeCall(call: StoredCall<unknown>): boolean {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ version, ...call }, asText));
    return true;
  } catch {
    return false;
  }
}

/** @returns undefined if there is none for this agent and release */
export function readCall<Choices>(agent: string): StoredCall<Choices> | undefined {
  try {
    const text = sessionStorage.getItem(STORAGE_KEY) ?? 'null';
    const stored = JSON.parse(text, fromText) as (StoredCall<Choices> & { version: string }) | null;
    if (stored?.version !== version || stored.agent !== agent) return undefined;
    // Any script of the page can write there.
    const isWhole = Array.isArray(stored.transcript) && Array.isArray(stored.session.replies);
    return isWhole ? stored : undefined;
  } catch {
    return undefined;
  }
}

export function forgetCall(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

/** JSON has neither bytes nor the time of a word that came too late to be heard. */
function asText(_key: string, value: unknown): unknown {
  if (value === Infinity) return Number.MAX_VALUE;
  if (!(value instanceof Uint8Array)) return value;
  let text = '';
  for (const byte of value) text += String.fromCharCode(byte);
  return { base64: btoa(text) };
}

function fromText(_key: string, value: unknown): unknown {
  const text = (value as { base64?: string } | null)?.base64;
  return typeof text === 'string' ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : value;
}
