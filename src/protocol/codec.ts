/** The border: text from the network becomes a typed ServerMessage here or nowhere. */
import { isAudioEncoding } from '../audio-encoding.js';
import type {
  ClientMessage,
  FunctionTool,
  ResolvedSessionConfig,
  ServerMessage,
  UnknownMessage,
} from './messages.js';

/**
 * The longest frame that is read, in UTF-16 units. A second of PCM is 64 kB of base64; a server that puts a whole long
 * reply into one message stays below this, one that wants to fill the page's memory does not.
 */
export const MAX_FRAME_CHARS = 8_000_000;
/** Anything but sound is words: the longest would be a resolved session with its tools. */
const MAX_TEXT_FRAME_CHARS = 1_000_000;
/** Deeper values cannot be copied to the page's thread in every browser, and no message means them. */
const MAX_DEPTH = 64;
/** Longer ids are taken for missing: they are kept, and compared. */
const MAX_ID_CHARS = 512;

export type Decoded =
  | {
      readonly ok: true;
      readonly message: ServerMessage;
      /** The fields that are newer than this code, when there are some. */
      readonly more?: UnknownMessage | undefined;
    }
  | { readonly ok: false; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** Never throws: what cannot be read says why, what is not known comes back as `unknown`. */
export function decodeServerMessage(data: unknown): Decoded {
  if (typeof data !== 'string') return { ok: false, reason: 'a binary frame' };
  if (data.length > MAX_FRAME_CHARS) return { ok: false, reason: `a frame of ${data.length} characters` };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { ok: false, reason: 'a frame that is not JSON' };
  }
  if (!isFields(value) || typeof value['type'] !== 'string') {
    return { ok: false, reason: 'a frame without a type' };
  }
  const type = value['type'];
  if (type !== 'reply.audio' && data.length > MAX_TEXT_FRAME_CHARS)
    return { ok: false, reason: `a frame of ${data.length} characters` };
  if (!isShallow(value, MAX_DEPTH)) return { ok: false, reason: 'a frame that is nested too deeply' };
  const message = readMessage(type, value);
  return message
    ? { ok: true, message, more: newFields(type, value) }
    : { ok: true, message: { type: 'unknown', name: type, raw: value } };
}

/** The fields of each message; without one that ends in `!` it means nothing. */
const MESSAGES = new Map(
  Object.entries({
    'session.updated': 'config',
    'session.ready': 'session_id! config expires_at',
    'session.ended': 'session_duration_seconds audio_duration_seconds',
    'session.error': 'code message param',
    'input.speech.started': '',
    'input.speech.stopped': '',
    'transcript.user.delta': 'text! item_id',
    'transcript.user': 'text! item_id',
    'reply.started': 'reply_id! item_id',
    'reply.audio': 'data! reply_id',
    'transcript.agent.delta': 'delta! reply_id item_id start_ms end_ms',
    'transcript.agent': 'text! interrupted reply_id item_id',
    'reply.done': 'status reply_id',
    'tool.call': 'call_id! name! arguments',
  } satisfies Record<Exclude<ServerMessage['type'], 'unknown'>, string>).map(([type, fields]) => [
    type,
    fields.split(' ').filter(Boolean),
  ]),
);

/** Fields that are known and mean nothing here; the last two are nobody's business. */
const IGNORED = ['type', 'timestamp', 'args', 'resume_token', 'session_id'];

/** How a field is read, whatever message it is of; undefined when it is missing or of another kind. */
const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  config: readConfig,
  session_duration_seconds: finite,
  audio_duration_seconds: finite,
  expires_at: finite,
  start_ms: finite,
  end_ms: finite,
  text,
  delta: text,
  data: text,
  name: text,
  code: (value) => (text(value) ?? 'server_error').toLowerCase(),
  message: (value) => text(value) ?? 'The server reported an error without saying more.',
  interrupted: (value) => value === true,
  status: (value) => (text(value)?.toLowerCase() === 'interrupted' ? 'interrupted' : 'completed'),
  arguments: (value) => (isFields(value) ? { ...value } : {}),
};

function readMessage(type: string, given: Fields): ServerMessage | undefined {
  const fields = MESSAGES.get(type);
  if (!fields) return undefined;
  // An early version of the service called the arguments `args`.
  const values = { arguments: given['args'], ...given };
  const message: Record<string, unknown> = { type };
  for (const field of fields) {
    const name = field.replace('!', '');
    const value = (READERS[name] ?? id)((values as Fields)[name]);
    if (value !== undefined) message[name] = value;
    else if (name !== field) return undefined;
  }
  return message as unknown as ServerMessage;
}

function newFields(name: string, given: Fields): UnknownMessage | undefined {
  const known = MESSAGES.get(name)
    ?.map((field) => field.replace('!', ''))
    .concat(IGNORED);
  const raw = Object.entries(given).filter(([field]) => !known?.includes(field));
  return raw.length > 0 ? { type: 'unknown', name, raw: Object.fromEntries(raw) } : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** At most `depth` levels of objects and lists. Looks no deeper than that, so it cannot run out of stack. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function id(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_CHARS ? value : undefined;
}

function finite(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}

/** Known fields of the wrong kind are left out: the next session is built from this. */
function readConfig(value: unknown): ResolvedSessionConfig | undefined {
  if (!isFields(value)) return undefined;
  const { system_prompt, tools, input, output, ...rest } = value;
  return {
    ...rest,
    ...(typeof system_prompt === 'string' && { system_prompt }),
    ...(isFields(input) && { input: withFormat(input) }),
    ...(isFields(output) && { output: withFormat(output) }),
    ...(Array.isArray(tools) && { tools: tools.filter(isTool) }),
  };
}

function withFormat({ format, ...rest }: Fields): Record<string, unknown> {
  return isFields(format) && isAudioEncoding(format['encoding']) ? { ...rest, format } : rest;
}

function isTool(value: unknown): value is FunctionTool {
  return isFields(value) && typeof value['name'] === 'string';
}
