/** Adds the texts to the errors that a session reports. */
import { ERRORS, type ErrorKey } from '../error-catalogue.js';
import { errorData, hintOf, type ErrorReport, type VoiceAgentErrorData } from '../errors.js';
import type { SessionEvent, SessionEventDetails } from '../session/events.js';

/** The details of a session's events, with the texts of errors. */
export interface ToldDetails extends Omit<SessionEventDetails, 'agent-error' | 'failed'> {
  readonly 'agent-error': VoiceAgentErrorData;
  readonly failed: { readonly error: VoiceAgentErrorData; readonly seconds: number };
}

export type ToldEvent = {
  [Type in keyof ToldDetails]: { readonly type: Type; readonly detail: ToldDetails[Type] };
}[keyof ToldDetails];

const RETRYING = 'connection_failed/retrying';

export function withTexts(event: SessionEvent): ToldEvent {
  if (event.type === 'agent-error') return { type: event.type, detail: errorWithTexts(event.detail, false) };
  if (event.type !== 'failed') return event;
  const { error, seconds } = event.detail;
  return { type: event.type, detail: { error: errorWithTexts(error, true), seconds } };
}

/** The service's own words are the message, with our hint. */
export function errorWithTexts(report: ErrorReport, fatal: boolean): VoiceAgentErrorData {
  const { code = '', message, param, retrying, values } = report;
  const { key = Object.hasOwn(ERRORS, code) ? (code as ErrorKey) : 'service' } = report;
  const texts = errorData(key, fatal, values);
  return {
    ...texts,
    code: code || texts.code,
    message: message || texts.message,
    param,
    ...(retrying && { key: RETRYING, hint: hintOf(RETRYING) }),
  };
}
