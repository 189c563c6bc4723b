import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Dialogue } from '../../../src/session/dialogue.js';
import { Replies } from '../../../src/session/replies.js';
import { checkProperty } from '../../support/check-property.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { RecordedSink } from '../../support/recorded-sink.js';

let worklet: RecordedSink;
let events: RecordedEvents;
let replies: Replies;

beforeEach(() => {
  worklet = new RecordedSink();
  events = new RecordedEvents();
  replies = new Replies(worklet.post, new Dialogue(events.emit), new ManualClock(), events.emit);
});

const audio = (id: string, ...values: number[]) => replies.audio(id, Uint8Array.from(values));
const hear = (reply: number, heardMs: number, playedBytes: number, over = false) =>
  replies.heard({ type: 'heard', reply, heardMs, playedBytes, over });
/** The commands to the worklet since then: the number of a reply with its bytes, or alone for its end. */
const sentSince = (from: number) =>
  worklet.actions
    .slice(from)
    .flatMap((action) =>
      action.type === 'audio'
        ? [[action.reply, ...action.bytes]]
        : action.type === 'end'
          ? [[action.reply]]
          : [],
    );
const replaced = () => {
  const from = worklet.actions.length;
  replies.workletReplaced();
  return sentSince(from);
};

describe('another worklet gets', () => {
  it('what was not played, in order, including a piece that was begun, and the end', () => {
    audio('a', 1, 2);
    audio('a', 3, 4);
    audio('a', 5, 6);
    replies.done('a');
    hear(1, 10, 3);
    expect(replaced()).toEqual([[1, 3, 4], [1, 5, 6], [1]]);
  });

  it('a copy: the bytes that the first one got are gone', () => {
    audio('a', 1, 2);
    for (const action of worklet.actions) if (action.type === 'audio') action.bytes.fill(9);
    expect(replaced()).toEqual([[1, 1, 2]]);
  });

  it('the end of a reply that was played, but not yet reported as heard', () => {
    audio('a', 1, 2);
    replies.done('a');
    replies.started('b');
    audio('b', 3, 4);
    hear(1, 10, 2);
    expect(replaced()).toEqual([[1], [2, 3, 4]]);
  });

  it('nothing of replies that were heard', () => {
    for (const [at, id] of ['a', 'b', 'c'].entries()) {
      replies.started(id);
      audio(id, at + 1);
    }
    hear(1, 10, 0, true);
    hear(2, 10, 0, true);
    expect(replaced()).toEqual([[3, 3]]);
  });

  it('nothing of what was flushed, and positions count on as in the worklet', () => {
    audio('a', 1, 2);
    replies.interrupt();
    replies.started('b');
    audio('b', 3, 4);
    hear(2, 1, 3);
    expect(replaced()).toEqual([[2, 3, 4]]);
  });

  it('positions from 0', () => {
    audio('a', 1, 2);
    audio('a', 3, 4);
    hear(1, 10, 2);
    expect(replaced()).toEqual([[1, 3, 4]]);
    hear(1, 5, 1);
    expect(replaced()).toEqual([[1, 3, 4]]);
    hear(1, 5, 2);
    expect(replaced()).toEqual([]);
  });

  it('the hold', () => {
    audio('a', 1, 2);
    replies.speechStarted();
    replies.workletReplaced();
    expect(worklet.types.slice(-2)).toEqual(['audio', 'hold']);
  });

  it('every sample that was not played, for any sizes', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    const positions = fc.nat(1_000).map((samples) => 2 * samples);
    await checkProperty(
      fc.property(sizes, positions, (lengths, played) => {
        const told = new RecordedEvents();
        const speaker = new RecordedSink();
        const subject = new Replies(speaker.post, new Dialogue(told.emit), new ManualClock(), told.emit);
        let next = 0;
        for (const length of lengths)
          subject.audio(
            'a',
            Uint8Array.from({ length }, () => next++ % 251),
          );
        subject.heard({ type: 'heard', reply: 1, heardMs: 1, playedBytes: played, over: false });
        const from = speaker.actions.length;
        subject.workletReplaced();
        const kept = speaker.actions
          .slice(from)
          .flatMap((action) => (action.type === 'audio' ? [...action.bytes] : []));
        expect(kept.length).toBeGreaterThanOrEqual(Math.max(0, next - played));
        if (kept.length > 0) expect((next - kept.length) % 2, 'the first byte of a sample').toBe(0);
        expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => (next - kept.length + i) % 251));
      }),
      { name: 'sound that was not heard', seed: 7, numRuns: 100 },
    );
  });

  it('a minute at most', () => {
    for (let second = 0; second < 70; second++) replies.audio('a', new Uint8Array(48_000));
    const from = worklet.actions.length;
    replies.workletReplaced();
    expect(sentSince(from)).toHaveLength(60);
  });

  it('6000 pieces at most', () => {
    for (let piece = 0; piece < 6_010; piece++) audio('a', piece % 251);
    const from = worklet.actions.length;
    replies.workletReplaced();
    expect(sentSince(from)).toHaveLength(6_000);
  });
});

describe('a flush', () => {
  it('is followed by what it took of later replies', () => {
    audio('a', 1);
    replies.done('a');
    replies.started('b');
    audio('b', 8);
    audio('b', 9);
    replies.done('b');
    const from = worklet.actions.length;
    replies.interrupted('a');
    expect(worklet.types.slice(from)).toEqual(['flush', 'audio', 'audio', 'end']);
    expect(sentSince(from)).toEqual([[2, 8], [2, 9], [2]]);
    replies.interrupt();
    replies.started('c');
    replies.done('c');
    expect(worklet.types.slice(from + 4), 'a flush of all keeps nothing').toEqual(['flush', 'end']);
  });
});

describe('what was heard', () => {
  it('continues over worklets, and nothing is reported twice', () => {
    replies.started('a');
    replies.word({ type: 'transcript.agent.delta', reply_id: 'a', delta: 'One', start_ms: 950 });
    hear(1, 900, 0);
    replies.workletReplaced();
    hear(1, 100, 0);
    expect(events.of('transcript')).toMatchObject([{ text: 'One' }]);
    // Its rest is silent.
    hear(1, 0, 0, true);
    expect(events.of('transcript').at(-1)).not.toHaveProperty('unspoken', true);
    expect(events.types.filter((type) => type === 'reply-audible')).toHaveLength(1);
    expect(events.of('reply-end')).toHaveLength(1);
  });

  it('of a reply that is cut counts from its first worklet', () => {
    audio('a', 1);
    hear(1, 900, 0);
    replies.workletReplaced();
    replies.interrupted('a');
    replies.flushed({ type: 'flushed', reply: 1, heardMs: 50, discardedMs: 7, roundTripMs: 5 });
    expect(events.of('interruption')).toMatchObject([{ heardMs: 950, discardedMs: 7 }]);
  });

  it('of an unknown reply is ignored', () => {
    expect(hear(9, 100, 0, true)).toBe('nothing');
    expect(events.all).toEqual([]);
  });
});
