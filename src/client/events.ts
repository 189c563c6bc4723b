import type { VoiceAgentErrorData } from '../errors.js';
import type { ResolvedSessionConfig } from '../protocol/messages.js';
import type {
  EndReason,
  HoldOutcome,
  Interruption,
  SessionCounters,
  TranscriptUpdate,
} from '../session/events.js';
import type { VoiceAgentState } from '../session/state.js';
import type { AssetWay } from '../worklet/assets.js';
import type { AudioStats } from '../worklet/messages.js';
import type { ToolCallEvent } from './tool-calls.js';

export interface StateChangeDetail {
  readonly state: VoiceAgentState;
  readonly previous: VoiceAgentState;
}
export interface SessionReadyDetail {
  readonly sessionId: string;
  /** The session as the server resolved it, where it says so. */
  readonly config: ResolvedSessionConfig | undefined;
  /** `first` of the call; after a loss of the connection the same session `resumed`, or a `fresh` one took over. */
  readonly how: 'first' | 'resumed' | 'fresh';
}
/** The call will end by itself. */
export interface CallWarningDetail {
  readonly reason: 'max-duration';
  readonly secondsLeft: number;
}
export type SessionEndReason = EndReason | 'error';
export interface SessionEndDetail {
  readonly reason: SessionEndReason;
  /** Connected time, as the server bills it where it says so, else as measured. */
  readonly seconds: number;
}
/** `text` is the whole utterance so far: it replaces what came before under the same id. */
export type TranscriptDetail = TranscriptUpdate;
export interface ReplyStartDetail {
  readonly replyId: string;
}
export interface ReplyEndDetail {
  readonly replyId: string;
  readonly status: 'completed' | 'interrupted';
}
export type InterruptionDetail = Interruption;
export interface ToolCallDetail {
  readonly callId: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
/** RMS of either side, linear, 0…1; about 30 times a second while something sounds. */
export interface LevelsDetail {
  readonly microphone: number;
  readonly speaker: number;
}
export interface HoldDetail {
  readonly replyId: string;
  /** `held`: the user seems to interrupt; `resumed`: a false alarm, the reply goes on; `interrupted`: it was real. */
  readonly outcome: HoldOutcome;
}
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

/** A message of the service that this version does not know. */
export interface ServerMessageDetail {
  readonly name: string;
  readonly raw: unknown;
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
  levels: CustomEvent<LevelsDetail>;
  stats: CustomEvent<StatsDetail>;
}
