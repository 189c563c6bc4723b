import type { nothing } from 'lit';
import type { TranscriptEntry, VoiceAgentErrorData, VoiceAgentState } from '../../src/index.js';
import type { Messages } from '../locales/en.js';

export const VISUALIZERS = ['orb', 'bars'] as const;
export type VisualizerName = (typeof VISUALIZERS)[number];

/** What a face shows: state comes down in this form, requests go up through `ConversationActions`. */
export interface ConversationView {
  readonly state: VoiceAgentState;
  readonly userSpeaking: boolean;
  /** The reply waits, because the user seems to speak. */
  readonly held: boolean;
  readonly muted: boolean;
  /** The microphone is open while a button is held. */
  readonly pushToTalk: boolean;
  /** There is a line to write in. */
  readonly textInput: boolean;
  /** There is nothing else: no microphone. */
  readonly textOnly: boolean;
  readonly transcript: readonly TranscriptEntry[];
  /** Why the last call failed; only while the state is `error`. */
  readonly error: VoiceAgentErrorData | undefined;
  /** The microphone, which was refused, is allowed now. */
  readonly allowed: boolean;
  /** The reader is to agree before the call begins. */
  readonly askingConsent: boolean;
  /** Something to know while the call goes on. */
  readonly notice: string | undefined;
  /** Length of the call, in whole seconds; `undefined` before the first one. */
  readonly seconds: number | undefined;
  readonly messages: Messages;
  readonly visualizer: VisualizerName;
  /** What is added to the call, below the controls. */
  readonly extras: HTMLElement | typeof nothing;
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
}

/** A call is under way or being made. */
export function isActive(state: VoiceAgentState): boolean {
  return state !== 'idle' && state !== 'ended' && state !== 'error';
}

/** The state in words. */
export function statusText(view: ConversationView): string {
  const { state, userSpeaking, held, muted, messages } = view;
  if (state === 'listening' && muted && !view.textOnly)
    return view.pushToTalk ? messages.holdToTalk : messages.stateMuted;
  if ((state === 'listening' && userSpeaking) || (state === 'speaking' && held)) return messages.stateHearing;
  const key = `state${state.charAt(0).toUpperCase()}${state.slice(1)}` as Exclude<keyof Messages, 'errors'>;
  return messages[key];
}

/** What will happen when the button is pressed. */
export function hintText({ textOnly, messages }: ConversationView): string {
  return textOnly ? messages.textHint : messages.welcomeHint;
}

/** `75` → `1:15`. */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
