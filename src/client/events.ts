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

/** `result` is JSON; what the handler did is done, but the agent was not told as the answer to its call. */
export type ToolResultUnusedDetail = SessionEventDetails['tool-result-unused'];
export type ServerMessageDetail = SessionEventDetails['server-message'];

export interface MicrophoneChangeDetail {
  readonly status: MicrophoneStatus;
}

export interface SpeakerChangeDetail {
  readonly status: SpeakerStatus;
}

export interface MuteChangeDetail {
  readonly muted: boolean;
}

/** `addEventListener` with the types of these events. Nothing of it exists at run time. */
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

/** Every event of a call, by name. All bubble and are composed, and the data is in `detail`. */
export interface VoiceAgentEventMap {
  /** The conversation went from one state to another. */
  'state-change': CustomEvent<StateChangeDetail>;
  /** The service has accepted the session. */
  'session-ready': CustomEvent<SessionReadyDetail>;
  /** The call will end in `secondsLeft` seconds. */
  'call-warning': CustomEvent<CallWarningDetail>;
  /** The call is over: why, and after how many seconds. */
  'session-end': CustomEvent<SessionEndDetail>;
  /** The user began to speak. */
  'speech-start': CustomEvent<null>;
  /** The user stopped speaking. */
  'speech-end': CustomEvent<null>;
  /** What either side said, partial or final. `text` is the whole utterance as far as it was heard. */
  transcript: CustomEvent<TranscriptDetail>;
  /** The agent began a reply. */
  'reply-start': CustomEvent<ReplyStartDetail>;
  /** The reply is complete, or was interrupted. */
  'reply-end': CustomEvent<ReplyEndDetail>;
  /** A reply was cut off. Fired once for each, with what was heard of it. */
  interruption: CustomEvent<InterruptionDetail>;
  /** The user seems to speak: a reply is `ducked`, then `held`, and in the end `resumed` (nothing came of it) or `interrupted`. */
  'reply-hold': CustomEvent<HoldDetail>;
  /** The agent calls a tool. `event.respondWith(result)` answers it. */
  'tool-call': ToolCallEvent;
  /** What went wrong, and what to do about it. */
  'agent-error': CustomEvent<VoiceAgentErrorData>;
  /** A tool finished when its turn was over: the agent did not get the result, but what was done is done. */
  'tool-result-unused': CustomEvent<ToolResultUnusedDetail>;
  /** A message of the service that this version does not know. */
  'server-message': CustomEvent<ServerMessageDetail>;
  /** The microphone was muted or unmuted. */
  'mute-change': CustomEvent<MuteChangeDetail>;
  /** What became of the microphone: `off`, `live`, `muted` (by the browser or the device), `silent` or `lost`. */
  'microphone-change': CustomEvent<MicrophoneChangeDetail>;
  /** What became of the chosen speaker: `lost` (the system's default one plays instead), then `live`. */
  'speaker-change': CustomEvent<SpeakerChangeDetail>;
  /** How loud both sides are, about 30 times a second. */
  levels: CustomEvent<LevelsDetail>;
  /** How well the sound gets through, once a second. */
  stats: CustomEvent<StatsDetail>;
}
