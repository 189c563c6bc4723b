/** All texts of the element in English, except errors, which are in `src/error-catalogue.ts`. */
export const messages = {
  /** Accessible name of the element. */
  label: 'Voice conversation',
  start: 'Start conversation',
  end: 'End conversation',
  mute: 'Mute microphone',
  holdToTalk: 'Hold to talk',
  interrupt: 'Interrupt the agent',
  retry: 'Try again',
  writeInstead: 'Type instead',
  microphoneAllowed: 'The microphone is now allowed.',
  close: 'Close',
  /** Accessible name and placeholder of the text field. */
  write: 'Type a message',
  send: 'Send',
  transcript: 'Transcript',
  you: 'You',
  agent: 'Agent',
  interrupted: 'Interrupted',
  /** Words that the service announced but the visitor never heard. */
  unspoken: 'Not spoken',
  duration: 'Duration',
  welcome: 'Talk with us',
  welcomeHint: 'Press the button, allow the microphone, and speak. You can interrupt at any time.',
  /** With `input-mode="text"`. */
  textHint: 'Press the button, then type your message.',
  /** While the browser shows its permission prompt. */
  allowMicrophone: 'Please allow the microphone.',
  /** Shown before the first sound of every call, as the AI Act of the EU requires (Article 50). An empty text removes it. */
  aiNotice: 'You are talking with an AI.',
  waiting: 'The conversation will appear here.',
  /** `{seconds}` is replaced by a number. */
  endsSoon: 'This conversation ends in {seconds} seconds.',
  consent:
    'This conversation uses your microphone. Your speech is sent to a voice service, which answers you.',
  /** With `input-mode="text"`. */
  consentToText: 'Your messages are sent to a service, which answers you.',
  agree: 'Agree and start',
  decline: 'Not now',
  speakingMuted: 'You are muted. The agent cannot hear you.',
  stateIdle: 'Ready',
  stateConnecting: 'Connecting…',
  stateListening: 'Listening',
  stateHearing: 'Hearing you',
  stateMuted: 'You are muted',
  stateThinking: 'Thinking…',
  stateSpeaking: 'Speaking',
  stateReconnecting: 'Reconnecting…',
  stateEnded: 'Conversation ended',
  stateError: 'Something went wrong',
  /** For failures that only the author of the page can fix. */
  outage: 'This conversation is not available right now.',
  outageHint: 'Please try again later.',
  /** A text-only call that continues without any audio. */
  noSound: 'There is no sound here. You can type instead.',
};

export interface FailureText {
  readonly message: string;
  readonly hint: string;
}

/** `errors`: by `code`, or by `code/reason` for a single cause, as in `ERRORS`. */
export type Messages = { [Key in keyof typeof messages]: string } & {
  readonly errors?: Readonly<Record<string, Partial<FailureText>>>;
};
