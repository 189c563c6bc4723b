/** The session object: defaults, what an update makes of it, and what an update may not touch. */
import { RATE_HZ, type Encoding } from './encodings.js';
import type { ErrorCode, FormatConfig, ToolConfig, TurnDetectionConfig } from './protocol.js';
import { isRecord } from './schema.js';
import { DEFAULT_TURN_SETTINGS } from './turns.js';

export interface SessionConfig {
  readonly agent_id?: string;
  readonly system_prompt: string;
  readonly greeting?: string;
  readonly input: {
    readonly format: FormatConfig;
    readonly turn_detection: TurnDetectionConfig;
    readonly [field: string]: unknown;
  };
  readonly output: { readonly voice: string; readonly format: FormatConfig; readonly volume: number };
  readonly tools: readonly ToolConfig[];
}

export type UpdateResult =
  | { readonly config: SessionConfig }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly param: string } };

const PCM: FormatConfig = { encoding: 'audio/pcm', sample_rate: RATE_HZ['audio/pcm'] };

export const DEFAULT_CONFIG: SessionConfig = {
  system_prompt: '',
  input: {
    format: PCM,
    keyterms: [],
    transcription_mode: 'balanced',
    language_codes: ['en'],
    turn_detection: {
      vad_threshold: 0.5,
      min_silence: DEFAULT_TURN_SETTINGS.minSilenceMs,
      max_silence: 2400,
      interrupt_response: DEFAULT_TURN_SETTINGS.interruptResponse,
      interruption_delay: DEFAULT_TURN_SETTINGS.interruptionDelayMs,
    },
  },
  output: { voice: 'alba', format: PCM, volume: 100 },
  tools: [],
};

/** Agents "stored" at this stand-in. Their HTTP tools are announced by `tool.call`, but answered on the server's side. */
const STORED_AGENTS: Readonly<Record<string, SessionConfig>> = {
  demo: {
    ...DEFAULT_CONFIG,
    agent_id: 'demo',
    system_prompt: 'You are the demonstration agent of the local stand-in.',
    greeting:
      'Hello, I am the stored demonstration agent. Ask me anything, I will not understand a word of it.',
    tools: [
      {
        type: 'function',
        name: 'look_up_weather',
        description: 'Tells the weather of a city.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        http: { method: 'GET', url: 'https://weather.example/now' },
      },
    ],
  },
};

const IMMUTABLE: readonly (readonly string[])[] = [['greeting'], ['output', 'voice'], ['output', 'format']];

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

function mergeFormat(current: FormatConfig, update: unknown): FormatConfig {
  if (!isRecord(update)) return current;
  const encoding = update.encoding as Encoding;
  return { encoding, sample_rate: RATE_HZ[encoding] };
}

function merge(config: SessionConfig, update: Record<string, unknown>): SessionConfig {
  const input = isRecord(update.input) ? update.input : {};
  const output = isRecord(update.output) ? update.output : {};
  const turns: Partial<TurnDetectionConfig> = isRecord(input.turn_detection) ? input.turn_detection : {};
  const known = config.input.turn_detection;
  // Who asks for a long `min_silence` only does not want to be told about `max_silence`.
  const maxSilence = turns.max_silence ?? Math.max(known.max_silence, turns.min_silence ?? 0);
  return {
    ...config,
    ...update,
    input: {
      ...config.input,
      ...input,
      format: mergeFormat(config.input.format, input.format),
      turn_detection: { ...known, ...turns, max_silence: maxSilence },
    },
    output: { ...config.output, ...output, format: mergeFormat(config.output.format, output.format) },
    tools: (update.tools as ToolConfig[] | undefined) ?? config.tools,
  };
}

function refuse(code: ErrorCode, param: string, message: string): UpdateResult {
  return { error: { code, param, message } };
}

/** @param update a `session` object that has passed the schema */
export function firstConfig(update: Record<string, unknown>): UpdateResult {
  if ('agent_id' in update) {
    if (Object.keys(update).length > 1) {
      return refuse('invalid_value', 'session.agent_id', 'agent_id excludes every other field of session');
    }
    const id = update.agent_id as string;
    const stored = Object.hasOwn(STORED_AGENTS, id) ? STORED_AGENTS[id] : undefined;
    return stored
      ? { config: stored }
      : refuse('agent_not_found', 'session.agent_id', `No agent "${id}" is stored here`);
  }
  return checkTurns(merge(DEFAULT_CONFIG, update));
}

/** @param update a `session` object that has passed the schema, on a session that is ready */
export function laterConfig(config: SessionConfig, update: Record<string, unknown>): UpdateResult {
  if ('agent_id' in update) {
    return refuse('agent_id_not_first', 'session.agent_id', 'agent_id is for the first session.update only');
  }
  const frozen = IMMUTABLE.find((path) => at(update, path) !== undefined);
  if (frozen) {
    const name = frozen.join('.');
    return refuse('immutable_field', `session.${name}`, `${name} cannot be changed after session.ready`);
  }
  return checkTurns(merge(config, update));
}

function checkTurns(config: SessionConfig): UpdateResult {
  const { min_silence: min, max_silence: max } = config.input.turn_detection;
  if (min <= max) return { config };
  const param = 'session.input.turn_detection.min_silence';
  return refuse('invalid_value', param, 'min_silence must not be longer than max_silence');
}
