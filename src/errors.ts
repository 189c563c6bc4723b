/**
 * The only error class of the project. Every failure that a page can see has a stable `code` to compare with, a
 * `message` that says what happened and a `hint` that says what to do. The texts are in `error-catalogue.ts`.
 */
import { ERRORS, fillText, type ErrorKey, type ErrorText, type ErrorValues } from './error-catalogue.js';

/** Codes of failures detected by this library: those of the catalogue. The service's codes are passed on unchanged. */
export type ClientErrorCode = Exclude<CodeOf<ErrorKey>, ServerErrorCode | 'service'>;
type CodeOf<Key> = Key extends `${infer Code}/${string}` ? Code : Key;

/** Codes that the service documents or was observed to send, in lower case. */
export type ServerErrorCode =
  | 'unauthorized'
  | 'invalid_format'
  | 'invalid_value'
  | 'invalid_audio'
  | 'immutable_field'
  | 'agent_not_found'
  | 'agent_id_not_first'
  | 'audio_rate_violation'
  | 'session_not_found'
  | 'session_forbidden'
  | 'session_expired'
  | 'at_capacity'
  | 'concurrency_exceeded'
  | 'internal_error'
  | 'server_error';

/** New server codes appear over time; the string arm accepts them, the literals keep completion in editors. */
export type VoiceAgentErrorCode = ClientErrorCode | ServerErrorCode | (string & Record<never, never>);

/** The serializable form, in which errors travel between Worker and page. */
export interface VoiceAgentErrorData {
  readonly code: VoiceAgentErrorCode;
  /** The key of its text in `ERRORS`: `code`, or `code/reason`. Absent for an unknown code. */
  readonly key?: ErrorKey | undefined;
  /** Values for the braces of that text. */
  readonly values?: ErrorValues | undefined;
  /** What happened, in one sentence. Never contains a token or a session id. */
  readonly message: string;
  /** What to do about it; the message, where that says it. */
  readonly hint: string;
  /** `true` if the error ended the call. */
  readonly fatal: boolean;
  /** The field of `session` that the service named. */
  readonly param?: string | undefined;
}

/**
 * An error as a session reports it: the key of one that this library detected, or what the service said. The page adds
 * the texts.
 */
export interface ErrorReport {
  /** Of an error that this library detected. */
  readonly key?: ErrorKey | undefined;
  /** Values for the braces of its text. */
  readonly values?: ErrorValues | undefined;
  /** The service's own code, in lower case. */
  readonly code?: string;
  /** The service's own words. */
  readonly message?: string;
  /** The field of `session` that the service named. */
  readonly param?: string | undefined;
  /** The call has not begun yet, and another attempt follows. */
  readonly retrying?: true;
}

/** What an error can have besides its texts. */
export interface ErrorDetails {
  /** Values for the words in braces. */
  readonly values?: ErrorValues | undefined;
  /** The error of the browser or the page, as `Error.cause`. */
  readonly cause?: unknown;
}

/** The error class of this library. Its fields are those of {@link VoiceAgentErrorData}. */
export class VoiceAgentError extends Error {
  override readonly name = 'VoiceAgentError';
  declare readonly code: VoiceAgentErrorCode;
  declare readonly key: ErrorKey | undefined;
  declare readonly values: ErrorValues | undefined;
  declare readonly hint: string;
  declare readonly fatal: boolean;
  declare readonly param: string | undefined;

  constructor(data: VoiceAgentErrorData, options?: ErrorOptions) {
    const { message, ...facts } = data;
    super(message, options);
    Object.assign(this, facts);
  }

  /** The error as plain data, for a message port or an event's detail. */
  toData(): VoiceAgentErrorData {
    const { code, key, values, message, hint, fatal, param } = this;
    return { code, key, values, message, hint, fatal, param };
  }

  /** A fatal error: the call is over. */
  static fatal(key: ErrorKey, { values, cause }: ErrorDetails = {}): VoiceAgentError {
    return new VoiceAgentError(errorData({ key, values }, true), { cause });
  }

  /** A non-fatal error: the call continues. */
  static notice(key: ErrorKey, { values, cause }: ErrorDetails = {}): VoiceAgentError {
    return new VoiceAgentError(errorData({ key, values }, false), { cause });
  }

  /** Converts any thrown value to a VoiceAgentError. One that already is of the class is returned unchanged. */
  static from(thrown: unknown): VoiceAgentError {
    if (thrown instanceof VoiceAgentError) return thrown;
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    return VoiceAgentError.fatal('internal_client_error', { values: { what }, cause: thrown });
  }
}

/** An error as plain data: the service's own words, or the texts of the catalogue, and our hint. */
export function errorData(report: ErrorReport, fatal: boolean): VoiceAgentErrorData {
  const { code = '', values, param, retrying } = report;
  const { key = Object.hasOwn(ERRORS, code) ? (code as ErrorKey) : 'service' } = report;
  const message = report.message || fillText(ERRORS[key].message, values);
  const shownKey = retrying ? 'connection_failed/retrying' : key;
  const hint = hintOf(shownKey, values);
  return { code: code || key.replace(/\/.*/, ''), key: shownKey, values, message, hint, fatal, param };
}

/** The hint for events: what visitors can do, then what the author of the page can do, unless the message says it. */
function hintOf(key: ErrorKey, values?: ErrorValues): string {
  const { message, hint, author = hint ? '' : message }: ErrorText = ERRORS[key];
  return fillText(hint ? `${hint} ${author}`.trim() : author, values);
}
