import type { AudioEncoding } from '../audio-encoding.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { ToolTiming } from '../session/tool-results.js';

export type InputMode = 'voice' | 'text';

export const DEFAULT_SERVER_URL = 'wss://agents.assemblyai.com/v1/ws';

/** What a call is made with. All optional; checked when the call starts. */
export interface VoiceAgentOptions {
  /** WebSocket address of the service. Default `wss://agents.assemblyai.com/v1/ws`. `ws:` only to loopback. */
  serverUrl?: string | undefined;
  /** `GET` answers `{token, ws_url?}`. Asked anew for every connection. */
  tokenUrl?: string | undefined;
  /** A temporary token, for one connection. */
  token?: string | undefined;
  /** Mints a temporary token; asked anew for every connection. Wins over `tokenUrl`, which wins over `token`. */
  getToken?: (() => Promise<string>) | undefined;
  /** A stored agent; excludes every other field of the session. */
  agentId?: string | undefined;
  systemPrompt?: string | undefined;
  /** Spoken literally at the start; without it the agent listens first. */
  greeting?: string | undefined;
  voice?: string | undefined;
  /** Default `audio/pcm`. */
  inputEncoding?: AudioEncoding | undefined;
  /** Default `audio/pcm`. */
  outputEncoding?: AudioEncoding | undefined;
  /** `text`: typed messages only; no microphone is asked for, nor opened. The answers sound all the same. Default `voice`. */
  inputMode?: InputMode | undefined;
  muted?: boolean | undefined;
  /** Linear, 0…1. Default 1. */
  volume?: number | undefined;
  /** `deviceId` of the microphone to use while it is there; the system's default one otherwise. May change in mid-call. */
  microphoneId?: string | undefined;
  /** `deviceId` of the speaker, where the browser has the choice (`AudioContext.setSinkId`). May change in mid-call. */
  speakerId?: string | undefined;
  /**
   * While muted, the microphone is closed: the browser's sign that the page listens goes off. Speaking again then takes as
   * long as the device needs to open.
   */
  releaseMicrophone?: boolean | undefined;
  /** Seconds after which a call ends by itself, warned of 30 s before; 0 for never. Default 900. */
  maxDuration?: number | undefined;
  /** Seconds without speech from either side after which a call ends by itself; 0 for never. Default 60. */
  idleTimeout?: number | undefined;
  /**
   * When the results of tools are sent: `after-reply` (default), as documented, or `immediate`, which was seen to bring
   * the answer about a second sooner.
   */
  toolTiming?: ToolTiming | undefined;
  /**
   * Folder of `voice-processor.js`, `session-worker.js`, `session.js` and `engine.wasm` (the strict build), relative to
   * the page. Without it the single file uses what is inside it, and the strict build the files beside it.
   */
  assetBase?: string | undefined;
  /** Every other field of the `session` object (protocol §4). The named options above win over it. */
  sessionConfig?: SessionConfig | undefined;
}
