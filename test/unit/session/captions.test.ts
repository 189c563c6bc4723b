import { beforeEach, describe, expect, it } from 'vitest';
import { appendWord, Captions } from '../../../src/session/captions.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';

let updates: readonly TranscriptUpdate[];
let captions: Captions;

beforeEach(() => {
  const recorded: TranscriptUpdate[] = [];
  updates = recorded;
  captions = new Captions((_type, ...[update]) => recorded.push(update as TranscriptUpdate));
});

const last = () => updates.at(-1);
const word = (delta: string, start_ms?: number) =>
  captions.agentDelta('r', {
    type: 'transcript.agent.delta',
    delta,
    ...(start_ms === undefined ? {} : { start_ms }),
  });
const final = (text: string, interrupted = false) =>
  captions.agentFinal('r', { type: 'transcript.agent', text, interrupted });

describe('words are joined', () => {
  it.each([
    [['Hello', 'there.'], 'Hello there.'],
    [['Hello ', 'there. '], 'Hello there. '],
    [['Hello', ' there', '.'], 'Hello there.'],
    [['Hello', ',', 'you', '!'], 'Hello, you!'],
    [['He', 'said', '(', 'softly', ')', 'yes'], 'He said (softly) yes'],
    [['你好', '，', '世界'], '你好，世界'],
    [['今日は', '良い', '天気'], '今日は良い天気'],
    [['สวัสดี', 'ครับ'], 'สวัสดีครับ'],
    [['안녕하세요', '여러분'], '안녕하세요 여러분'],
    [['𠮷', '野', '家'], '𠮷野家'],
    [['a', '𠮷'], 'a𠮷'],
    [['', 'a', '', 'b'], 'a b'],
  ])('%j', (words, text) => {
    expect(words.reduce(appendWord, '')).toBe(text);
  });
});

describe('captions', () => {
  it('replace what the user is heard to say, and append what the agent says', () => {
    captions.user({ type: 'transcript.user.delta', item_id: 'u', text: 'I want' });
    captions.user({ type: 'transcript.user.delta', item_id: 'u', text: 'I want a room' });
    expect(last()).toEqual({
      role: 'user',
      text: 'I want a room',
      final: false,
      interrupted: false,
      itemId: 'u',
    });
    word('A');
    word('room.');
    expect(last()).toEqual({
      role: 'agent',
      text: 'A room.',
      final: false,
      interrupted: false,
      replyId: 'r',
    });
    final('A room!');
    expect(last()).toMatchObject({ text: 'A room!', final: true });
    word('late');
    expect(last()).toMatchObject({ text: 'A room!' });
  });

  it('cut to the words whose time had come', () => {
    word('One', 0);
    word('two', 300);
    word('three', 600);
    expect(captions.cut('r', 450)).toBe('One two');
    final('One two three');
    expect(last()).toMatchObject({ text: 'One two', final: true, interrupted: true });
  });

  it('believe the server when it says what was spoken before the sound was cut', () => {
    word('One', 0);
    word('two', 300);
    final('One', true);
    expect(last()).toMatchObject({ text: 'One', final: true, interrupted: true });
    expect(captions.cut('r', 200)).toBe('One');
    expect(updates).toHaveLength(3);
  });

  it('cut without word times are the whole text, or nothing when nothing was heard', () => {
    word('One');
    word('two');
    expect(captions.cut('r', 1)).toBe('One two');
    expect(captions.cut('unknown', 100)).toBe('');
    captions.agentDelta('q', { type: 'transcript.agent.delta', delta: 'Never' });
    expect(captions.cut('q', 0)).toBe('');
  });

  it('mark words as unspoken whose sound was silence, and do not repeat them to a successor', () => {
    word('Let me see.');
    final('Let me see.');
    captions.markUnspoken('r');
    expect(last()).toMatchObject({ text: 'Let me see.', final: true, unspoken: true });
    expect(captions.dialogue()).toBe('');
  });

  it('tell the dialogue in order, each utterance once, as it was last known', () => {
    captions.user({ type: 'transcript.user', item_id: 'u', text: 'A room' });
    captions.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    final('For two?');
    captions.typed('typed-1', 'For three.');
    expect(captions.dialogue()).toBe('User: A room, please.\nAgent: For two?\nUser: For three.');
  });

  it('keep what was begun when the session is lost, and take the next one’s equal ids for new', () => {
    captions.user({ type: 'transcript.user', item_id: 'item-1', text: 'First.' });
    word('And', 0);
    captions.user({ type: 'transcript.user.delta', item_id: 'item-2', text: 'Unfinished' });
    captions.settle();
    expect(updates.slice(-2)).toEqual([
      { role: 'user', text: 'Unfinished', final: true, interrupted: false, itemId: 'item-2' },
      { role: 'agent', text: 'And', final: true, interrupted: false, replyId: 'r' },
    ]);
    captions.user({ type: 'transcript.user', item_id: 'item-1', text: 'Second.' });
    word('New');
    expect(last()).toMatchObject({ text: 'New', final: false });
    expect(captions.dialogue()).toBe('User: First.\nUser: Unfinished\nAgent: And\nUser: Second.');
  });

  it('keep within bounds whatever the server sends', () => {
    captions.user({ type: 'transcript.user', text: 'x'.repeat(500_000) });
    expect(last()?.text.length).toBeLessThanOrEqual(20_000);
    for (let i = 0; i < 10_000; i++) word('word');
    expect(last()?.text.length).toBeLessThanOrEqual(20_010);
    for (let i = 0; i < 1_000; i++) captions.typed(`t-${i}`, 'a line of some length');
    expect(captions.dialogue().length).toBeLessThanOrEqual(8_000);
  });
});
