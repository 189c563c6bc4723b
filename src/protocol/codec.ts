/** The border: text from the network becomes a typed ServerMessage here or nowhere. */
import { isAudioEncoding } from '../audio-encoding.js';
import type { ClientMessage, FunctionTool, ResolvedSessionConfig, ServerMessage } from './messages.js';

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
  { readonly ok: true; readonly message: ServerMessage } | { readonly ok: false; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;
type Reader = (fields: Fields) => ServerMessage | undefined;

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** Never throws: what cannot be read says why, what is not known comes back as `unknown`. */
export function decodeServerMessage(data: unknown): Decoded {
  if (typeof data !== 'string')
    return { ok: false, reason: 'a binary frame, where the protocol has text only' };
  if (data.length > MAX_FRAME_CHARS) return { ok: false, reason: `a frame of ${data.length} characters` };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { ok: false, reason: 'a frame that is not JSON' };
  }
  if (!isFields(value) || typeof value['type'] !== 'string') {
    return { ok: false, reason: 'a frame that is not an object with a type' };
  }
  const type = value['type'];
  if (type !== 'reply.audio' && data.length > MAX_TEXT_FRAME_CHARS)
    return { ok: false, reason: `a message of ${data.length} characters` };
  if (!isShallow(value, MAX_DEPTH)) return { ok: false, reason: 'a message that is nested too deeply' };
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  return { ok: true, message: reader?.(value) ?? { type: 'unknown', name: type, raw: value } };
}

// Each reader answers undefined where a field is missing that the message means nothing without.
const readers: Readonly<Record<string, Reader>> = {
  'session.updated': (f) => ({ type: 'session.updated', ...config(f) }),
  'session.ready': (f) => {
    const session_id = id(f, 'session_id');
    return session_id === undefined ? undefined : { type: 'session.ready', session_id, ...config(f) };
  },
  'session.ended': (f) => ({ type: 'session.ended', ...finite(f, 'session_duration_seconds') }),
  'session.error': (f) => ({
    type: 'session.error',
    code: (text(f, 'code') ?? 'server_error').toLowerCase(),
    message: text(f, 'message') ?? 'The server reported an error without saying more.',
    ...optional(f, 'param'),
  }),
  'input.speech.started': () => ({ type: 'input.speech.started' }),
  'input.speech.stopped': () => ({ type: 'input.speech.stopped' }),
  'transcript.user.delta': (f) => userTranscript('transcript.user.delta', f),
  'transcript.user': (f) => userTranscript('transcript.user', f),
  'reply.started': (f) => {
    const reply_id = id(f, 'reply_id');
    return reply_id === undefined
      ? undefined
      : { type: 'reply.started', reply_id, ...optional(f, 'item_id') };
  },
  'reply.audio': (f) => {
    const data = text(f, 'data');
    return data === undefined ? undefined : { type: 'reply.audio', data, ...optional(f, 'reply_id') };
  },
  'transcript.agent.delta': (f) => {
    const delta = text(f, 'delta');
    if (delta === undefined) return undefined;
    return {
      type: 'transcript.agent.delta',
      delta,
      ...optional(f, 'reply_id'),
      ...optional(f, 'item_id'),
      ...finite(f, 'start_ms'),
      ...finite(f, 'end_ms'),
    };
  },
  'transcript.agent': (f) => {
    const words = text(f, 'text');
    if (words === undefined) return undefined;
    return {
      type: 'transcript.agent',
      text: words,
      interrupted: f['interrupted'] === true,
      ...optional(f, 'reply_id'),
      ...optional(f, 'item_id'),
    };
  },
  'reply.done': (f) => ({
    type: 'reply.done',
    status: text(f, 'status')?.toLowerCase() === 'interrupted' ? 'interrupted' : 'completed',
    ...optional(f, 'reply_id'),
  }),
  'tool.call': (f) => {
    const call_id = id(f, 'call_id');
    const name = text(f, 'name');
    if (call_id === undefined || name === undefined) return undefined;
    // An early version of the service called the field `args`.
    const given = f['arguments'] ?? f['args'];
    return { type: 'tool.call', call_id, name, arguments: isFields(given) ? { ...given } : {} };
  },
};

function userTranscript(
  type: 'transcript.user' | 'transcript.user.delta',
  f: Fields,
): ServerMessage | undefined {
  const words = text(f, 'text');
  return words === undefined ? undefined : { type, text: words, ...optional(f, 'item_id') };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** At most `depth` levels of objects and lists. Looks no deeper than that, so it cannot run out of stack. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

function id(fields: Fields, name: string): string | undefined {
  const value = text(fields, name);
  return value !== '' && value !== undefined && value.length <= MAX_ID_CHARS ? value : undefined;
}

function optional<K extends string>(fields: Fields, name: K): { [key in K]?: string } {
  const value = id(fields, name);
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: string });
}

function finite<K extends string>(fields: Fields, name: K): { [key in K]?: number } {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value)
    ? ({ [name]: value } as { [key in K]?: number })
    : {};
}

/** Known fields of the wrong kind are left out: the next session is built from this. */
function config(fields: Fields): { config?: ResolvedSessionConfig } {
  const value = fields['config'];
  if (!isFields(value)) return {};
  const { system_prompt, tools, input, output, ...rest } = value;
  return {
    config: {
      ...rest,
      ...(typeof system_prompt === 'string' ? { system_prompt } : {}),
      ...(isFields(input) ? { input: withFormat(input) } : {}),
      ...(isFields(output) ? { output: withFormat(output) } : {}),
      ...(Array.isArray(tools) ? { tools: tools.filter(isTool) } : {}),
    },
  };
}

function withFormat({ format, ...rest }: Fields): Record<string, unknown> {
  return isFields(format) && isAudioEncoding(format['encoding']) ? { ...rest, format } : rest;
}

function isTool(value: unknown): value is FunctionTool {
  return isFields(value) && typeof value['name'] === 'string';
}
