/** voice-agent-element without a UI: the client, its options, its events, its errors. */
export { AUDIO_ENCODINGS, type AudioEncoding } from './audio-encoding.js';
export type { MicrophoneStatus } from './audio/microphone-line.js';
export type { SpeakerStatus } from './audio/speaker-line.js';
export type * from './client/events.js';
export {
  attributeName,
  CALL_OPTIONS,
  type FlagOption,
  type InputMode,
  type NumberOption,
  type ObjectOption,
  type Option,
  type OptionName,
  type OptionValue,
  type TextOption,
  type VoiceAgentOptions,
} from './client/options.js';
export type { Variables } from './client/variables.js';
export { ToolCallEvent, type VoiceAgentTool } from './client/tool-calls.js';
export type { TranscriptEntry } from './client/transcript.js';
export type { KeptCall } from './client/kept-call.js';
export { PAGE_LEFT } from './client/page-watch.js';
export type { KeptReply, KeptSession, ResumedSession, Word } from './session/kept-session.js';
export { version } from './release.js';
export { VoiceAgent } from './client/voice-agent.js';
export { microphonePermission } from './audio/devices.js';
export { deniedKey } from './audio/microphone.js';
export {
  ERRORS,
  fillText,
  type ErrorKey,
  type ErrorText,
  type ErrorValues,
  type VisitorErrorKey,
} from './error-catalogue.js';
export {
  VoiceAgentError,
  type ErrorDetails,
  type ClientErrorCode,
  type ServerErrorCode,
  type VoiceAgentErrorCode,
  type VoiceAgentErrorData,
} from './errors.js';
export type {
  FunctionTool,
  ResolvedSessionConfig,
  SessionConfig,
  SessionInput,
  SessionOutput,
} from './protocol/messages.js';
export type { Role } from './session/events.js';
export type { ToolTiming } from './session/tool-results.js';
export type { VoiceAgentState } from './session/state.js';
export type { Levels, PlaybackStats, SoundTap } from './worklet/messages.js';
