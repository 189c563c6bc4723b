import type { VoiceAgent } from '../../src/index.js';
import type { CallProgress } from '../parts/call-progress.js';
import type { ConversationView } from '../parts/conversation-view.js';
import type { MicrophoneHelp } from '../parts/microphone-help.js';

/** The view of a call, for every kind of provider. */
export type CallView = Pick<
  ConversationView,
  | 'state'
  | 'userSpeaking'
  | 'held'
  | 'muted'
  | 'volume'
  | 'microphoneId'
  | 'speakerId'
  | 'textOnly'
  | 'textInput'
  | 'transcript'
  | 'earlier'
  | 'error'
  | 'allowed'
  | 'notice'
  | 'seconds'
>;

type ShownCall = Pick<VoiceAgent, 'state' | 'userSpeaking' | 'error' | 'transcript'> & {
  readonly muted?: boolean | null | undefined;
  readonly volume?: number | null | undefined;
  readonly microphoneId?: string | null | undefined;
  readonly speakerId?: string | null | undefined;
};

/** The current state of a call. */
export function callView(call: ShownCall, progress: CallProgress, help: MicrophoneHelp): CallView {
  const { state, userSpeaking, error, transcript } = call;
  const { textOnly, seconds, held } = progress;
  const asksBrowser = state === 'connecting' && !textOnly && help.asks;
  return {
    state,
    userSpeaking,
    held,
    muted: call.muted ?? false,
    volume: call.volume ?? 1,
    microphoneId: call.microphoneId ?? undefined,
    speakerId: call.speakerId ?? undefined,
    textOnly,
    textInput: textOnly,
    transcript,
    earlier: progress.earlier,
    error: state === 'error' ? error : undefined,
    allowed: help.allowed && error?.code === 'microphone_denied',
    notice: asksBrowser ? { kind: 'allow-microphone' } : progress.notice,
    seconds,
  };
}
