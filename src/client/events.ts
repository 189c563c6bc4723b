import type { VoiceAgentErrorData } from '../errors.js';
import type { ResolvedSessionConfig } from '../protocol/messages.js';
import type { VoiceAgentState } from '../session/state.js';
import type { PlaybackStats } from '../worklet/messages.js';

export type Role = 'user' | 'agent';

export interface StateChangeDetail {
  readonly state: VoiceAgentState;
  readonly previous: VoiceAgentState;
}
export interface SessionReadyDetail {
  readonly sessionId: string;
  /** The session as the server resolved it, where it says so. */
  readonly config: ResolvedSessionConfig | undefined;
}
export interface SessionEndDetail {
  /** `stopped`, `page-hidden`, `removed`, `server-ended`, `error`. */
  readonly reason: SessionEndReason;
  /** Connected time, as the server bills it where it says so, else as measured. */
  readonly seconds: number;
}
export type SessionEndReason = 'stopped' | 'page-hidden' | 'removed' | 'server-ended' | 'error';

export interface TranscriptDetail {
  readonly role: Role;
  /** The whole utterance so far: replace what came before under the same id. */
  readonly text: string;
  readonly final: boolean;
  /** The agent was interrupted; `text` is what was spoken of it. */
  readonly interrupted: boolean;
  readonly itemId?: string;
  readonly replyId?: string;
}
export interface ReplyStartDetail {
  readonly replyId: string;
}
export interface ReplyEndDetail {
  readonly replyId: string;
  readonly status: 'completed' | 'interrupted';
}
export interface InterruptionDetail {
  readonly replyId: string;
  /** Heard of the reply, counted in played samples from its first audible one. */
  readonly heardMs: number;
  /** Received, but never played. */
  readonly discardedMs: number;
  /** The words whose time had come. */
  readonly heardText: string;
}
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
  /** `held`: the user seems to interrupt; `resumed`: it was a false alarm, the reply goes on; `interrupted`: it was real. */
  readonly outcome: 'held' | 'resumed' | 'interrupted';
}
export interface StatsDetail extends PlaybackStats {
  /** Message of the flush → first silent quantum, of the latest flush. */
  readonly flushRoundTripMs: number | undefined;
  /** End of the user's speech → first audible sample of the reply, of the latest turn. */
  readonly responseLatencyMs: number | undefined;
  /** Message → speaker, at present. */
  readonly playoutDelayMs: number | undefined;
  /** Microphone → message, at present. */
  readonly captureDelayMs: number | undefined;
  /** Packets of microphone sound sent, and those dropped because the network did not take them. */
  readonly packetsSent: number;
  readonly packetsDropped: number;
  /** The session runs in a Worker of its own (`worker`), or on the page's main thread (`page`). */
  readonly sessionHost: 'worker' | 'page';
}

/** Every event, by name. All bubble and are composed; the data is in `detail`. */
export interface VoiceAgentEventMap {
  'state-change': CustomEvent<StateChangeDetail>;
  'session-ready': CustomEvent<SessionReadyDetail>;
  'session-end': CustomEvent<SessionEndDetail>;
  'speech-start': CustomEvent<null>;
  'speech-end': CustomEvent<null>;
  transcript: CustomEvent<TranscriptDetail>;
  'reply-start': CustomEvent<ReplyStartDetail>;
  'reply-end': CustomEvent<ReplyEndDetail>;
  interruption: CustomEvent<InterruptionDetail>;
  'reply-hold': CustomEvent<HoldDetail>;
  'tool-call': CustomEvent<ToolCallDetail>;
  'agent-error': CustomEvent<VoiceAgentErrorData>;
  levels: CustomEvent<LevelsDetail>;
  stats: CustomEvent<StatsDetail>;
}
