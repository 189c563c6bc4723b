import type { MicrophoneStatus } from '../audio/microphone-line.js';
import type { SpeakerStatus } from '../audio/speaker-line.js';
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
import type { AudioStats, Levels } from '../worklet/messages.js';
import type { StartStage } from './start-times.js';
import type { ToolCallEvent } from './tool-calls.js';

/** The detail of `state-change`. */
export interface StateChangeDetail {
  readonly state: VoiceAgentState;
  readonly previous: VoiceAgentState;
}
/** The detail of `session-ready`. */
export type SessionReadyDetail = SessionEventDetails['session-ready'];
/** The detail of `call-warning`. */
export type CallWarningDetail = SessionEventDetails['call-warning'];
/** Why a call ended; with `error`, `agent-error` has the cause. */
export type SessionEndReason = EndReason | 'error';
/** The detail of `session-end`. */
export interface SessionEndDetail {
  readonly reason: SessionEndReason;
  /** Connected time: as billed by the server if it says so, otherwise as measured. */
  readonly seconds: number;
}
/**
 * The detail of `transcript`. `text` is the whole utterance so far and replaces earlier text with the same id. The
 * agent's words arrive as they are heard. Its utterance is final when the reply was heard to its end, or was cut off.
 */
export type TranscriptDetail = TranscriptUpdate;
/** The detail of `reply-start`. */
export type ReplyStartDetail = SessionEventDetails['reply-start'];
/** The detail of `reply-end`. */
export type ReplyEndDetail = SessionEventDetails['reply-end'];
/** The detail of `interruption`. */
export type InterruptionDetail = Interruption;
/** The detail of `tool-call`. */
export type ToolCallDetail = SessionEventDetails['tool-call'];
/** The detail of `levels`, about 30 times a second while there is sound. */
export type LevelsDetail = Levels;
/** The detail of `reply-hold`. */
export type HoldDetail = SessionEventDetails['reply-hold'];
/** The detail of `stats`, once a second during a call. */
export interface StatsDetail extends AudioStats, SessionCounters {
  /** From the message to audible sound, including `outputLatencyMs`. */
  readonly playoutDelayMs: number | undefined;
  /** The latency that the browser reports for its output and the device; 0 if it reports none. */
  readonly outputLatencyMs: number;
  /** How the call started: from `start()` to each stage, ms. Also as measures of the User Timing API, `voice-agent:token` etc. */
  readonly startMs: Readonly<Partial<Record<StartStage, number>>>;
  /** Whether the session runs in its own Worker or on the page's main thread. */
  readonly sessionHost: 'worker' | 'page';
  /** Whether the worklet was loaded from a file or from a blob. */
  readonly worklet: AssetWay | undefined;
}

/** The detail of `tool-result-unused`: the handler has run, but its result was not sent as the answer to the call. */
export type ToolResultUnusedDetail = SessionEventDetails['tool-result-unused'];
/** The detail of `server-message`: the message's `type`, and the message. */
export type ServerMessageDetail = SessionEventDetails['server-message'];

/** The detail of `microphone-change`. */
export interface MicrophoneChangeDetail {
  readonly status: MicrophoneStatus;
}

/** The detail of `speaker-change`. */
export interface SpeakerChangeDetail {
  readonly status: SpeakerStatus;
}

/** The detail of `mute-change`. */
export interface MuteChangeDetail {
  readonly muted: boolean;
}

/** `addEventListener` typed with these events. Exists only at compile time. */
export interface EventListeners<Events> {
  addEventListener<Name extends keyof Events>(
    type: Name,
    listener: (event: Events[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof Events>(
    type: Name,
    listener: (event: Events[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** Every event of a call, by name. All events bubble, are composed, and have their data in `detail`. */
export interface VoiceAgentEventMap {
  /** The state of the conversation changed. */
  'state-change': CustomEvent<StateChangeDetail>;
  /** The service has accepted the session. */
  'session-ready': CustomEvent<SessionReadyDetail>;
  /** The call will end in `secondsLeft` seconds. */
  'call-warning': CustomEvent<CallWarningDetail>;
  /** The call has ended: the reason, and its length in seconds. */
  'session-end': CustomEvent<SessionEndDetail>;
  /** The user started speaking. */
  'speech-start': CustomEvent<null>;
  /** The user stopped speaking. */
  'speech-end': CustomEvent<null>;
  /** Speech of either side, partial or final. `text` is the whole utterance as heard so far. */
  transcript: CustomEvent<TranscriptDetail>;
  /** The agent started a reply. */
  'reply-start': CustomEvent<ReplyStartDetail>;
  /** The reply is complete, or was interrupted, by the user or by the end of the call. */
  'reply-end': CustomEvent<ReplyEndDetail>;
  /** A reply was cut off. Fired once per reply, with the part that was heard. */
  interruption: CustomEvent<InterruptionDetail>;
  /** The user seems to be speaking over a reply. It is `ducked`, then `held`, and finally `resumed` (a false alarm) or `interrupted`. */
  'reply-hold': CustomEvent<HoldDetail>;
  /** The agent calls a tool. `event.respondWith(result)` answers it. */
  'tool-call': ToolCallEvent;
  /** Something failed: what happened, and what to do about it. */
  'agent-error': CustomEvent<VoiceAgentErrorData>;
  /** A tool finished after its turn was over. It has run, but the agent did not get the result as an answer. */
  'tool-result-unused': CustomEvent<ToolResultUnusedDetail>;
  /** A message from the service that this version does not know. */
  'server-message': CustomEvent<ServerMessageDetail>;
  /** The microphone was muted or unmuted. */
  'mute-change': CustomEvent<MuteChangeDetail>;
  /** The microphone is now `off`, `live`, `muted` (by the browser or the device), `silent` or `lost`. */
  'microphone-change': CustomEvent<MicrophoneChangeDetail>;
  /** The chosen speaker is now `lost` (the system's default is used instead) or `live` again. */
  'speaker-change': CustomEvent<SpeakerChangeDetail>;
  /** The levels of both sides, about 30 times a second. */
  levels: CustomEvent<LevelsDetail>;
  /** Latency and audio quality, once a second. */
  stats: CustomEvent<StatsDetail>;
}
