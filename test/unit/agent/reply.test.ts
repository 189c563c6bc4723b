import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../src/engine/create-engine.js';
import type { Encoding } from '../../../agent/encodings.js';
import type { ServerMessage } from '../../../agent/protocol.js';
import { Reply, type ReplyOptions } from '../../../agent/reply.js';
import type { Speech } from '../../../agent/voice.js';
import { decodeWireAudio } from '../../support/wire-audio.js';
import { ManualClock } from '../../support/manual-clock.js';
import { REPLY_ORDER } from './conversation.js';

const LEAD_MS = 300;
const engine = await createEngine();

/** One second of tone, four words of a quarter second. */
function toneSpeech(rateHz: number): Speech {
  const samples = Float32Array.from(
    { length: rateHz },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rateHz),
  );
  const words = ['one', 'two', 'three', 'four.'].map((text, i) => ({
    text,
    startMs: i * 250,
    endMs: i * 250 + 200,
  }));
  return { samples, rateHz, words };
}

function setUp(changes: Partial<ReplyOptions> = {}) {
  const clock = new ManualClock();
  const sent: { atMs: number; message: ServerMessage }[] = [];
  let doneCount = 0;
  const encoding: Encoding = changes.encoding ?? 'audio/pcm';
  const reply = new Reply({
    clock,
    encoding,
    engine,
    replyId: 'r1',
    itemId: 'i1',
    text: 'one two three four.',
    speech: toneSpeech(encoding === 'audio/pcm' ? 24_000 : 8_000),
    gain: 1,
    leadMs: LEAD_MS,
    speed: 1,
    oddBytes: false,
    lateWords: false,
    kind: 'spoken',
    statesCompletion: true,
    retryable: true,
    send: (message) => sent.push({ atMs: clock.nowMs(), message }),
    onDone: () => doneCount++,
    ...changes,
  });
  const ofType = (type: string) => sent.filter(({ message }) => message.type === type);
  const sound = (): Float32Array => {
    const pieces = ofType('reply.audio').map(({ message }) => Buffer.from(message.data as string, 'base64'));
    return decodeWireAudio(encoding, Buffer.concat(pieces)).samples;
  };
  const frameBytes = (): number[] =>
    ofType('reply.audio').map(({ message }) => Buffer.from(message.data as string, 'base64').length);
  return { clock, reply, sent, ofType, sound, frameBytes, doneCount: () => doneCount };
}

function order(sent: readonly { message: ServerMessage }[]): string[] {
  const types = sent.map(({ message }) => message.type);
  return types.filter((type, index) => type !== types[index - 1]);
}

describe('a reply', () => {
  test.each([
    { encoding: 'audio/pcm', bytes: 480, frameMs: 10 },
    { encoding: 'audio/pcmu', bytes: 300, frameMs: 37.5 },
    { encoding: 'audio/pcma', bytes: 300, frameMs: 37.5 },
  ] as const)(
    'leaves in $bytes-byte frames every $frameMs ms of $encoding, without drift',
    ({ bytes, encoding, frameMs }) => {
      const { clock, frameBytes, ofType, reply } = setUp({ encoding });
      reply.start();
      clock.advance(5000);
      const frames = ofType('reply.audio');
      expect(frames.map(({ atMs }) => atMs)).toEqual(frames.map((_, index) => index * frameMs));
      expect(new Set(frameBytes().slice(0, -1))).toEqual(new Set([bytes]));
      const spokenMs = LEAD_MS + 1000 + 80;
      expect(ofType('reply.done')[0]!.atMs).toBeCloseTo(spokenMs, 6);
    },
  );

  test('begins with silence, then is audible', () => {
    const { clock, reply, sound } = setUp();
    reply.start();
    clock.advance(5000);
    const samples = sound();
    const leadFrames = (LEAD_MS / 1000) * 24_000;
    expect(samples.slice(0, leadFrames).every((sample) => sample === 0)).toBe(true);
    expect(Math.max(...samples.slice(leadFrames, leadFrames + 240))).toBeGreaterThan(0.4);
    expect(samples.length).toBe(24_000 * 1.38);
  });

  test('announces all words in one burst with its first audible frame; joined, they are the text', () => {
    const { clock, ofType, reply, sent } = setUp();
    reply.start();
    clock.advance(5000);
    expect(order(sent)).toEqual(REPLY_ORDER);
    const deltas = ofType('transcript.agent.delta');
    expect(deltas.map(({ atMs }) => atMs)).toEqual([LEAD_MS, LEAD_MS, LEAD_MS, LEAD_MS]);
    expect(deltas.map(({ message }) => message.start_ms)).toEqual([0, 250, 500, 750]);
    expect(deltas.map(({ message }) => message.delta)).toEqual(['one ', 'two ', 'three ', 'four.']);
    expect(ofType('transcript.agent')[0]!.message).toMatchObject({
      text: 'one two three four.',
      interrupted: false,
    });
    expect(ofType('reply.done')[0]!.message).toEqual({
      type: 'reply.done',
      reply_id: 'r1',
      status: 'completed',
    });
  });

  test('when interrupted, sends the words spoken so far and no more audio', () => {
    const { clock, doneCount, ofType, reply, sent } = setUp();
    reply.start();
    clock.advance(LEAD_MS + 600);
    reply.interrupt();
    const count = sent.length;
    clock.advance(5000);
    expect(sent.length).toBe(count);
    expect(ofType('transcript.agent')[0]!.message).toMatchObject({
      text: 'one two three',
      interrupted: true,
    });
    expect(ofType('reply.done')[0]!.message).toMatchObject({ status: 'interrupted' });
    expect(order(sent).slice(-2)).toEqual(['transcript.agent', 'reply.done']);
    expect([doneCount(), clock.pendingTimers]).toEqual([0, 0]);
  });

  test('when interrupted within the leading silence, has no words', () => {
    const { clock, ofType, reply } = setUp();
    reply.start();
    clock.advance(100);
    reply.interrupt();
    expect(ofType('transcript.agent')[0]!.message.text).toBe('');
  });

  test('with odd bytes, is the same audio in messages that end within samples', () => {
    const regular = setUp();
    const uneven = setUp({ oddBytes: true });
    for (const { clock, reply } of [regular, uneven]) {
      reply.start();
      clock.advance(5000);
    }
    expect(uneven.frameBytes().filter((bytes) => bytes % 2 === 1).length).toBeGreaterThan(50);
    expect(uneven.sound()).toEqual(regular.sound());
  });

  test('at ten times the speed, takes a tenth of the time', () => {
    const { clock, ofType, reply } = setUp({ speed: 10 });
    reply.start();
    clock.advance(5000);
    expect(ofType('reply.done')[0]!.atMs).toBeCloseTo(138, 6);
    expect(ofType('reply.audio').length).toBe(138);
  });

  test('when silent, has neither audible audio nor words', () => {
    const { clock, reply, sent, sound } = setUp({ kind: 'silent' });
    reply.start();
    clock.advance(5000);
    expect(order(sent)).toEqual(['reply.started', 'reply.audio', 'reply.done']);
    expect(sound().every((sample) => sample === 0)).toBe(true);
  });

  test('when unspoken, has words but no audible audio', () => {
    const { clock, ofType, reply, sound } = setUp({ kind: 'unspoken' });
    reply.start();
    clock.advance(5000);
    expect(sound().every((sample) => sample === 0)).toBe(true);
    expect(ofType('transcript.agent')[0]!.message).toMatchObject({
      text: 'one two three four.',
      interrupted: false,
    });
  });

  test('with late words, announces them after the last frame', () => {
    const { clock, reply, sent } = setUp({ lateWords: true });
    reply.start();
    clock.advance(5000);
    expect(order(sent)).toEqual([
      'reply.started',
      'reply.audio',
      'transcript.agent.delta',
      'transcript.agent',
      'reply.done',
    ]);
  });
});
