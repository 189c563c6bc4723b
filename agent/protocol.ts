/**
 * What clients of the Voice Agent API may say, read from its reference and from what the live service accepted. Written
 * apart from the page's own types on purpose: the second opinion.
 */
import { RATE_HZ, type Encoding } from './encodings.js';
import {
  anything,
  flag,
  isRecord,
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
}
export interface TurnDetectionConfig {
  vad_threshold: number;
  min_silence: number;
  max_silence: number;
  interrupt_response: boolean;
  interruption_delay: number;
}

export type ClientMessage =
  | { type: 'session.update'; session: Record<string, unknown> }
  | { type: 'session.resume'; session_id: string }
  | { type: 'input.audio'; audio: string }
  | { type: 'tool.result'; call_id: string; result: string; is_error?: boolean }
  | { type: 'reply.create'; instructions?: string }
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

/** Voice ids are exact; the list of the service grows, so any well-formed id is taken and an unknown one sounds like the default. */
const voiceId: Check = (value, param, report) => {
  if (typeof value === 'string' && /^[a-z][a-z0-9_-]{0,63}$/.test(value)) return;
  report.problems.push({ param, message: `${param} is not a known voice id`, code: 'invalid_value' });
};

const jsonText: Check = (value, param, report) => {
  if (typeof value === 'string') {
    try {
      JSON.parse(value);
      return;
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
  },
  ['type', 'name', 'description', 'parameters'],
);

const sessionObject = record({
  agent_id: text({ min: 1 }),
  system_prompt: text(),
  greeting: text(),
  input: record({
    format: audioFormat,
    keyterms: list(text(), 100),
    transcription_mode: oneOf('min_latency', 'balanced', 'max_accuracy'),
    transcription_prompt: text({ max: 1750 }),
    language_codes: list(text()),
    voice_focus: oneOf('near-field', 'far-field'),
    voice_focus_threshold: numeric(0, 1),
    turn_detection: record({
      vad_threshold: numeric(0, 1),
      min_silence: numeric(0, 60_000),
      max_silence: numeric(0, 60_000),
      interrupt_response: flag,
      interruption_delay: numeric(0, 60_000),
    }),
  }),
  output: record({ voice: voiceId, format: audioFormat, volume: numeric(0, 100) }),
  tools: list(tool),
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
  'conversation.message': record({ type: text(), role: oneOf('user', 'system'), content: text() }, [
    'role',
    'content',
  ]),
  'session.end': record({ type: text() }),
};

export interface ParsedMessage {
  /** Present when there are no problems. */
  readonly message: ClientMessage | undefined;
  readonly problems: readonly Problem[];
  /** Fields beyond the reference, e.g. `input.audio.data`; harmless to the service, a hint of a mistake to a developer. */
  readonly unknownFields: readonly string[];
}

/** Reads one text frame of a client. Params begin within the message: `session.greeting`, `call_id`. */
export function parseClientMessage(frame: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return refused('invalid_format', '', 'The message is not JSON');
  }
  if (!isRecord(value) || typeof value.type !== 'string') {
    return refused('invalid_format', 'type', 'The message has no type');
  }
  const type = value.type as ClientMessage['type'];
  if (!Object.hasOwn(MESSAGES, type))
    return refused('invalid_value', 'type', `Unknown message type "${type}"`);
  const report: Report = { problems: [], unknownFields: [] };
  MESSAGES[type](value, type, report);
  const problems = report.problems.map((problem) => ({
    ...problem,
    param: problem.param.slice(type.length + 1),
  }));
  const message = problems.length === 0 ? (value as ClientMessage) : undefined;
  return { message, problems, unknownFields: report.unknownFields };
}

function refused(code: Problem['code'], param: string, message: string): ParsedMessage {
  return { message: undefined, problems: [{ code, param, message }], unknownFields: [] };
}
