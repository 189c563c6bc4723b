/** Adds the texts to the errors that a session reports. */
import { errorData, type VoiceAgentErrorData } from '../errors.js';
import type { SessionEvent, SessionEventDetails } from '../session/events.js';

/** The details of a session's events, with the texts of errors. */
export interface ToldDetails extends Omit<SessionEventDetails, 'agent-error' | 'failed'> {
  readonly 'agent-error': VoiceAgentErrorData;
  readonly failed: { readonly error: VoiceAgentErrorData; readonly seconds: number };
}

export type ToldEvent = {
  [Type in keyof ToldDetails]: { readonly type: Type; readonly detail: ToldDetails[Type] };
}[keyof ToldDetails];

export function withTexts(event: SessionEvent): ToldEvent {
  if (event.type === 'agent-error') return { type: event.type, detail: errorData(event.detail, false) };
  if (event.type !== 'failed') return event;
  const { error, seconds } = event.detail;
  return { type: event.type, detail: { error: errorData(error, true), seconds } };
}
