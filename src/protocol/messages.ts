/**
 * Every message of the Voice Agent API, both ways, as discriminated unions, and the `session` object.
 * Note the asymmetry: outgoing audio is in `audio`, incoming audio in `data`. Both are bytes here: base64 exists in the
 * codec only.
 */
import type { AudioEncoding } from '../audio-encoding.js';

// ── the session object ────────────────────────────────────────────────────────────────────────────────────────────
/** Mono audio. */
export interface AudioFormat {
  encoding: AudioEncoding;
  /** Hz; follows from the encoding. */
  sample_rate?: number;
}

/** A tool in the API's spelling; `VoiceAgentTool` is the page's. */
export interface FunctionTool {
  type: 'function';
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
  /** Whether the conversation continues while the tool runs. */
  execution_mode?: 'interactive' | 'hold';
  /** Seconds, 1…300. Default of the platform: 120. */
  timeout_seconds?: number;
  /** How the agent words the result of this tool. */
  response_instructions?: string;
  /** The service calls it; the page is only informed. */
  deployment_id?: string;
  [field: string]: unknown;
}

/** How the service decides that the user has begun or finished speaking. */
export interface TurnDetection {
  type?: 'server_vad' | 'semantic_vad';
  /** 0…1. */
  vad_threshold?: number;
  /** Milliseconds. */
  min_silence?: number;
  /** Milliseconds. */
  max_silence?: number;
  /** Whether speech interrupts a reply. */
  interrupt_response?: boolean;
  /** Milliseconds, 0…1000. */
  interruption_delay?: number;
  /** Turns that cannot be interrupted: `greeting`, … */
  uninterruptible_turns?: string[];
  [field: string]: unknown;
}

/** What the agent hears: `session.input`. */
export interface SessionInput {
  /** `text`: a session without a microphone. */
  type?: 'audio' | 'text';
  format?: AudioFormat;
  /** At most 100. */
  keyterms?: string[];
  transcription_mode?: 'min_latency' | 'balanced' | 'max_accuracy';
  /** At most 1750 characters. */
  transcription_prompt?: string;
  /** Languages to recognize, such as `en`. */
  language_codes?: string[];
  voice_focus?: 'near-field' | 'far-field';
  /** 0…1. */
  voice_focus_threshold?: number;
  turn_detection?: TurnDetection;
  continuous_partials?: boolean;
  [field: string]: unknown;
}

/** How the agent speaks: `session.output`. */
export interface SessionOutput {
  /** `text`: a session without sound. */
  type?: 'audio' | 'text';
  /** Exact id of a voice. */
  voice?: string;
  format?: AudioFormat;
  /** Of the service's audio, 0…100. */
  volume?: number;
  [field: string]: unknown;
}

/** The `session` object of the API. Fields that are newer than this library are passed on. */
export interface SessionConfig {
  /** A stored agent: excludes every other field, and only in the first update. */
  agent_id?: string;
  /** The agent's role and behaviour. */
  system_prompt?: string;
  /** Spoken word for word at the start. */
  greeting?: string;
  input?: SessionInput;
  output?: SessionOutput;
  tools?: FunctionTool[];
  /** Where the service reports what happens in the session. Everyone who opens the page can see it. */
  webhook?: { url: string; events?: string[]; secret?: string; [field: string]: unknown };
  /** Requests that the service makes before the session starts. */
  pre_connect_requests?: Record<string, unknown>[];
  [field: string]: unknown;
}

/** The service calls a stored agent's own tools; the page is only informed. */
export interface ResolvedTool extends FunctionTool {
  http?: Record<string, unknown>;
}

/** The session as the server resolved it. Fields that were not set are null on the wire, and omitted here. */
export interface ResolvedSessionConfig extends SessionConfig {
  tools?: ResolvedTool[];
  /** The model of a stored agent. */
  llm?: Record<string, unknown>;
}

// ── client → server ───────────────────────────────────────────────────────────────────────────────────────────────
export type ClientMessage =
  | { type: 'session.update'; session: SessionConfig }
  | { type: 'session.resume'; session_id: string }
  /** In the input encoding; base64 on the wire. Only after `session.ready`. */
  | { type: 'input.audio'; audio: Uint8Array }
  /** `result` is a JSON string, never an object. */
  | { type: 'tool.result'; call_id: string; result: string; is_error?: boolean | undefined }
  | { type: 'reply.create'; instructions: string | undefined }
  | { type: 'conversation.message'; role: 'user' | 'system'; content: string }
  /** The server stops that reply; nothing answers it. Servers that do not know it answer `invalid_format`. */
  | { type: 'reply.cancel'; reply_id: string }
  | { type: 'session.end' };

// ── server → client ───────────────────────────────────────────────────────────────────────────────────────────────
export interface SessionUpdated {
  type: 'session.updated';
  config?: ResolvedSessionConfig;
}
export interface SessionReady {
  type: 'session.ready';
  session_id: string;
  config?: ResolvedSessionConfig;
  /** The token of a connection that resumes this session; every `session.ready` has another one. A credential. */
  resume_token?: string;
}
export interface SessionEnded {
  type: 'session.ended';
  session_duration_seconds?: number;
}
export interface SessionError {
  type: 'session.error';
  /** Lower case. */
  code: string;
  message: string;
  param?: string;
}
export interface InputSpeechStarted {
  type: 'input.speech.started';
}
export interface InputSpeechStopped {
  type: 'input.speech.stopped';
}
export interface TranscriptUserDelta {
  type: 'transcript.user.delta';
  item_id?: string;
  /** The whole utterance so far: replaces. */
  text: string;
}
export interface TranscriptUser {
  type: 'transcript.user';
  item_id?: string;
  text: string;
}
export interface ReplyStarted {
  type: 'reply.started';
  reply_id: string;
}
export interface ReplyAudio {
  type: 'reply.audio';
  /** In the output encoding; base64 on the wire. May end in the middle of a sample. */
  data: Uint8Array;
  reply_id?: string;
}
export interface TranscriptAgentDelta {
  type: 'transcript.agent.delta';
  reply_id?: string;
  item_id?: string;
  /** One word: appends. */
  delta: string;
  /** From the start of the speech, not of the audio. */
  start_ms?: number;
}
export interface TranscriptAgent {
  type: 'transcript.agent';
  reply_id?: string;
  item_id?: string;
  text: string;
  interrupted: boolean;
}
export interface ReplyDone {
  type: 'reply.done';
  reply_id?: string;
  status: 'completed' | 'interrupted';
}
/** The reply failed; `reply.done` follows. */
export interface ReplyError {
  type: 'reply.error';
  /** Lower case. */
  code: string;
  message: string;
  retryable: boolean;
}
export interface ToolCall {
  type: 'tool.call';
  call_id: string;
  name: string;
  arguments: Record<string, unknown>;
}
/**
 * Something newer than this code: a new message, new fields of a known one, or a known type that lacks a needed field.
 * Passed on, never an error.
 */
export interface UnknownMessage {
  type: 'unknown';
  /** The message's own `type`. */
  name: string;
  raw: unknown;
}

/** About the session: which one it is, and whether it is ready, refused or over. */
export type SessionMessage = SessionUpdated | SessionReady | SessionEnded | SessionError;

/** About the conversation in it. */
export type ConversationMessage =
  | InputSpeechStarted
  | InputSpeechStopped
  | TranscriptUserDelta
  | TranscriptUser
  | ReplyStarted
  | ReplyAudio
  | TranscriptAgentDelta
  | TranscriptAgent
  | ReplyDone
  | ReplyError
  | ToolCall
  | UnknownMessage;

export type ServerMessage = SessionMessage | ConversationMessage;
