/**
 * Schemas for the messages of clients, after the API's reference and the observed behaviour of the live service.
 * Written independently of the client's own types, so that one checks the other.
 */
import { RATE_HZ, type Encoding } from './encodings.js';
import {
  anything,
  closed,
  flag,
  isRecord,
  isShallow,
  list,
  numeric,
  oneOf,
  record,
  text,
  type Check,
  type Problem,
  type Report,
} from './schema.js';

export interface FormatConfig {
  encoding: Encoding;
  sample_rate: number;
}
export interface ToolConfig {
  type: 'function';
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  execution_mode?: 'interactive' | 'hold';
  timeout_seconds?: number;
  /** Not null for tools that the service itself calls. */
  http?: unknown;
  /** The same. */
  deployment_id?: string;
}
export interface TurnDetectionConfig {
  vad_threshold: number;
  min_silence: number;
  max_silence: number;
  interrupt_response: boolean;
  interruption_delay: number;
  uninterruptible_turns: readonly string[];
}

export type ClientMessage =
  | { type: 'session.update'; session: Record<string, unknown> }
  | { type: 'session.resume'; session_id: string }
  | { type: 'input.audio'; audio: string }
  | { type: 'tool.result'; call_id: string; result: string; is_error?: boolean }
  | { type: 'reply.create'; instructions?: string }
  | { type: 'reply.cancel'; reply_id: string }
  | { type: 'conversation.message'; role: 'user' | 'system'; content: string }
  | { type: 'session.end' };

export type ErrorCode =
  | 'unauthorized'
  | 'invalid_format'
  | 'invalid_value'
  | 'invalid_audio'
  | 'immutable_field'
  | 'agent_not_found'
  | 'agent_id_not_first'
  | 'audio_rate_violation'
  | 'session_not_found'
  | 'session_forbidden'
  | 'session_expired'
  | 'at_capacity'
  | 'internal_error';

/** A message of the server; `timestamp` is added when it is sent. */
export interface ServerMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

const audioFormat: Check = (value, param, report) => {
  if (!isRecord(value)) {
    report.problems.push({ param, message: `${param} must be an object`, code: 'invalid_format' });
    return;
  }
  const { encoding, sample_rate: rateHz } = value;
  if (typeof encoding !== 'string' || !Object.hasOwn(RATE_HZ, encoding)) {
    const known = Object.keys(RATE_HZ).join(', ');
    const message = `${param}.encoding must be one of ${known}`;
    report.problems.push({ param: `${param}.encoding`, message, code: 'invalid_format' });
  } else if (rateHz !== undefined && rateHz !== RATE_HZ[encoding as Encoding]) {
    const message = `${param}.sample_rate of ${encoding} must be ${RATE_HZ[encoding as Encoding]}`;
    report.problems.push({ param: `${param}.sample_rate`, message, code: 'invalid_format' });
  }
};

/** Used in old samples, but refused today. */
const RETIRED_VOICES: readonly unknown[] = ['ivy'];

/** Voice ids are exact, but the service's list grows. So any well-formed id is accepted; unknown ones use the default voice. */
const voiceId: Check = (value, param, report) => {
  if (typeof value === 'string' && /^[a-z][a-z0-9_-]{0,63}$/.test(value) && !RETIRED_VOICES.includes(value))
    return;
  report.problems.push({ param, message: `${param} is not a known voice id`, code: 'invalid_value' });
};

const jsonText: Check = (value, param, report) => {
  if (typeof value === 'string') {
    try {
      if (isShallow(JSON.parse(value))) return;
    } catch {
      // reported below, like a value of another type
    }
  }
  report.problems.push({ param, message: `${param} must be a JSON string`, code: 'invalid_value' });
};

const tool = record(
  {
    type: oneOf('function'),
    name: text({ min: 1, max: 64 }),
    description: text(),
    parameters: record({ type: oneOf('object'), properties: anything, required: list(text()) }, []),
    execution_mode: oneOf('interactive', 'hold'),
    timeout_seconds: numeric(1, 300),
    http: anything,
    deployment_id: text({ min: 1 }),
    response_instructions: text(),
  },
  ['type', 'name', 'description', 'parameters'],
);

/** Unknown fields are refused at the top level, and accepted in nested objects. */
const sessionObject = closed({
  agent_id: text({ min: 1 }),
  system_prompt: text(),
  greeting: text(),
  input: record({
    type: oneOf('audio', 'text'),
    continuous_partials: flag,
    format: audioFormat,
    keyterms: list(text(), 100),
    transcription_mode: oneOf('min_latency', 'balanced', 'max_accuracy'),
    transcription_prompt: text({ max: 1750 }),
    language_codes: list(text()),
    voice_focus: oneOf('near-field', 'far-field'),
    voice_focus_threshold: numeric(0, 1),
    turn_detection: record({
      type: oneOf('server_vad', 'semantic_vad'),
      uninterruptible_turns: list(text()),
      vad_threshold: numeric(0, 1),
      min_silence: numeric(0, 60_000),
      max_silence: numeric(0, 60_000),
      interrupt_response: flag,
      interruption_delay: numeric(0, 1000),
    }),
  }),
  output: record({
    type: oneOf('audio', 'text'),
    voice: voiceId,
    format: audioFormat,
    volume: numeric(0, 100),
  }),
  tools: list(tool),
  webhook: record({ url: text({ min: 1 }), events: list(text()), secret: text() }, ['url']),
  pre_connect_requests: anything,
});

const MESSAGES: Readonly<Record<ClientMessage['type'], Check>> = {
  'session.update': record({ type: text(), session: sessionObject }, ['session']),
  'session.resume': record({ type: text(), session_id: text({ min: 1 }) }, ['session_id']),
  'input.audio': record({ type: text(), audio: text() }, ['audio']),
  'tool.result': record({ type: text(), call_id: text({ min: 1 }), result: jsonText, is_error: flag }, [
    'call_id',
    'result',
  ]),
  'reply.create': record({ type: text(), instructions: text() }),
  'reply.cancel': record({ type: text(), reply_id: text({ min: 1 }) }, ['reply_id']),
  'conversation.message': record({ type: text(), role: oneOf('user', 'system'), content: text() }, [
    'role',
    'content',
  ]),
  'session.end': record({ type: text() }),
};

export interface ParsedMessage {
  /** Present if there are no problems. */
  readonly message: ClientMessage | undefined;
  readonly problems: readonly Problem[];
  /** Fields that are not in the reference, e.g. `input.audio.data`. The service ignores them, but they are usually typos. */
  readonly unknownFields: readonly string[];
}

/** Reads one text frame of a client. A `param` is relative to the message or to its session: `call_id`, `greeting`. */
export function parseClientMessage(frame: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return refused('invalid_format', '', 'The message is not JSON');
  }
  if (!isShallow(value)) return refused('invalid_format', '', 'The message is nested too deeply');
  if (!isRecord(value) || typeof value.type !== 'string') {
    return refused('invalid_format', 'type', 'The message has no type');
  }
  const type = value.type as ClientMessage['type'];
  if (!Object.hasOwn(MESSAGES, type)) return unknownType(type);
  const report: Report = { problems: [], unknownFields: [] };
  MESSAGES[type](value, type, report);
  const problems = report.problems.map((problem) => ({
    ...problem,
    param: problem.param.slice(type.length + 1).replace(/^session\./, ''),
  }));
  const message = problems.length === 0 ? (value as ClientMessage) : undefined;
  return { message, problems, unknownFields: report.unknownFields };
}

/** The service's answer to an unknown type. */
export function unknownType(type: string): ParsedMessage {
  return refused('invalid_format', 'type', `Unknown message type "${type}"`);
}

function refused(code: Problem['code'], param: string, message: string): ParsedMessage {
  return { message: undefined, problems: [{ code, param, message }], unknownFields: [] };
}
