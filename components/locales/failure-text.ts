/** What visitors read of a failure, in their language. */
import {
  ERRORS,
  fillText,
  type ErrorText,
  type VisitorErrorKey,
  type VoiceAgentErrorData,
} from '../../src/index.js';
import type { FailureText, Messages } from './en.js';

/** Failures that keep nobody from writing. */
export const NO_SOUND = /^(microphone|audio|engine|insecure|unsupported)_/;

/** A language that comes with the element: it has words for every failure that a visitor can do something about. */
export interface Translation extends Messages {
  readonly errors: Readonly<Record<VisitorErrorKey, FailureText>>;
}

/**
 * In order: words of the page or the language for this cause or this code, the English catalogue, the error's own words
 * where the catalogue does not know it.
 * @returns undefined for what no visitor needs to know.
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
