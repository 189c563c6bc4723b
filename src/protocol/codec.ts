/** The only place where text from the network becomes a typed ServerMessage, and a ClientMessage becomes text. */
import { isAudioEncoding } from '../audio-encoding.js';
import { fromBase64, toBase64 } from './base64.js';
import type {
  ClientMessage,
  ReplyDone,
  ResolvedSessionConfig,
  ResolvedTool,
  ServerMessage,
  UnknownMessage,
} from './messages.js';

/**
 * The longest frame that is read, in UTF-16 units. A second of PCM is 64 kB of base64, so even a long reply in one message
 * is shorter. A longer frame could fill the page's memory.
 */
export const MAX_FRAME_CHARS = 8_000_000;
/** For everything but audio: the longest would be a resolved session with its tools. */
const MAX_TEXT_FRAME_CHARS = 1_000_000;
/** Not every browser can copy deeper values to the page's thread, and no message needs them. */
const MAX_DEPTH = 64;
/** Longer ids count as missing, because ids are stored and compared. */
const MAX_ID_CHARS = 512;
/** Longer than an id: the service's tokens are 2.6 kB long. It has to fit into a URL. */
const MAX_TOKEN_CHARS = 8_000;

/** The message, and as a second one the fields that are newer than this code; or why a frame cannot be read. */
export type Decoded = readonly [ServerMessage, ...UnknownMessage[]] | string;

type Fields = Readonly<Record<string, unknown>>;

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(
    message.type === 'input.audio' ? { ...message, audio: toBase64(message.audio) } : message,
  );
}

/** Never throws. Messages of an unknown type are returned as `unknown`. */
export function decodeServerMessage(data: unknown): Decoded {
  if (typeof data !== 'string') return 'a binary frame';
  const tooLong = `a frame of ${data.length} characters`;
  if (data.length > MAX_FRAME_CHARS) return tooLong;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return 'a frame that is not JSON';
  }
  if (!isFields(value) || typeof value['type'] !== 'string') return 'a frame without a type';
  // Some servers use the shorter name.
  const name = value['type'] === 'error' ? 'session.error' : value['type'];
  if (name !== 'reply.audio' && data.length > MAX_TEXT_FRAME_CHARS) return tooLong;
  if (!isShallow(value, MAX_DEPTH)) return 'a frame that is nested too deeply';
  const unknown: UnknownMessage = { type: 'unknown', name, raw: value };
  if (!isKnown(name)) return [unknown];
  try {
    return [readMessage(name, value) ?? unknown, ...newFields(name, value)];
  } catch {
    return 'reply.audio whose data is not base64';
  }
}

// ── the messages ──────────────────────────────────────────────────────────────────────────────────────────────────
type Known = Exclude<ServerMessage, UnknownMessage>;
type Message<Type extends Known['type']> = Extract<Known, { readonly type: Type }>;

/** @returns undefined if the field is missing or of another type */
type Reader<Value> = (value: unknown) => Value | undefined;

/** Readers for the fields of a message; `?` follows the name of an optional one. */
type Readers<Any> = {
  readonly [
    Name in Exclude<keyof Any & string, 'type'> as undefined extends Any[Name] ? `${Name}?` : Name
  ]-?: Reader<NonNullable<Any[Name]>>;
};

/** A missing reader does not compile. A message that lacks a field which is not optional is `unknown`. */
type Tables = { readonly [Type in Known['type']]: Readers<Message<Type>> };

const errorFields = {
  code: (value: unknown) => (id(value) ?? 'server_error').toLowerCase(),
  message: (value: unknown) => text(value) ?? '',
};
const isTrue = (value: unknown): boolean => value === true;
const words = { text, 'item_id?': id };
const aboutReply = { 'reply_id?': id, 'item_id?': id };

const MESSAGES: Tables = {
  'session.updated': { 'config?': config },
  'session.ready': {
    session_id: id,
    'config?': config,
    'resume_token?': (value) => id(value, MAX_TOKEN_CHARS),
  },
  'session.ended': {
    'session_duration_seconds?': (value) => (Number(value) >= 0 ? finite(value) : undefined),
  },
  'session.error': { ...errorFields, 'param?': id },
  'input.speech.started': {},
  'input.speech.stopped': {},
  'transcript.user.delta': words,
  'transcript.user': words,
  'reply.started': { reply_id: id },
  'reply.audio': { data: bytes, 'reply_id?': id },
  'transcript.agent.delta': { delta: text, ...aboutReply, 'start_ms?': finite },
  'transcript.agent': { text, interrupted: isTrue, ...aboutReply },
  'reply.done': { status: replyStatus, 'reply_id?': id },
  'reply.error': { ...errorFields, retryable: isTrue },
  'tool.call': { call_id: id, name: text, arguments: toolArguments },
};

/** Fields that are known, but have no meaning here; `session_id` and `resume_token` are credentials. */
const IGNORED = [
  'type',
  'timestamp',
  'args',
  'resume_token',
  'session_id',
  'reply_id',
  'item_id',
  'end_ms',
  'expires_at',
  'audio_duration_seconds',
];

function isKnown(type: string): type is Known['type'] {
  return Object.hasOwn(MESSAGES, type);
}

function readMessage<Type extends Known['type']>(type: Type, given: Fields): Message<Type> | undefined {
  // An early version of the service called the arguments `args`.
  const values: Fields = { arguments: given['args'], ...given };
  const message: Record<string, unknown> = { type };
  for (const [field, readField] of Object.entries<Reader<unknown>>(MESSAGES[type])) {
    const name = field.replace('?', '');
    const value = readField(values[name]);
    if (value !== undefined) message[name] = value;
    else if (name === field) return undefined;
  }
  // Its fields were read by the readers of this type.
  return message as unknown as Message<Type>;
}

function newFields(name: Known['type'], given: Fields): UnknownMessage[] {
  const known = Object.keys(MESSAGES[name]).concat(IGNORED);
  const raw = Object.entries(given).filter(
    ([field]) => !known.includes(field) && !known.includes(`${field}?`),
  );
  return raw.length > 0 ? [{ type: 'unknown', name, raw: Object.fromEntries(raw) }] : [];
}

// ── readers ───────────────────────────────────────────────────────────────────────────────────────────────────────
export function isFields(value: unknown): value is Fields {
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

function id(value: unknown, maxChars = MAX_ID_CHARS): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= maxChars ? value : undefined;
}

function finite(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}

/** @throws {SyntaxError | DOMException} if the text is not base64 */
function bytes(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined;
}

/** This service was only seen to send an object; others send JSON text. */
function toolArguments(value: unknown): Fields {
  let given = value;
  try {
    given = JSON.parse(value as string);
  } catch {
    // It is not JSON text.
  }
  return isFields(given) && isShallow(given, MAX_DEPTH) ? given : {};
}

function replyStatus(value: unknown): ReplyDone['status'] {
  return text(value)?.toLowerCase() === 'interrupted' ? 'interrupted' : 'completed';
}

/** Omits known fields of the wrong type, and nulls: the next session is built from this, and null would be refused. */
function config(value: unknown): ResolvedSessionConfig | undefined {
  if (!isFields(value)) return undefined;
  const withoutNulls = JSON.stringify(value, (_name, inner: unknown) => inner ?? undefined);
  const { system_prompt, tools, input, output, ...rest } = JSON.parse(withoutNulls) as Fields;
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

function isTool(value: unknown): value is ResolvedTool {
  return isFields(value) && typeof value['name'] === 'string';
}
