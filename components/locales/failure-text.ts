/** The text of a failure for visitors, in their language. */
import {
  ERRORS,
  fillText,
  type ErrorText,
  type VisitorErrorKey,
  type VoiceAgentErrorData,
} from '../../src/index.js';
import type { FailureText, Messages } from './en.js';

/** Failures after which the visitor can still type. */
export const NO_SOUND = /^(microphone|audio|engine|insecure|unsupported)_/;

/** A built-in language. It has a text for every failure that visitors can act on. */
export interface Translation extends Messages {
  readonly errors: Readonly<Record<VisitorErrorKey, FailureText>>;
}

/**
 * In this order: the page's or language's text for this cause or code, the English catalogue, and for unknown codes
 * the error's own message.
 * @returns undefined for errors that visitors need not know about
 */
export function failureText(error: VoiceAgentErrorData, messages: Messages): FailureText | undefined {
  const { code, key, values, fatal } = error;
  const known: ErrorText | undefined = key && ERRORS[key];
  const english = known?.hint === undefined ? undefined : known;
  const translated = messages.errors?.[key ?? code] ?? messages.errors?.[code];
  if (translated || english) {
    const { message = '', hint = '' } = { ...english, ...translated };
    return { message: fillText(message, values), hint: fillText(hint, values) };
  }
  if (!known) return error;
  if (fatal) return { message: messages.outage, hint: messages.outageHint };
  return NO_SOUND.test(code) ? { message: messages.noSound, hint: '' } : undefined;
}
