import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Dialogue } from '../../../src/session/dialogue.js';
import type { GivingWay } from '../../../src/worklet/messages.js';
import { HOLD_MS, Replies } from '../../../src/session/replies.js';
import { checkProperty } from '../../support/check-property.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { RecordedSink } from '../../support/recorded-sink.js';

let clock: ManualClock;
let sink: RecordedSink;
let events: RecordedEvents;
let replies: Replies;

beforeEach(() => {
  clock = new ManualClock();
  sink = new RecordedSink();
  events = new RecordedEvents();
  replies = new Replies(sink.post, new Dialogue(events.emit), clock, events.emit);
});

const types = () => events.types;
const of: RecordedEvents['of'] = (type) => events.of(type);
const sound = (bytes = 480) => new Uint8Array(bytes);
const flushed = (reply: number, heardMs = 120, discardedMs = 80) =>
  replies.flushed({ type: 'flushed', reply, heardMs, discardedMs, roundTripMs: 5 });
const hear = (reply: number, heardMs: number, over = false, playedBytes = 0) =>
  replies.heard({ type: 'heard', reply, heardMs, playedBytes, over });
const giveWay = (givingWay: GivingWay, reply: number) =>
  replies.gaveWay({ type: 'voice', speaking: true, givingWay, reply });
const outcomes = () => of('reply-hold').map(({ outcome }) => outcome);

describe('a reply', () => {
  it('begins when it is announced, sounds, and ends when it was heard', () => {
    replies.started('a');
    replies.audio('a', sound());
    hear(1, 1);
    replies.done('a');
    expect(sink.types).toEqual(['audio', 'end']);
    hear(1, 300, true);
    expect(types()).toEqual(['reply-start', 'reply-audible', 'reply-end']);
    expect(of('reply-end')).toEqual([{ replyId: 'a', status: 'completed' }]);
  });

  it('whose audio arrives unannounced or without an id is played anyway', () => {
    replies.audio(undefined, sound());
    replies.audio(undefined, sound());
    replies.done(undefined);
    expect(sink.playedBytes(1)).toBe(960);
    replies.audio('b', sound());
    expect(sink.playedBytes(2)).toBe(480);
    expect(of('reply-start').map(({ replyId }) => replyId)).toEqual(['reply-1', 'b']);
  });

  it('whose end is repeated, or late, does not end the next one', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.started('b');
    replies.audio('b', sound());
    replies.done('a');
    replies.done('a');
    replies.audio('b', sound());
    expect(sink.types).toEqual(['audio', 'end', 'audio', 'audio']);
  });

  it('that was interrupted without an id is the current one at the server', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.started('b');
    replies.audio('b', sound());
    expect(replies.interrupted(undefined)).toBe(true);
    replies.audio('b', sound());
    expect(sink.types.filter((type) => type === 'audio')).toHaveLength(2);
    expect(sink.actions.at(-1)).toEqual({ type: 'flush' });
  });

  it('is played again from a whole sample on, although messages end within samples', () => {
    // Of each sample, the first byte is 0 and the second 1.
    const message = (from: number) => Uint8Array.from({ length: 481 }, (_, at) => (from + at) % 2);
    replies.started('a');
    for (let n = 0; n < 4; n++) replies.audio('a', message(n * 481));
    hear(1, 10, false, 482);
    const before = sink.playedBytes(1);
    replies.workletReplaced();
    expect(sink.played(1)[4]).toBe(0);
    expect(sink.playedBytes(1) - before).toBe(3 * 481 - 1);
  });

  it('is held for as long as any other, although one before it was held when the connection was lost', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.speechStarted();
    clock.advance(HOLD_MS - 100);
    replies.connectionLost();
    hear(1, 10, true);
    replies.started('b');
    replies.audio('b', sound());
    replies.speechStarted();
    const before = sink.types.length;
    clock.advance(HOLD_MS - 1);
    expect(sink.types.slice(before)).toEqual([]);
    clock.advance(1);
    expect(sink.types.slice(before)).toEqual(['release']);
  });

  it('announced twice is one', () => {
    replies.started('a');
    replies.started('a');
    replies.audio('a', sound());
    expect(of('reply-start')).toHaveLength(1);
  });
});

it('two replies that are cut one after the other are reported as each was heard, without an answer or with a late one', () => {
  for (const id of ['a', 'b']) {
    replies.started(id);
    replies.audio(id, sound());
  }
  hear(1, 100);
  replies.interrupted('a');
  clock.advance(200);
  flushed(1, 110);
  hear(2, 50);
  replies.interrupted('b');
  clock.advance(100);
  flushed(2, 90);
  expect(of('interruption').map(({ replyId, heardMs }) => [replyId, heardMs])).toEqual([
    ['a', 110],
    ['b', 90],
  ]);
});

it('an answer to a cut that comes too late is not taken for the answer to the next one', () => {
  replies.started('a');
  replies.audio('a', sound());
  hear(1, 100);
  replies.interrupted('a');
  clock.advance(250);
  replies.started('b');
  replies.audio('b', sound());
  hear(2, 50);
  replies.interrupted('b');
  flushed(1, 110, 10);
  flushed(2, 90, 30);
  expect(of('interruption')).toMatchObject([
    { replyId: 'a', heardMs: 100, discardedMs: 0 },
    { replyId: 'b', heardMs: 90, discardedMs: 30 },
  ]);
});

describe('the user seems to speak while a reply sounds', () => {
  beforeEach(() => {
    replies.started('a');
    replies.audio('a', sound());
    hear(1, 1);
  });

  it('a false alarm: the reply is held, then resumes where it was', () => {
    replies.speechStarted();
    clock.advance(HOLD_MS - 1);
    expect(sink.types.slice(1)).toEqual(['hold']);
    clock.advance(1);
    expect(sink.types.slice(1)).toEqual(['hold', 'release']);
    expect(outcomes()).toEqual(['held', 'resumed']);
    expect(of('interruption')).toEqual([]);
    replies.audio('a', sound());
    expect(sink.playedBytes(1)).toBe(960);
  });

  it('the server makes it final', () => {
    replies.speechStarted();
    replies.interrupted('a');
    expect(sink.types.slice(1)).toEqual(['hold', 'flush']);
    flushed(1);
    expect(of('interruption')[0]).toMatchObject({
      replyId: 'a',
      heardMs: 120,
      discardedMs: 80,
    });
    expect(outcomes()).toEqual(['held', 'interrupted']);
    clock.advance(10_000);
    expect(sink.types).not.toContain('release');
    expect(clock.pendingTimers).toBe(0);
  });

  it('the end of the call is the outcome of a hold, once', () => {
    replies.speechStarted();
    replies.close();
    replies.close();
    expect(of('reply-hold')).toEqual([
      { replyId: 'a', outcome: 'held' },
      { replyId: 'a', outcome: 'interrupted' },
    ]);
    clock.advance(10_000);
    expect(sink.types.slice(1)).toEqual(['hold']);
  });

  it('is final if the server has sent the whole reply', () => {
    replies.done('a');
    replies.speechStarted();
    expect(sink.types.slice(1)).toEqual(['end', 'flush']);
    flushed(1);
    expect(of('interruption')).toHaveLength(1);
  });

  it('is final if the server begins another reply instead', () => {
    replies.speechStarted();
    replies.started('b');
    replies.audio('b', sound());
    flushed(1);
    expect(of('interruption')[0]?.replyId).toBe('a');
    expect(sink.actions.slice(2)).toEqual([{ type: 'flush' }, { type: 'audio', reply: 2, bytes: sound() }]);
  });

  it('reports the last known position if the worklet does not answer', () => {
    hear(1, 350);
    replies.interrupted('a');
    clock.advance(250);
    expect(of('interruption')[0]).toMatchObject({ heardMs: 350, discardedMs: 0 });
    flushed(1, 1);
    expect(of('interruption')).toHaveLength(1);
  });
});

describe('a reply reacts to speech at the microphone', () => {
  beforeEach(() => {
    replies.started('a');
    replies.audio('a', sound());
    hear(1, 1);
  });

  it('to a short word: ducked, and back', () => {
    giveWay('ducked', 1);
    giveWay('none', 1);
    expect(outcomes()).toEqual(['ducked', 'resumed']);
    expect(sink.types).toEqual(['audio']);
  });

  it('to a longer one: ducked, held, and back', () => {
    giveWay('ducked', 1);
    giveWay('held', 1);
    giveWay('none', 1);
    expect(outcomes()).toEqual(['ducked', 'held', 'resumed']);
  });

  it('and the server makes it final', () => {
    giveWay('ducked', 1);
    giveWay('held', 1);
    replies.speechStarted();
    replies.interrupted('a');
    // The worklet answers the flush late.
    giveWay('none', 0);
    expect(outcomes()).toEqual(['ducked', 'held', 'interrupted']);
  });

  it('resumes only when neither server nor microphone holds it', () => {
    giveWay('held', 1);
    replies.speechStarted();
    clock.advance(HOLD_MS);
    expect(outcomes()).toEqual(['held']);
    giveWay('none', 1);
    expect(outcomes()).toEqual(['held', 'resumed']);

    replies.speechStarted();
    giveWay('held', 1);
    giveWay('none', 1);
    expect(outcomes().slice(2)).toEqual(['held']);
    clock.advance(HOLD_MS);
    expect(outcomes().slice(2)).toEqual(['held', 'resumed']);
  });

  it('is not reported after that reply was cut', () => {
    replies.interrupted('a');
    replies.started('b');
    giveWay('ducked', 1);
    giveWay('none', 2);
    expect(outcomes()).toEqual([]);
  });
});

describe('after an interruption', () => {
  it('late audio of that reply is never played, and the next reply is whole', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.interrupted('a');
    for (let i = 0; i < 15; i++) replies.audio('a', sound());
    expect(sink.playedBytes(1)).toBe(480);
    replies.started('b');
    replies.audio('b', sound());
    replies.audio('a', sound());
    replies.audio('b', sound());
    expect(sink.playedBytes(2)).toBe(960);
    expect(sink.actions.filter((action) => action.type === 'audio')).toHaveLength(3);
  });

  it('an id that is reused is a new reply', () => {
    replies.started('a');
    replies.interrupted('a');
    replies.started('a');
    replies.audio('a', sound());
    expect(sink.playedBytes(2)).toBe(480);
  });

  it('a newer reply that was queued behind it stays whole', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.started('b');
    replies.audio('b', sound(100));
    replies.audio('b', sound(50));
    replies.interrupted('a');
    replies.audio('b', sound(25));
    replies.done('b');
    expect(sink.actions.slice(4)).toEqual([
      { type: 'flush' },
      { type: 'audio', reply: 2, bytes: sound(100) },
      { type: 'audio', reply: 2, bytes: sound(50) },
      { type: 'audio', reply: 2, bytes: sound(25) },
      { type: 'end', reply: 2 },
    ]);
    flushed(1);
    hear(2, 1);
    expect(of('reply-audible')).toHaveLength(1);
    expect(of('interruption').map(({ replyId }) => replyId)).toEqual(['a']);
  });

  it('its timers end with the call, which reports it', () => {
    replies.started('a');
    replies.audio('a', sound());
    replies.speechStarted();
    replies.interrupted('a');
    replies.close();
    expect(clock.pendingTimers).toBe(0);
    flushed(1);
    expect(of('interruption')).toHaveLength(1);
  });
});

it('an interruption is reported once, for any order and number of its messages', async () => {
  const announcement = fc.constantFrom('speech', 'done', 'transcript', 'late sound', 'page');
  await checkProperty(
    fc.property(
      fc.array(announcement, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      (order, pausesMs, answered) => {
        const time = new ManualClock();
        const speaker = new RecordedSink();
        const told = new RecordedEvents();
        const subject = new Replies(speaker.post, new Dialogue(told.emit), time, told.emit);
        subject.started('a');
        subject.audio('a', sound());
        subject.heard({ type: 'heard', reply: 1, heardMs: 1, playedBytes: 0, over: false });
        for (const [index, what] of order.entries()) {
          if (what === 'speech') subject.speechStarted();
          else if (what === 'late sound') subject.audio('a', sound());
          else if (what === 'page') subject.interrupt();
          else subject.interrupted('a');
          const isFlushed = speaker.types.includes('flush');
          if (isFlushed && answered)
            subject.flushed({ type: 'flushed', reply: 1, heardMs: 9, discardedMs: 1, roundTripMs: 3 });
          time.advance(pausesMs[index] ?? 0);
        }
        time.advance(1_000);
        const final = order.some((what) => ['done', 'transcript', 'page'].includes(what));
        expect(told.of('interruption')).toHaveLength(final ? 1 : 0);
        expect(told.of('reply-end')).toHaveLength(final ? 1 : 0);
        expect(speaker.types.filter((type) => type === 'flush')).toHaveLength(final ? 1 : 0);
        // A hold always ends.
        const holds = speaker.types.filter((type) => ['hold', 'release', 'flush'].includes(type));
        expect(holds.at(-1)).not.toBe('hold');
        expect(time.pendingTimers).toBe(0);
        subject.started('b');
        subject.audio('b', sound());
        expect(speaker.playedBytes(2)).toBe(480);
      },
    ),
    { name: 'one interruption', seed: 4, numRuns: 1_000 },
  );
});
