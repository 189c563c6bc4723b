/** The conversation as a person on the page sees it. One pure function changes it; nobody else assigns it. */
export type VoiceAgentState =
  | 'idle'
  | 'connecting'
  | 'listening'
  | 'thinking'
  | 'speaking'
  | 'reconnecting'
  | 'ended'
  | 'error';
