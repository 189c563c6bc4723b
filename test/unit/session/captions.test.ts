import { beforeEach, describe, expect, it } from 'vitest';
import { appendWord, Captions } from '../../../src/session/captions.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';

let updates: readonly TranscriptUpdate[];
let captions: Captions;
/** Of the updates: their places in the dialogue. */
let orders: (number | undefined)[];

beforeEach(() => {
  const recorded: TranscriptUpdate[] = [];
  updates = recorded;
  orders = [];
  captions = new Captions((_type, ...[update]) => {
    const { order, ...rest } = update as TranscriptUpdate;
    recorded.push(rest);
    orders.push(order);
  });
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

  it('bring the agent’s words as they are heard, each change once', () => {
    captions.begin('r');
    word('One ', 0);
    word('two', 300);
    word('three.', 600);
    expect(updates, 'nothing before it sounds').toEqual([]);
    captions.heard('r', 1);
    for (const heardMs of [50, 250, 300]) captions.heard('r', heardMs);
    expect(updates.map(({ text, unheardText }) => [text, unheardText])).toEqual([['One', 'two three.']]);
    captions.heard('r', 301);
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three.', final: false });
    final('One, two, three!');
    expect(updates, 'the server’s last word waits until it was heard').toHaveLength(2);
    captions.heard('r', 900, 'heard');
    expect(last()).toEqual({
      ...{ role: 'agent', text: 'One, two, three!', final: true, interrupted: false, replyId: 'r' },
    });
    expect(updates).toHaveLength(3);
  });

  it('that come after the sound are told at once, and final with the server’s whole text', () => {
    captions.begin('r');
    captions.heard('r', 900, 'heard');
    word('One', 0);
    expect(last()).toMatchObject({ text: 'One', final: false });
    final('One!');
    expect(last()).toMatchObject({ text: 'One!', final: true });
  });

  it('without times come all at once, as soon as the reply is audible', () => {
    captions.begin('r');
    word('One');
    word('two');
    expect(updates).toEqual([]);
    captions.heard('r', 1);
    expect(updates.map(({ text }) => text)).toEqual(['One two']);
  });

  it('that are final only wait for the sound, too', () => {
    captions.begin('r');
    final('One two.');
    expect(updates).toEqual([]);
    captions.heard('r', 1);
    expect(last()).toMatchObject({ text: 'One two.', final: false });
    captions.heard('r', 500, 'heard');
    expect(last()).toMatchObject({ text: 'One two.', final: true });
  });

  it('cut are the words whose time had come; the rest stays unheard, whatever the server says later', () => {
    captions.begin('r');
    word('One', 0);
    word('two', 300);
    word('three', 600);
    expect(captions.heard('r', 450, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', interrupted: true, final: false });
    word('four', 900);
    word('five');
    final('One two three four five');
    expect(last()).toMatchObject({
      ...{ text: 'One two', unheardText: 'three four five', interrupted: true, final: true },
    });
    expect(captions.dialogue()).toBe('Agent: One two');
  });

  it('cut before they were announced are told when they come', () => {
    captions.begin('r');
    expect(captions.heard('r', 450, 'cut')).toBe('');
    expect(updates).toEqual([]);
    word('One', 0);
    word('two', 500);
    final('One two');
    expect(last()).toMatchObject({ text: 'One', unheardText: 'two', interrupted: true, final: true });
  });

  it('believe the samples that were played rather than the server, where there are word times', () => {
    captions.begin('r');
    word('One', 0);
    word('two', 300);
    word('three', 600);
    captions.heard('r', 310);
    final('One', true);
    expect(captions.heard('r', 320, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', final: true, interrupted: true });
  });

  it('believe the server where there are none', () => {
    captions.begin('r');
    for (const text of ['One', 'two', 'three']) word(text);
    captions.heard('r', 310);
    final('One two', true);
    expect(captions.heard('r', 320, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', final: true, interrupted: true });
  });

  it('cut before any sound are all unheard', () => {
    captions.begin('r');
    word('Never');
    expect(captions.heard('r', 0, 'cut')).toBe('');
    expect(last()).toMatchObject({ text: '', unheardText: 'Never', interrupted: true });
    expect(captions.heard('unknown', 100, 'cut')).toBe('');
  });

  it('mark words as unspoken whose sound was silence, and do not repeat them to a successor', () => {
    captions.begin('r');
    word('Let me see.');
    final('Let me see.');
    captions.heard('r', 0, 'silent');
    expect(updates).toHaveLength(1);
    expect(last()).toMatchObject({ text: '', unheardText: 'Let me see.', final: true, unspoken: true });
    expect(captions.dialogue()).toBe('');
  });

  it.each([
    [false, { text: 'All of it.', final: true, interrupted: false }, 'Agent: Half\nAgent: All of it.'],
    [true, { text: 'All', unheardText: 'of it.', final: true, interrupted: true }, 'Agent: Half\nAgent: All'],
  ])('of replies under way are settled with their session (silenced: %s)', (silenced, whole, dialogue) => {
    captions.begin('q');
    const half = { type: 'transcript.agent.delta' } as const;
    captions.agentDelta('q', { ...half, delta: 'Half', start_ms: 0 });
    captions.agentDelta('q', { ...half, delta: 'lost', start_ms: 200 });
    captions.heard('q', 100);
    captions.begin('r');
    word('All', 0);
    word('of it.', 200);
    final('All of it.');
    captions.heard('r', 100);
    captions.settle(silenced);
    expect(updates.slice(-2)).toMatchObject([
      { replyId: 'q', text: 'Half', unheardText: 'lost', final: true, interrupted: true },
      whole,
    ]);
    expect(captions.dialogue()).toBe(dialogue);
    captions.heard('r', 300, 'heard');
    captions.settle(true);
    expect(updates, 'nothing more is said of them').toHaveLength(4);
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
    captions.settle(false);
    expect(updates.slice(-2)).toEqual([
      { role: 'user', text: 'Unfinished', final: true, interrupted: false, itemId: 'item-2' },
      { role: 'agent', text: 'And', final: true, interrupted: false, replyId: 'r' },
    ]);
    captions.user({ type: 'transcript.user', item_id: 'item-1', text: 'Second.' });
    word('New');
    expect(last()).toMatchObject({ text: 'New', final: false });
    expect(captions.dialogue()).toBe('User: First.\nAgent: And\nUser: Unfinished\nUser: Second.');
  });

  it('are in the order of the turns, however late the words of the user are read', () => {
    captions.speechStarted();
    captions.begin('r');
    word('For two?', 0);
    captions.heard('r', 1);
    captions.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    final('For two?');
    captions.heard('r', 500, 'heard');
    const [agent, user] = orders;
    expect(user).toBeLessThan(agent!);
    expect(captions.dialogue()).toBe('User: A room, please.\nAgent: For two?');
    captions.speechStarted();
    captions.user({ type: 'transcript.user.delta', item_id: 'u2', text: 'For' });
    captions.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please!' });
    captions.user({ type: 'transcript.user', item_id: 'u2', text: 'For three.' });
    expect(orders.slice(-3)).toEqual([orders.at(-1), user, orders.at(-1)]);
    expect(captions.dialogue()).toBe('User: A room, please!\nAgent: For two?\nUser: For three.');
  });

  it('say nothing of noise that was no words, and take back what was read of it', () => {
    captions.user({ type: 'transcript.user', item_id: 'u', text: '' });
    expect(updates).toEqual([]);
    captions.user({ type: 'transcript.user.delta', item_id: 'v', text: 'Uh' });
    captions.user({ type: 'transcript.user', item_id: 'v', text: '' });
    expect(last()).toMatchObject({ text: '', final: true, itemId: 'v' });
    expect(captions.dialogue()).toBe('');
  });

  it('keep within bounds whatever the server sends', () => {
    captions.user({ type: 'transcript.user', text: 'x'.repeat(500_000) });
    expect(last()?.text.length).toBeLessThanOrEqual(20_000);
    captions.begin('r');
    for (let i = 0; i < 10_000; i++) word('word', i);
    captions.heard('r', 5_000);
    captions.heard('r', 20_000, 'cut');
    expect(last()?.text.length).toBeLessThanOrEqual(20_010);
    for (let i = 0; i < 1_000; i++) captions.typed(`t-${i}`, 'a line of some length');
    expect(captions.dialogue().length).toBeLessThanOrEqual(8_000);
  });
});
