import type { TranscriptEntry, VoiceAgentErrorData, VoiceAgentState } from '../../src/index.js';
import type { Messages } from '../locales/en.js';
import type { UiProperties } from '../voice-agent/ui-options.js';
import { isCard, type Layout, type VisualizerName } from './ui-choices.js';

/** A notice during a call. Its text is in the visitor's language. */
export type Notice =
  | { readonly kind: 'allow-microphone' }
  | { readonly kind: 'speaking-muted' }
  | { readonly kind: 'ends-soon'; readonly secondsLeft: number }
  | { readonly kind: 'problem'; readonly error: VoiceAgentErrorData };

/** Settings of a call that can change at any time, besides the microphone. */
export interface SoundSettings {
  /** Volume of the agent, linear, 0…1. */
  readonly volume?: number;
  /** `deviceId`; undefined for the system's default. */
  readonly microphoneId?: string | undefined;
  readonly speakerId?: string | undefined;
}

/** The data of a UI. State flows down in this form; requests go up through `ConversationActions`. */
export interface ConversationView {
  readonly state: VoiceAgentState;
  readonly userSpeaking: boolean;
  /** The reply is held, because the user seems to speak. */
  readonly held: boolean;
  readonly muted: boolean;
  /** Volume of the agent, linear, 0…1. */
  readonly volume: number;
  /** `deviceId`; undefined for the system's default. */
  readonly microphoneId: string | undefined;
  readonly speakerId: string | undefined;
  /** The microphone is open only while a button is held. */
  readonly pushToTalk: boolean;
  /** There is a text field. */
  readonly textInput: boolean;
  /** The call is text-only: there is no microphone. */
  readonly textOnly: boolean;
  readonly transcript: readonly TranscriptEntry[];
  /** The transcripts of earlier calls in this visit. */
  readonly earlier: readonly TranscriptEntry[];
  /** Why the last call failed; set only while the state is `error`. */
  readonly error: VoiceAgentErrorData | undefined;
  /** The microphone was refused before and is allowed now. */
  readonly allowed: boolean;
  /** The visitor must agree before a call may start. */
  readonly needsConsent: boolean;
  /** The consent question is open. */
  readonly askingConsent: boolean;
  readonly notice: Notice | undefined;
  /** Length of the call, in whole seconds; `undefined` before the first one. */
  readonly seconds: number | undefined;
  /** The provider's own layout; `headless` if it shows nothing. */
  readonly layout: Layout;
  readonly visualizer: VisualizerName;
  /** The UI options of the tag, as they are set; empty if another provider holds the call. */
  readonly options: Readonly<Partial<UiProperties>>;
  /** The page's own texts, by key; parts use the same ones. */
  readonly texts: Readonly<Partial<Messages>> | null;
}

/** What a template needs: the view, its texts and the actions. */
export interface TemplateView extends ConversationView, ConversationActions {
  readonly messages: Messages;
}

/** What a part can request. The provider decides; the result arrives in the view. */
export interface ConversationActions {
  /** Starts or ends a call. Call it inside the click, or the browser blocks audio and microphone. */
  readonly toggleCall: (event: MouseEvent) => void;
  readonly toggleMuted: () => void;
  /** Silences the current reply. */
  readonly interrupt: () => void;
  /** Sends a typed message. @returns false if it cannot be sent */
  readonly sendText: (text: string) => boolean | undefined;
  /** Starts a call without a microphone. */
  readonly writeInstead: () => void;
  /** Push-to-talk: the talk button is held. */
  readonly press: () => void;
  /** Push-to-talk: the talk button is released. */
  readonly release: () => void;
  readonly answerConsent: (agreed: boolean) => void;
  /** Changes the volume or a device. */
  readonly choose: (settings: SoundSettings) => void;
  /**
   * Sends both sides of the calls to `port` as messages `SoundTap`.
   * @returns a function that ends it
   */
  readonly tapAudio: (port: MessagePort) => () => void;
}

/** A call is running or starting. */
export function isActive(state: VoiceAgentState): boolean {
  return state !== 'idle' && state !== 'ending' && state !== 'ended' && state !== 'error';
}

/** The status text. */
export function statusText(view: TemplateView): string {
  const { state, userSpeaking, held, muted, messages } = view;
  if (state === 'listening' && muted && !view.textOnly)
    return view.pushToTalk ? messages.holdToTalk : messages.stateMuted;
  if ((state === 'listening' && userSpeaking) || (state === 'speaking' && held)) return messages.stateHearing;
  // After hanging up, the call counts as ended, even before the service has confirmed it.
  if (state === 'ending') return messages.stateEnded;
  const key = `state${state.charAt(0).toUpperCase()}${state.slice(1)}` as Exclude<keyof Messages, 'errors'>;
  return messages[key];
}

/** Describes what the call button does; where there is no room for more, after the words that an AI answers. */
export function hintText({ layout, textOnly, messages }: TemplateView): string {
  const hint = textOnly ? messages.textHint : messages.welcomeHint;
  return isCard(layout) ? hint : `${messages.aiNotice} ${hint}`.trim();
}

/** `75` → `1:15`. */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
