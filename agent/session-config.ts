/** The session object: its defaults, how updates change it, and which fields they must not change. */
import { RATE_HZ, type Encoding } from './encodings.js';
import type { ErrorCode, FormatConfig, ToolConfig, TurnDetectionConfig } from './protocol.js';
import { isRecord } from './schema.js';
import type { Region } from './tokens.js';
import { DEFAULT_TURN_SETTINGS } from './turns.js';

export interface SessionConfig {
  /** Fields that updates have set, as they set them. All others are null in the echo. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly agent_id?: string;
  readonly system_prompt: string;
  readonly greeting?: string;
  readonly input: {
    readonly type: 'audio' | 'text';
    readonly format: FormatConfig;
    readonly language_codes: readonly string[];
    readonly turn_detection: TurnDetectionConfig;
    readonly [field: string]: unknown;
  };
  readonly output: {
    readonly type: 'audio' | 'text';
    readonly voice: string;
    readonly format: FormatConfig;
    readonly volume: number;
  };
  readonly tools: readonly ToolConfig[];
}

export type UpdateResult =
  | { readonly config: SessionConfig }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly param: string } };

const PCM: FormatConfig = { encoding: 'audio/pcm', sample_rate: RATE_HZ['audio/pcm'] };

/** The service's default; 0 with `min_latency`. */
const INTERRUPTION_DELAY_MS = 500;

export const DEFAULT_CONFIG: SessionConfig = {
  given: {},
  system_prompt: '',
  input: {
    type: 'audio',
    format: PCM,
    keyterms: [],
    transcription_mode: 'balanced',
    language_codes: ['en'],
    turn_detection: {
      vad_threshold: 0.5,
      min_silence: DEFAULT_TURN_SETTINGS.minSilenceMs,
      max_silence: 2400,
      interrupt_response: DEFAULT_TURN_SETTINGS.interruptResponse,
      interruption_delay: INTERRUPTION_DELAY_MS,
      uninterruptible_turns: [],
    },
  },
  output: { type: 'audio', voice: 'alba', format: PCM, volume: 100 },
  tools: [],
};

const DEMO_AGENT = {
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
} as const;

/**
 * Agents stored at the local agent, each with its region; without one, it exists in all. Their HTTP tools are
 * announced by `tool.call`, but answered by the server.
 */
const STORED_AGENTS: Readonly<
  Record<string, { readonly region?: Region; readonly session: Readonly<Record<string, unknown>> }>
> = {
  demo: { session: DEMO_AGENT },
  'demo-us': { region: 'us', session: { ...DEMO_AGENT, agent_id: 'demo-us' } },
  'demo-eu': { region: 'eu', session: { ...DEMO_AGENT, agent_id: 'demo-eu' } },
};

const IMMUTABLE: readonly (readonly string[])[] = [['greeting'], ['output', 'voice'], ['output', 'format']];

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

function mergeDeep(
  base: Readonly<Record<string, unknown>>,
  update: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(update)) {
    const known = merged[name];
    merged[name] = isRecord(known) && isRecord(value) ? mergeDeep(known, value) : value;
  }
  return merged;
}

function mergeFormat(current: FormatConfig, update: unknown): FormatConfig {
  if (!isRecord(update)) return current;
  const encoding = update.encoding as Encoding;
  return { encoding, sample_rate: RATE_HZ[encoding] };
}

function interruptionDelayMs(given: Readonly<Record<string, unknown>>): number {
  const chosen = at(given, ['input', 'turn_detection', 'interruption_delay']);
  if (typeof chosen === 'number') return chosen;
  return at(given, ['input', 'transcription_mode']) === 'min_latency' ? 0 : INTERRUPTION_DELAY_MS;
}

function merge(config: SessionConfig, update: Readonly<Record<string, unknown>>): SessionConfig {
  const input = isRecord(update.input) ? update.input : {};
  const output = isRecord(update.output) ? update.output : {};
  const turns: Partial<TurnDetectionConfig> = isRecord(input.turn_detection) ? input.turn_detection : {};
  const known = config.input.turn_detection;
  // A long `min_silence` alone raises the default of `max_silence` instead of conflicting with it.
  const maxSilence = turns.max_silence ?? Math.max(known.max_silence, turns.min_silence ?? 0);
  const given = mergeDeep(config.given, update);
  return {
    ...config,
    ...update,
    given,
    input: {
      ...config.input,
      ...input,
      format: mergeFormat(config.input.format, input.format),
      turn_detection: {
        ...known,
        ...turns,
        interruption_delay: interruptionDelayMs(given),
        max_silence: maxSilence,
      },
    },
    output: { ...config.output, ...output, format: mergeFormat(config.output.format, output.format) },
    tools: (update.tools as ToolConfig[] | undefined) ?? config.tools,
  };
}

function refuse(code: ErrorCode, param: string, message: string): UpdateResult {
  return { error: { code, param, message } };
}

/** @param update a `session` object that has passed the schema */
export function firstConfig(update: Record<string, unknown>, region: Region = 'us'): UpdateResult {
  if ('agent_id' in update) {
    if (Object.keys(update).length > 1) {
      return refuse('invalid_value', 'agent_id', 'agent_id excludes every other field of session');
    }
    const id = update.agent_id as string;
    const stored = Object.hasOwn(STORED_AGENTS, id) ? STORED_AGENTS[id] : undefined;
    return stored && (stored.region ?? region) === region
      ? { config: merge(DEFAULT_CONFIG, stored.session) }
      : refuse('agent_not_found', 'agent_id', `No agent "${id}" is stored here`);
  }
  return checkTurns(merge(DEFAULT_CONFIG, update));
}

/** @param update a `session` object that has passed the schema, on a session that is ready */
export function laterConfig(config: SessionConfig, update: Record<string, unknown>): UpdateResult {
  if ('agent_id' in update) {
    return refuse('agent_id_not_first', 'agent_id', 'agent_id is for the first session.update only');
  }
  const frozen = IMMUTABLE.find((path) => at(update, path) !== undefined);
  if (frozen) {
    const name = frozen.join('.');
    return refuse('immutable_field', name, `${name} cannot be changed after session.ready`);
  }
  return checkTurns(merge(config, update));
}

function checkTurns(config: SessionConfig): UpdateResult {
  const { min_silence: min, max_silence: max } = config.input.turn_detection;
  if (min <= max) return { config };
  const param = 'input.turn_detection.min_silence';
  return refuse('invalid_value', param, 'min_silence must not be longer than max_silence');
}

/** All fields that the echo of a session has. */
const ECHO_FIELDS = {
  agent_id: null,
  system_prompt: null,
  greeting: null,
  tools: null,
  webhook: null,
  input: {
    type: null,
    format: null,
    keyterms: null,
    transcription_mode: null,
    transcription_prompt: null,
    language_codes: null,
    voice_focus: null,
    voice_focus_threshold: null,
    continuous_partials: null,
    turn_detection: null,
  },
  output: { type: null, voice: null, format: null, volume: null },
};

/** The configuration as the service reports it: fields that no update set are null, even if they have a default. */
export function echoOf({ given, input, output }: SessionConfig): Record<string, unknown> {
  const echo = mergeDeep(ECHO_FIELDS, given);
  const resolved = (side: 'input' | 'output', format: FormatConfig): Record<string, unknown> =>
    at(given, [side, 'format']) === undefined ? {} : { [side]: { format } };
  return mergeDeep(mergeDeep(echo, resolved('input', input.format)), resolved('output', output.format));
}

const LANGUAGES = 'en es de fr pt it tr nl sv no da fi hi vi ar he ja zh'.split(' ');

/** The service accepts unsupported languages, but then recognizes nothing. */
export function canRecognize({ input }: SessionConfig): boolean {
  return input.language_codes.every((code) => LANGUAGES.includes(code.toLowerCase().split(/[-_]/)[0]!));
}
