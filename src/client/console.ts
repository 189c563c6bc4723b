/** Tells the author of the page in the console what went wrong and how to fix it. */
import { ERRORS, type ErrorText } from '../error-catalogue.js';
import type { VoiceAgentErrorData } from '../errors.js';

/** In one call. A server that reports more is broken, and its texts are kept to recognize them. */
const MAX_TEXTS = 100;

/** Each text once per call, because a failure can repeat with every attempt to connect. */
export class AuthorLog {
  readonly #told = new Set<string>();

  tell({ code, key, message, hint }: VoiceAgentErrorData, cause?: unknown): void {
    // A refused microphone is not a problem for the author.
    const known: ErrorText | undefined = key && ERRORS[key];
    if (known?.hint !== undefined && known.author === undefined) return;
    const text = `<voice-agent> ${code}: ${hint === message ? hint : `${message} ${hint}`}`;
    if (this.#told.has(text) || this.#told.size >= MAX_TEXTS) return;
    this.#told.add(text);
    console.warn(...(cause === undefined ? [text] : [text, cause]));
  }
}

/** A mistake that the page survives. */
export function tellAuthor(problem: string): void {
  console.warn(`<voice-agent>: ${problem}.`);
}
