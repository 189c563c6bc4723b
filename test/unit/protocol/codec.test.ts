import { describe, expect, it } from 'vitest';
import { decodeServerMessage, encodeClientMessage, MAX_FRAME_CHARS } from '../../../src/protocol/codec.js';
import type { ServerMessage } from '../../../src/protocol/messages.js';

const decode = (value: unknown): ServerMessage => {
  const decoded = decodeServerMessage(JSON.stringify(value));
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded[0];
};
const refusal = (data: unknown): string => {
  const decoded = decodeServerMessage(data);
  if (typeof decoded !== 'string') throw new Error(`It was taken for ${decoded[0].type}.`);
  return decoded;
};

/** Every message as documented or observed, and its typed form. */
const messages: readonly [Record<string, unknown>, ServerMessage][] = [
  [
    { type: 'session.updated', config: { a: 1 }, timestamp: 1.5 },
    { type: 'session.updated', config: { a: 1 } },
  ],
  [{ type: 'session.updated' }, { type: 'session.updated' }],
  [
    { type: 'session.ready', session_id: 's', config: {}, expires_at: 9, resume_token: 'r' },
    { type: 'session.ready', session_id: 's', config: {}, resume_token: 'r' },
  ],
  [
    { type: 'session.ended', session_duration_seconds: 3.5, audio_duration_seconds: null },
    { type: 'session.ended', session_duration_seconds: 3.5 },
  ],
  [{ type: 'session.ended', session_duration_seconds: -3 }, { type: 'session.ended' }],
  [
    { type: 'session.error', code: 'AT_CAPACITY', message: 'Busy', timestamp: '2026-09-10T00:00:00Z' },
    { type: 'session.error', code: 'at_capacity', message: 'Busy' },
  ],
  [
    { type: 'session.error', code: 'invalid_value', message: 'No', param: 'session.output.voice' },
    { type: 'session.error', code: 'invalid_value', message: 'No', param: 'session.output.voice' },
  ],
  [
    { type: 'error', code: 'Invalid_Config', message: 'No', param: 'input' },
    { type: 'session.error', code: 'invalid_config', message: 'No', param: 'input' },
  ],
  [
    { type: 'reply.error', reply_id: 'r', code: 'LLM_FAILED', message: 'Down', retryable: true },
    { type: 'reply.error', code: 'llm_failed', message: 'Down', retryable: true },
  ],
  [{ type: 'input.speech.started', timestamp: 1 }, { type: 'input.speech.started' }],
  [{ type: 'input.speech.stopped' }, { type: 'input.speech.stopped' }],
  [
    { type: 'transcript.user.delta', item_id: 'i', text: 'so far' },
    { type: 'transcript.user.delta', item_id: 'i', text: 'so far' },
  ],
  [
    { type: 'transcript.user', text: 'all' },
    { type: 'transcript.user', text: 'all' },
  ],
  [
    { type: 'reply.started', reply_id: 'r', item_id: 'i' },
    { type: 'reply.started', reply_id: 'r' },
  ],
  [
    { type: 'reply.audio', data: 'AAEC' },
    { type: 'reply.audio', data: Uint8Array.of(0, 1, 2) },
  ],
  [
    { type: 'transcript.agent.delta', reply_id: 'r', item_id: 'i', delta: 'Hi ', start_ms: 0, end_ms: 80 },
    { type: 'transcript.agent.delta', reply_id: 'r', item_id: 'i', delta: 'Hi ', start_ms: 0 },
  ],
  [
    { type: 'transcript.agent', reply_id: 'r', item_id: 'i', text: 'Hi', interrupted: true },
    { type: 'transcript.agent', reply_id: 'r', item_id: 'i', text: 'Hi', interrupted: true },
  ],
  [{ type: 'reply.done' }, { type: 'reply.done', status: 'completed' }],
  [
    { type: 'reply.done', reply_id: 'r', status: 'INTERRUPTED' },
    { type: 'reply.done', reply_id: 'r', status: 'interrupted' },
  ],
  [
    { type: 'tool.call', call_id: 'c', name: 'n', arguments: { a: [1] } },
    { type: 'tool.call', call_id: 'c', name: 'n', arguments: { a: [1] } },
  ],
  [
    { type: 'tool.call', call_id: 'c', name: 'n', args: { early: true } },
    { type: 'tool.call', call_id: 'c', name: 'n', arguments: { early: true } },
  ],
];

describe('a message of the server', () => {
  it.each(messages)('%j is read', (sent, read) => {
    expect(decode(sent)).toEqual(read);
  });

  it.each(messages)('%j has no new fields', (sent) => {
    expect(decodeServerMessage(JSON.stringify(sent))).toHaveLength(1);
  });

  it('of a known type is read, and its new fields are passed on separately', () => {
    const sent = { type: 'reply.done', reply_id: 'r', timestamp: 1, mood: 'good', cost: { cents: 1 } };
    expect(decodeServerMessage(JSON.stringify(sent))).toEqual([
      { type: 'reply.done', reply_id: 'r', status: 'completed' },
      { type: 'unknown', name: 'reply.done', raw: { mood: 'good', cost: { cents: 1 } } },
    ]);
  });

  it('of an unknown type is passed on whole', () => {
    const sent = { type: 'reply.sentiment', mood: ['good'], timestamp: 1 };
    expect(decode(sent)).toEqual({ type: 'unknown', name: 'reply.sentiment', raw: sent });
  });

  it.each([
    { type: 'session.ready' },
    { type: 'session.ready', session_id: 7 },
    { type: 'reply.started' },
    { type: 'reply.audio', data: { length: 1e9 } },
    { type: 'transcript.user', text: ['not', 'text'] },
    { type: 'transcript.agent.delta', delta: null },
    { type: 'transcript.agent' },
    { type: 'tool.call', call_id: 7, name: 'n' },
    { type: 'tool.call', call_id: 'c' },
    { type: 'reply.started', reply_id: 'x'.repeat(10_000) },
  ])('that lacks a needed field is unknown: %j', (sent) => {
    expect(decode(sent)).toEqual({ type: 'unknown', name: sent.type, raw: sent });
  });

  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty'])(
    'that is named like a property of every object is unknown: %s',
    (type) => {
      expect(decode({ type })).toMatchObject({ type: 'unknown', name: type });
    },
  );

  it('omits optional fields of the wrong type', () => {
    const sent = { type: 'transcript.agent.delta', delta: 'a', start_ms: 'soon', end_ms: null, reply_id: {} };
    expect(decode(sent)).toEqual({ type: 'transcript.agent.delta', delta: 'a' });
    expect(decode({ type: 'session.error' })).toMatchObject({ type: 'session.error', code: 'server_error' });
    expect(decode({ type: 'tool.call', call_id: 'c', name: 'n', arguments: 'none' })).toMatchObject({
      arguments: {},
    });
  });

  it.each([
    ['{"room":{"nights":2}}', { room: { nights: 2 } }],
    ['', {}],
    ['[1]', {}],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, {}],
  ])('reads arguments of a tool that are JSON text: %s', (text, expected) => {
    const call = { type: 'tool.call', call_id: 'c', name: 'n', arguments: text };
    expect(decode(call)).toEqual({ ...call, arguments: expected });
  });

  it('omits the nulls of a resolved session, because the service does not accept them', () => {
    const config = {
      agent_id: null,
      greeting: null,
      llm: null,
      input: { keyterms: null, turn_detection: { min_silence: 400, uninterruptible_turns: null } },
      tools: [{ type: 'function', name: 'a', description: '', parameters: { enum: [null, 1] }, http: null }],
    };
    expect(decodeServerMessage(JSON.stringify({ type: 'session.ready', session_id: 's', config }))).toEqual([
      {
        type: 'session.ready',
        session_id: 's',
        config: {
          input: { turn_detection: { min_silence: 400 } },
          tools: [{ type: 'function', name: 'a', description: '', parameters: { enum: [null, 1] } }],
        },
      },
    ]);
  });

  it.each(['', '{', 'null', '[]', '"reply.audio"', '7', '{"type":42}', '{"no_type":true}'])(
    'that is not a message is refused: %s',
    (text) => {
      expect(refusal(text)).not.toBe('');
    },
  );

  it('is text of limited length', () => {
    expect(refusal(new ArrayBuffer(8))).toContain('binary');
    expect(refusal(`{"type":"${'x'.repeat(MAX_FRAME_CHARS)}"}`)).toContain('characters');
    expect(refusal(`{"type":"transcript.user","text":"${'x'.repeat(1_000_000)}"}`)).toContain('characters');
    const longSound = { type: 'reply.audio', data: 'AAAA'.repeat(500_000) };
    const read = decode(longSound);
    expect(read.type === 'reply.audio' && Buffer.from(read.data).equals(Buffer.alloc(1_500_000))).toBe(true);
  });

  it('whose audio is not base64 is refused', () => {
    expect(refusal('{"type":"reply.audio","data":"*"}')).toContain('base64');
    expect(refusal('{"type":"reply.audio","reply_id":"r","data":"AAAA=AAA"}')).toContain('base64');
  });

  it('may be nested, up to a limit', () => {
    const nested = (depth: number) =>
      `{"type":"tool.call","call_id":"c","name":"n","arguments":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    expect(decodeServerMessage(nested(30))).toHaveLength(1);
    expect(refusal(nested(100))).toContain('nested');
    expect(refusal(nested(400_000))).toContain('nested');
  });
});

it('a message of the client has audio in `audio`, not in `data`', () => {
  expect(JSON.parse(encodeClientMessage({ type: 'input.audio', audio: new Uint8Array(2) }))).toEqual({
    type: 'input.audio',
    audio: 'AAA=',
  });
});
