/** The border: text from the network becomes a typed ServerMessage here or nowhere, and a ClientMessage becomes text. */
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
/** It has to fit an address. */
const MAX_TOKEN_CHARS = 8_000;

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
  return JSON.stringify(
    message.type === 'input.audio' ? { ...message, audio: toBase64(message.audio) } : message,
  );
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
  // Some servers call it by the shorter name.
  const type = value['type'] === 'error' ? 'session.error' : value['type'];
  if (type !== 'reply.audio' && data.length > MAX_TEXT_FRAME_CHARS)
    return { ok: false, reason: `a frame of ${data.length} characters` };
  if (!isShallow(value, MAX_DEPTH)) return { ok: false, reason: 'a frame that is nested too deeply' };
  return read(type, value);
}

function read(type: string, given: Fields): Decoded {
  const unknown: UnknownMessage = { type: 'unknown', name: type, raw: given };
  if (!isKnown(type)) return { ok: true, message: unknown };
  try {
    return { ok: true, message: readMessage(type, given) ?? unknown, more: newFields(type, given) };
  } catch {
    return { ok: false, reason: 'reply.audio whose data is not base64' };
  }
}

// ── the messages ──────────────────────────────────────────────────────────────────────────────────────────────────
type Known = Exclude<ServerMessage, UnknownMessage>;
type Message<Type extends Known['type']> = Extract<Known, { readonly type: Type }>;

/** @returns undefined when the field is missing or of another kind. */
type Reader<Value> = (value: unknown) => Value | undefined;

/** A message means nothing without its needed fields. */
interface Field<Value, Needed extends boolean> {
  readonly needed: Needed;
  readonly read: Reader<Value>;
}

/** A reader for each field of a message, and for no other: a forgotten one is an error of the compiler. */
type FieldsOf<Any> = {
  readonly [Name in Exclude<keyof Any, 'type'>]-?: Field<
    NonNullable<Any[Name]>,
    undefined extends Any[Name] ? false : true
  >;
};

const needed = <Value>(read: Reader<Value>): Field<Value, true> => ({ needed: true, read });
const optional = <Value>(read: Reader<Value>): Field<Value, false> => ({ needed: false, read });

const complaint = {
  code: needed((value) => (text(value) ?? 'server_error').toLowerCase()),
  message: needed((value) => text(value) ?? 'The server reported an error without saying more.'),
};
const aboutReply = { reply_id: optional(id), item_id: optional(id) };

const MESSAGES: { readonly [Type in Known['type']]: FieldsOf<Message<Type>> } = {
  'session.updated': { config: optional(config) },
  'session.ready': {
    session_id: needed(id),
    config: optional(config),
    expires_at: optional(finite),
    resume_token: optional(credential),
  },
  'session.ended': { session_duration_seconds: optional(finite), audio_duration_seconds: optional(finite) },
  'session.error': { ...complaint, param: optional(id) },
  'input.speech.started': {},
  'input.speech.stopped': {},
  'transcript.user.delta': { text: needed(text), item_id: optional(id) },
  'transcript.user': { text: needed(text), item_id: optional(id) },
  'reply.started': { reply_id: needed(id), item_id: optional(id) },
  'reply.audio': { data: needed(bytes), reply_id: optional(id) },
  'transcript.agent.delta': {
    ...aboutReply,
    delta: needed(text),
    start_ms: optional(finite),
    end_ms: optional(finite),
  },
  'transcript.agent': { ...aboutReply, text: needed(text), interrupted: needed((value) => value === true) },
  'reply.done': { status: needed(replyStatus), reply_id: optional(id) },
  'reply.error': { ...complaint, reply_id: optional(id), retryable: needed((value) => value === true) },
  'tool.call': {
    call_id: needed(id),
    name: needed(text),
    arguments: needed((value) => (isFields(value) ? { ...value } : {})),
  },
};

/** Fields that are known and mean nothing here; `session_id` and `resume_token` are credentials. */
const IGNORED = ['type', 'timestamp', 'args', 'resume_token', 'session_id'];

function isKnown(type: string): type is Known['type'] {
  return Object.hasOwn(MESSAGES, type);
}

function readMessage<Type extends Known['type']>(type: Type, given: Fields): Message<Type> | undefined {
  // An early version of the service called the arguments `args`.
  const values: Fields = { arguments: given['args'], ...given };
  const message: Record<string, unknown> = { type };
  for (const [name, field] of Object.entries<Field<unknown, boolean>>(MESSAGES[type])) {
    const value = field.read(values[name]);
    if (value !== undefined) message[name] = value;
    else if (field.needed) return undefined;
  }
  // Its fields were read by the readers of this very type.
  return message as unknown as Message<Type>;
}

function newFields(name: Known['type'], given: Fields): UnknownMessage | undefined {
  const known = Object.keys(MESSAGES[name]).concat(IGNORED);
  const raw = Object.entries(given).filter(([field]) => !known.includes(field));
  return raw.length > 0 ? { type: 'unknown', name, raw: Object.fromEntries(raw) } : undefined;
}

// ── readers ───────────────────────────────────────────────────────────────────────────────────────────────────────
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

/** A token is longer than an id: the service's have 2.6 kB. */
function credential(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TOKEN_CHARS ? value : undefined;
}

function finite(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}

/** @throws {SyntaxError | DOMException} when the text is not base64. */
function bytes(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined;
}

function replyStatus(value: unknown): ReplyDone['status'] {
  return text(value)?.toLowerCase() === 'interrupted' ? 'interrupted' : 'completed';
}

/** Known fields of the wrong kind are left out, and nulls: the next session is built from this, and null is refused there. */
function config(value: unknown): ResolvedSessionConfig | undefined {
  if (!isFields(value)) return undefined;
  const { system_prompt, tools, input, output, ...rest } = withoutNulls(value);
  return {
    ...rest,
    ...(typeof system_prompt === 'string' && { system_prompt }),
    ...(isFields(input) && { input: withFormat(input) }),
    ...(isFields(output) && { output: withFormat(output) }),
    ...(Array.isArray(tools) && { tools: tools.filter(isTool) }),
  };
}

function withoutNulls(value: Fields): Fields {
  return JSON.parse(JSON.stringify(value, (_name, inner: unknown) => inner ?? undefined)) as Fields;
}

function withFormat({ format, ...rest }: Fields): Record<string, unknown> {
  return isFields(format) && isAudioEncoding(format['encoding']) ? { ...rest, format } : rest;
}

function isTool(value: unknown): value is ResolvedTool {
  return isFields(value) && typeof value['name'] === 'string';
}
