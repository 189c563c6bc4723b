import type { VoiceAgentErrorData } from '../errors.js';
import type { AssetWay } from '../loading/assets.js';
import type {
  EndReason,
  Interruption,
  SessionCounters,
  SessionEventDetails,
  TranscriptUpdate,
} from '../session/events.js';
import type { VoiceAgentState } from '../session/state.js';
import type { AudioStats } from '../worklet/messages.js';
import type { ToolCallEvent } from './tool-calls.js';

export interface StateChangeDetail {
  readonly state: VoiceAgentState;
  readonly previous: VoiceAgentState;
}
export type SessionReadyDetail = SessionEventDetails['session-ready'];
export type CallWarningDetail = SessionEventDetails['call-warning'];
export type SessionEndReason = EndReason | 'error';
export interface SessionEndDetail {
  readonly reason: SessionEndReason;
  /** Connected time, as the server bills it where it says so, else as measured. */
  readonly seconds: number;
}
/**
 * `text` is the whole utterance so far: it replaces what came before under the same id. The agent's words come as they
 * are heard; an update of them is final when the reply was heard to its end, or cut.
 */
export type TranscriptDetail = TranscriptUpdate;
export type ReplyStartDetail = SessionEventDetails['reply-start'];
export type ReplyEndDetail = SessionEventDetails['reply-end'];
export type InterruptionDetail = Interruption;
export type ToolCallDetail = SessionEventDetails['tool-call'];
/** RMS of either side, linear, 0…1; about 30 times a second while something sounds. */
export interface LevelsDetail {
  /** Before muting: tells that a muted user is speaking. */
  readonly microphone: number;
  readonly speaker: number;
}
export type HoldDetail = SessionEventDetails['reply-hold'];
/** Once a second during a call. */
export interface StatsDetail extends AudioStats, SessionCounters {
  /** From the message to the air: includes `outputLatencyMs`. */
  readonly playoutDelayMs: number | undefined;
  /** What the browser says its output and the device add; 0 where it says nothing. */
  readonly outputLatencyMs: number;
  /** The session runs in a Worker of its own, or on the page's main thread. */
  readonly sessionHost: 'worker' | 'page';
  /** What the worklet was loaded from: a file, or a text inside the script. */
  readonly worklet: AssetWay | undefined;
}

export type ServerMessageDetail = SessionEventDetails['server-message'];

export interface MuteChangeDetail {
  readonly muted: boolean;
}

/** Every event, by name. All bubble and are composed; the data is in `detail`. */
export interface VoiceAgentEventMap {
  'state-change': CustomEvent<StateChangeDetail>;
  'session-ready': CustomEvent<SessionReadyDetail>;
  'call-warning': CustomEvent<CallWarningDetail>;
  'session-end': CustomEvent<SessionEndDetail>;
  'speech-start': CustomEvent<null>;
  'speech-end': CustomEvent<null>;
  transcript: CustomEvent<TranscriptDetail>;
  'reply-start': CustomEvent<ReplyStartDetail>;
  'reply-end': CustomEvent<ReplyEndDetail>;
  interruption: CustomEvent<InterruptionDetail>;
  'reply-hold': CustomEvent<HoldDetail>;
  'tool-call': ToolCallEvent;
  'agent-error': CustomEvent<VoiceAgentErrorData>;
  'server-message': CustomEvent<ServerMessageDetail>;
  /** The microphone was muted or opened, by whichever way. */
  'mute-change': CustomEvent<MuteChangeDetail>;
  levels: CustomEvent<LevelsDetail>;
  stats: CustomEvent<StatsDetail>;
}
