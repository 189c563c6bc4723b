/** Arbitrary events of a call with a broken or hostile server, for property tests. */
import fc from 'fast-check';
import type { GivingWay } from '../../src/worklet/messages.js';

export type Happening =
  | { readonly what: 'frame'; readonly data: unknown }
  | { readonly what: 'time'; readonly ms: number }
  | { readonly what: 'close'; readonly code: number }
  /** The latest connection opens, and with `accept` its session starts, or is resumed. */
  | { readonly what: 'open' | 'accept' }
  /** The server ends the session, whatever it was asked. */
  | { readonly what: 'ended' }
  | { readonly what: 'audible' | 'playhead'; readonly reply: number }
  | { readonly what: 'heard'; readonly reply: number; readonly audible: boolean }
  | { readonly what: 'flushed'; readonly reply: number }
  | {
      readonly what: 'voice';
      readonly speaking: boolean;
      readonly givingWay: GivingWay;
      readonly reply: number;
    }
  | { readonly what: 'echo'; readonly echoAboveNoiseDb: number; readonly playedSeconds: number }
  | { readonly what: 'packet' | 'interrupt' | 'offline' | 'wake' | 'say' | 'update' | 'reply' | 'stop' }
  | { readonly what: 'inform' | 'worklet-replaced' }
  | { readonly what: 'congestion'; readonly bytes: number }
  | { readonly what: 'tool-answer'; readonly callId: string; readonly isError: boolean };

// Few ids, so that messages refer to each other; some of them are names of object prototypes.
const id = fc.constantFrom('a', 'b', 'c', '', '__proto__', 'constructor', 'x'.repeat(600));
const junk = fc.oneof(
  fc.constantFrom(null, 0, -1, 1e308, '', 'text', '***', [], {}, true, '\u0000', '\ud800', 'x'.repeat(2_000)),
  fc.jsonValue({ maxDepth: 3 }),
);
/** Mostly valid, sometimes any value. */
const mostly = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: junk });
const sound = fc.constantFrom('AAAA', Buffer.alloc(480, 3).toString('base64'), 'AA==', '', '*', 'AAAA=AAA');
const words = fc.constantFrom(
  'Hello ',
  'there',
  '.',
  '你好',
  ' ',
  '<b>bold</b>',
  'x'.repeat(30_000),
  '\ud83d',
);
const status = fc.constantFrom('interrupted', 'completed', 'INTERRUPTED', 'odd');
const codes = [
  'unauthorized',
  'at_capacity',
  // Often, because a fresh session follows only if it is the answer to a resume.
  'session_not_found',
  'session_not_found',
  'session_not_found',
  'session_expired',
  'internal_error',
  'invalid_value',
  'immutable_field',
  'Audio_Rate_Violation',
];

const fields: Readonly<Record<string, Record<string, fc.Arbitrary<unknown>>>> = {
  'session.updated': { config: mostly(fc.constantFrom({}, { system_prompt: 'P', tools: [] }, { tools: 7 })) },
  'session.ready': { session_id: mostly(id), config: mostly(fc.constantFrom({}, { input: null })) },
  'session.error': { code: mostly(fc.constantFrom(...codes)), message: mostly(words), param: mostly(id) },
  'input.speech.started': {},
  'input.speech.stopped': {},
  'transcript.user.delta': { item_id: mostly(id), text: mostly(words) },
  'transcript.user': { item_id: mostly(id), text: mostly(words) },
  'reply.started': { reply_id: mostly(id), item_id: mostly(id) },
  'reply.audio': { reply_id: mostly(id), data: mostly(sound) },
  'transcript.agent.delta': {
    reply_id: mostly(id),
    item_id: mostly(id),
    delta: mostly(words),
    start_ms: mostly(fc.integer({ min: -10, max: 5_000 })),
  },
  'transcript.agent': { reply_id: mostly(id), text: mostly(words), interrupted: mostly(fc.boolean()) },
  'reply.done': { reply_id: mostly(id), status: mostly(status) },
  'reply.error': { code: mostly(fc.constantFrom(...codes)), retryable: mostly(fc.boolean()) },
  'tool.call': { call_id: mostly(id), name: mostly(id), arguments: mostly(fc.jsonValue({ maxDepth: 4 })) },
  'future.event': { payload: fc.jsonValue() },
};

const message = fc.oneof(
  ...Object.entries(fields).map(([type, parts]) =>
    fc.record(parts, { requiredKeys: [] }).map((rest) => JSON.stringify({ type, ...rest })),
  ),
);
const broken = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"type":7}',
    new ArrayBuffer(8),
    undefined,
    '{"type":',
  ),
  fc.string(),
  fc
    .integer({ min: 65, max: 20_000 })
    .map((depth) => `{"type":"a","b":${'['.repeat(depth)}${']'.repeat(depth)}}`),
);

const reply = fc.integer({ min: 0, max: 12 });
const small = <What extends string>(...whats: What[]) =>
  fc.constantFrom(...whats).map((what) => ({ what }) as Extract<Happening, { what: What }>);

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 60, arbitrary: message.map((data) => ({ what: 'frame' as const, data })) },
  { weight: 5, arbitrary: broken.map((data) => ({ what: 'frame' as const, data })) },
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 900 }).map((ms) => ({ what: 'time' as const, ms })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((ms) => ({ what: 'time' as const, ms })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1000, 1001, 1006, 1008, 1011, 1012, 1013, 4000).map((code) => ({
      what: 'close' as const,
      code,
    })),
  },
  { weight: 1, arbitrary: small('ended') },
  { weight: 5, arbitrary: small('open') },
  { weight: 8, arbitrary: small('accept') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('audible' as const, 'playhead' as const), reply)
      .map(([what, n]) => ({ what, reply: n })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(reply, fc.boolean())
      .map(([n, audible]) => ({ what: 'heard' as const, reply: n, audible })),
  },
  { weight: 4, arbitrary: reply.map((n) => ({ what: 'flushed' as const, reply: n })) },
  {
    weight: 8,
    arbitrary: small('packet', 'packet', 'packet', 'interrupt', 'offline', 'wake', 'say', 'update', 'reply'),
  },
  { weight: 2, arbitrary: small('inform', 'worklet-replaced') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.boolean(), fc.constantFrom<GivingWay>('none', 'ducked', 'held'), reply)
      .map(([speaking, givingWay, n]) => ({ what: 'voice' as const, speaking, givingWay, reply: n })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 6, 30), fc.constantFrom(1, 5, 20))
      .map(([echoAboveNoiseDb, playedSeconds]) => ({
        what: 'echo' as const,
        echoAboveNoiseDb,
        playedSeconds,
      })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1_000, 1e6).map((bytes) => ({ what: 'congestion' as const, bytes })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, fc.boolean())
      .map(([callId, isError]) => ({ what: 'tool-answer' as const, callId, isError })),
  },
);
