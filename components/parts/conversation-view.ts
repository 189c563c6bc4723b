import type { TranscriptEntry, VoiceAgentErrorData, VoiceAgentState } from '../../src/index.js';
import type { Messages } from '../locales/en.js';
import type { Layout, VisualizerName } from './face-choices.js';

/** Something to know while the call goes on; the words are those of the reader's language. */
export type Notice =
  | { readonly kind: 'allow-microphone' }
  | { readonly kind: 'speaking-muted' }
  | { readonly kind: 'ends-soon'; readonly secondsLeft: number }
  | { readonly kind: 'problem'; readonly error: VoiceAgentErrorData };

/** What can be changed of a call at any time, beside its microphone. */
export interface SoundSettings {
  /** How loud the agent is, linear, 0…1. */
  readonly volume?: number;
  /** `deviceId`; undefined for the system's default. */
  readonly microphoneId?: string | undefined;
  readonly speakerId?: string | undefined;
}

/** What a face shows: state comes down in this form, requests go up through `ConversationActions`. */
export interface ConversationView {
  readonly state: VoiceAgentState;
  readonly userSpeaking: boolean;
  /** The reply waits, because the user seems to speak. */
  readonly held: boolean;
  readonly muted: boolean;
  /** How loud the agent is, linear, 0…1. */
  readonly volume: number;
  /** `deviceId`; undefined for the system's default. */
  readonly microphoneId: string | undefined;
  readonly speakerId: string | undefined;
  /** The microphone is open while a button is held. */
  readonly pushToTalk: boolean;
  /** There is a line to write in. */
  readonly textInput: boolean;
  /** There is nothing else: no microphone. */
  readonly textOnly: boolean;
  readonly transcript: readonly TranscriptEntry[];
  /** What was said in earlier calls of this visit. */
  readonly earlier: readonly TranscriptEntry[];
  /** Why the last call failed; only while the state is `error`. */
  readonly error: VoiceAgentErrorData | undefined;
  /** The microphone, which was refused, is allowed now. */
  readonly allowed: boolean;
  /** The reader has yet to agree before a call may begin. */
  readonly needsConsent: boolean;
  /** And is asked to, now. */
  readonly askingConsent: boolean;
  readonly notice: Notice | undefined;
  /** Length of the call, in whole seconds; `undefined` before the first one. */
  readonly seconds: number | undefined;
  /** What the provider shows of the conversation itself: `headless` for nothing. */
  readonly layout: Layout;
  readonly visualizer: VisualizerName;
  /** The choice of devices is kept for the next visit. */
  readonly rememberDevices: boolean;
  /** Texts of the page's own, by key; parts say the same. */
  readonly texts: Readonly<Partial<Messages>> | null;
}

/** What a template shows: the view, and the words for it. */
export interface FaceView extends ConversationView {
  readonly messages: Messages;
}

export interface ConversationActions {
  readonly toggleCall: (event: MouseEvent) => void;
  readonly toggleMuted: () => void;
  readonly interrupt: () => void;
  readonly sendText: (text: string) => void;
  /** Begins a call without a microphone. */
  readonly writeInstead: () => void;
  readonly press: () => void;
  readonly release: () => void;
  readonly answerConsent: (agreed: boolean) => void;
  readonly choose: (settings: SoundSettings) => void;
  /**
   * Hands out both sides of the calls as messages `SoundTap` to `port`.
   * @returns ends it.
   */
  readonly tapAudio: (port: MessagePort) => () => void;
}

/** A call is under way or being made. */
export function isActive(state: VoiceAgentState): boolean {
  return state !== 'idle' && state !== 'ending' && state !== 'ended' && state !== 'error';
}

/** The state in words. */
export function statusText(view: FaceView): string {
  const { state, userSpeaking, held, muted, messages } = view;
  if (state === 'listening' && muted && !view.textOnly)
    return view.pushToTalk ? messages.holdToTalk : messages.stateMuted;
  if ((state === 'listening' && userSpeaking) || (state === 'speaking' && held)) return messages.stateHearing;
  // Hung up is hung up, also while the service has not confirmed it.
  if (state === 'ending') return messages.stateEnded;
  const key = `state${state.charAt(0).toUpperCase()}${state.slice(1)}` as Exclude<keyof Messages, 'errors'>;
  return messages[key];
}

/** What will happen when the button is pressed. */
export function hintText({ textOnly, messages }: FaceView): string {
  return textOnly ? messages.textHint : messages.welcomeHint;
}

/** `75` → `1:15`. */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
