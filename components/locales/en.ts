/** Every text the element shows or says by itself. Other languages are objects of the same shape. */
export const messages = {
  /** Name of the whole, for assistive technology. */
  label: 'Voice conversation',
  start: 'Start conversation',
  end: 'End conversation',
  mute: 'Mute microphone',
  holdToTalk: 'Hold to talk',
  interrupt: 'Interrupt the agent',
  retry: 'Try again',
  writeInstead: 'Write instead',
  microphoneAllowed: 'The microphone is allowed now.',
  close: 'Close',
  /** Name of the text field, and what stands in it while it is empty. */
  write: 'Write a message',
  send: 'Send',
  transcript: 'Transcript',
  you: 'You',
  agent: 'Agent',
  interrupted: 'Interrupted',
  /** Words that were announced, but never sounded. */
  unspoken: 'Not spoken',
  duration: 'Duration',
  welcome: 'Talk with us',
  welcomeHint: 'Press the button, allow the microphone, and speak. You can interrupt at any time.',
  /** With `input-mode="text"`. */
  textHint: 'Press the button and write.',
  /** While the browser's own question is open. */
  allowMicrophone: 'Please allow the microphone.',
  waiting: 'What you both say appears here.',
  /** `{seconds}` is replaced by a number. */
  endsSoon: 'This conversation ends in {seconds} seconds.',
  consent:
    'This conversation uses your microphone. What you say is sent to a voice service, which answers you.',
  /** With `input-mode="text"`. */
  consentToText: 'What you write is sent to a service, which answers you.',
  agree: 'Agree and start',
  decline: 'Not now',
  speakingMuted: 'You are muted: nobody can hear you.',
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
};

/** `errors`: what the element says in English of a failure → the same in this language. */
export type Messages = { [Key in keyof typeof messages]: string } & {
  readonly errors?: Readonly<Record<string, string>>;
};
