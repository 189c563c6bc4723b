/** Voice Agent API: the `session` object (protocol §4). The messages follow in this file as the session is built. */
import type { AudioEncoding } from '../audio-encoding.js';

export interface AudioFormat {
  encoding: AudioEncoding;
  sample_rate?: number;
}

export interface FunctionTool {
  type: 'function';
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  execution_mode?: 'interactive' | 'hold';
  timeout_seconds?: number;
  [field: string]: unknown;
}

export interface SessionConfig {
  agent_id?: string;
  system_prompt?: string;
  greeting?: string;
  input?: {
    format?: AudioFormat;
    keyterms?: string[];
    transcription_mode?: 'min_latency' | 'balanced' | 'max_accuracy';
    transcription_prompt?: string;
    language_codes?: string[];
    voice_focus?: 'near-field' | 'far-field';
    voice_focus_threshold?: number;
    turn_detection?: {
      vad_threshold?: number;
      min_silence?: number;
      max_silence?: number;
      interrupt_response?: boolean;
      interruption_delay?: number;
    };
    [field: string]: unknown;
  };
  output?: { voice?: string; format?: AudioFormat; volume?: number; [field: string]: unknown };
  tools?: FunctionTool[];
  [field: string]: unknown;
}

/** The session as the server resolved it. */
export type ResolvedSessionConfig = SessionConfig;
