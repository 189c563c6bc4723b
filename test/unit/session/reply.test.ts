import { beforeEach, describe, expect, it } from 'vitest';
import { Dialogue } from '../../../src/session/dialogue.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';
import { Reply } from '../../../src/session/reply.js';
import { appendWord } from '../../../src/session/word-joining.js';

let updates: readonly TranscriptUpdate[];
let dialogue: Dialogue;
/** Positions of the updates in the dialogue. */
let orders: (number | undefined)[];
let reply: Reply;

beforeEach(() => {
  const recorded: TranscriptUpdate[] = [];
  updates = recorded;
  orders = [];
  dialogue = new Dialogue((_type, ...[update]) => {
    const { order, ...rest } = update as TranscriptUpdate;
    recorded.push(rest);
    orders.push(order);
  });
});

const begin = (id = 'r') => (reply = new Reply(dialogue, id, false));
/** Its words need no audio. */
const beginWritten = (id = 'r') => (reply = new Reply(dialogue, id, true));
const last = () => updates.at(-1);
const word = (delta: string, start_ms?: number) =>
  reply.word({
    type: 'transcript.agent.delta',
    delta,
    ...(start_ms === undefined ? {} : { start_ms }),
  });
const final = (text: string, interrupted = false) =>
  reply.final({ type: 'transcript.agent', text, interrupted });

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

describe('the words of a reply', () => {
  it('append, while deltas of the user replace', () => {
    dialogue.user({ type: 'transcript.user.delta', item_id: 'u', text: 'I want' });
    dialogue.user({ type: 'transcript.user.delta', item_id: 'u', text: 'I want a room' });
    expect(last()).toEqual({
      role: 'user',
      text: 'I want a room',
      final: false,
      interrupted: false,
      itemId: 'u',
    });
    beginWritten();
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

  it('appear as they are heard, each change once', () => {
    begin();
    word('One ', 0);
    word('two', 300);
    word('three.', 600);
    expect(updates, 'nothing before it sounds').toEqual([]);
    reply.hear(1);
    for (const heardMs of [50, 250, 300]) reply.hear(heardMs);
    expect(updates.map(({ text, unheardText }) => [text, unheardText])).toEqual([['One', 'two three.']]);
    reply.hear(301);
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three.', final: false });
    final('One, two, three!');
    expect(updates, 'the server’s last word waits until it was heard').toHaveLength(2);
    reply.hear(900, 'heard');
    expect(last()).toEqual({
      role: 'agent',
      text: 'One, two, three!',
      final: true,
      interrupted: false,
      replyId: 'r',
    });
    expect(updates).toHaveLength(3);
  });

  it('that arrive after the audio appear at once, and are final with the server’s full text', () => {
    begin();
    reply.hear(900, 'heard');
    word('One', 0);
    expect(last()).toMatchObject({ text: 'One', final: false });
    final('One!');
    expect(last()).toMatchObject({ text: 'One!', final: true });
  });

  it('without times appear together, as soon as the reply is audible', () => {
    begin();
    word('One');
    word('two');
    expect(updates).toEqual([]);
    reply.hear(1);
    expect(updates.map(({ text }) => text)).toEqual(['One two']);
  });

  it('that are only in the final text wait for the audio, too', () => {
    begin();
    final('One two.');
    expect(updates).toEqual([]);
    reply.hear(1);
    expect(last()).toMatchObject({ text: 'One two.', final: false });
    reply.hear(500, 'heard');
    expect(last()).toMatchObject({ text: 'One two.', final: true });
  });

  it('after a cut are those whose time had come; the rest stays unheard, even if the server sends more', () => {
    begin();
    word('One', 0);
    word('two', 300);
    word('three', 600);
    expect(reply.hear(450, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', interrupted: true, final: false });
    word('four', 900);
    word('five');
    final('One two three four five');
    expect(last()).toMatchObject({
      text: 'One two',
      unheardText: 'three four five',
      interrupted: true,
      final: true,
    });
    expect(dialogue.text()).toBe('Agent: One two');
  });

  it('announced after a cut appear when they arrive', () => {
    begin();
    expect(reply.hear(450, 'cut')).toBe('');
    expect(updates).toEqual([]);
    word('One', 0);
    word('two', 500);
    final('One two');
    expect(last()).toMatchObject({ text: 'One', unheardText: 'two', interrupted: true, final: true });
  });

  it('with times follow the played samples rather than the server', () => {
    begin();
    word('One', 0);
    word('two', 300);
    word('three', 600);
    reply.hear(310);
    final('One', true);
    expect(reply.hear(320, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', final: true, interrupted: true });
  });

  it('without times follow the server', () => {
    begin();
    for (const text of ['One', 'two', 'three']) word(text);
    reply.hear(310);
    final('One two', true);
    expect(reply.hear(320, 'cut')).toBe('One two');
    expect(last()).toMatchObject({ text: 'One two', unheardText: 'three', final: true, interrupted: true });
  });

  it('of a reply that was cut before any audio are all unheard', () => {
    begin();
    word('Never');
    expect(reply.hear(0, 'cut')).toBe('');
    expect(last()).toMatchObject({ text: '', unheardText: 'Never', interrupted: true });
  });

  it('whose audio was silent are marked as unspoken, and a session that takes over does not get them', () => {
    begin();
    word('Let me see.');
    final('Let me see.');
    reply.hear(0, 'silent');
    expect(updates).toHaveLength(1);
    expect(last()).toMatchObject({ text: '', unheardText: 'Let me see.', final: true, unspoken: true });
    expect(dialogue.text()).toBe('');
  });

  it.each([
    [false, { text: 'All of it.', final: true, interrupted: false }, 'Agent: Half\nAgent: All of it.'],
    [true, { text: 'All', unheardText: 'of it.', final: true, interrupted: true }, 'Agent: Half\nAgent: All'],
  ])('of replies in progress are settled with their session (silenced: %s)', (silenced, whole, lines) => {
    const other = begin('q');
    word('Half', 0);
    word('lost', 200);
    reply.hear(100);
    begin();
    word('All', 0);
    word('of it.', 200);
    final('All of it.');
    reply.hear(100);
    other.settle(silenced);
    reply.settle(silenced);
    expect(updates.slice(-2)).toMatchObject([
      { replyId: 'q', text: 'Half', unheardText: 'lost', final: true, interrupted: true },
      whole,
    ]);
    expect(dialogue.text()).toBe(lines);
    reply.hear(300, 'heard');
    for (const each of [other, reply]) each.settle(true);
    expect(updates, 'nothing more is reported about them').toHaveLength(4);
  });

  it('are in the dialogue in order, each utterance once, in its latest version', () => {
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: 'A room' });
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    beginWritten();
    final('For two?');
    dialogue.typed('typed-1', 'For three.');
    expect(dialogue.text()).toBe('User: A room, please.\nAgent: For two?\nUser: For three.');
  });

  it('stay when the session is lost, and equal ids of the next session are new', () => {
    dialogue.user({ type: 'transcript.user', item_id: 'item-1', text: 'First.' });
    beginWritten();
    word('And', 0);
    dialogue.user({ type: 'transcript.user.delta', item_id: 'item-2', text: 'Unfinished' });
    dialogue.settle();
    reply.settle(false);
    expect(updates.slice(-2)).toEqual([
      { role: 'user', text: 'Unfinished', final: true, interrupted: false, itemId: 'item-2' },
      { role: 'agent', text: 'And', final: true, interrupted: false, replyId: 'r' },
    ]);
    dialogue.user({ type: 'transcript.user', item_id: 'item-1', text: 'Second.' });
    beginWritten();
    word('New');
    expect(last()).toMatchObject({ text: 'New', final: false });
    expect(dialogue.text()).toBe('User: First.\nAgent: And\nUser: Unfinished\nUser: Second.');
  });

  it('are in the order of turns, even if the user’s words are transcribed late', () => {
    dialogue.speechStarted();
    begin();
    word('For two?', 0);
    reply.hear(1);
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    final('For two?');
    reply.hear(500, 'heard');
    const [agent, user] = orders;
    expect(user).toBeLessThan(agent!);
    expect(dialogue.text()).toBe('User: A room, please.\nAgent: For two?');
    dialogue.speechStarted();
    dialogue.user({ type: 'transcript.user.delta', item_id: 'u2', text: 'For' });
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please!' });
    dialogue.user({ type: 'transcript.user', item_id: 'u2', text: 'For three.' });
    expect(orders.slice(-3)).toEqual([orders.at(-1), user, orders.at(-1)]);
    expect(dialogue.text()).toBe('User: A room, please!\nAgent: For two?\nUser: For three.');
  });

  it('that are typed do not take the place of words that are still to be transcribed', () => {
    dialogue.speechStarted();
    dialogue.typed('typed-1', 'For three.');
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    expect(dialogue.text()).toBe('User: A room, please.\nUser: For three.');
    // Noise: no words follow.
    dialogue.speechStarted();
    beginWritten();
    final('Which day?');
    dialogue.typed('typed-2', 'Monday.');
    expect(dialogue.text()).toMatch(/Agent: Which day\?\nUser: Monday\.$/);
  });

  it('are for a session that takes over the latest ones, of whichever page', () => {
    for (let i = 0; i < 1_000; i++) dialogue.typed(`t-${i}`, 'a line of some length');
    const next = new Dialogue(() => undefined);
    next.restore(dialogue.kept);
    for (let i = 0; i < 100; i++) next.typed(`typed-${i}`, `Line ${i} of the next page.`);
    expect(next.text()).toMatch(/User: Line 99 of the next page\.$/);
    next.typed('typed-100', 'long '.repeat(3_000));
    next.typed('typed-101', 'Short.');
    expect(next.text()).toMatch(/long long\s+User: Short\.$/);
    expect(next.text().length).toBeLessThanOrEqual(8_000);
  });

  it('of noise are not shown, or withdrawn', () => {
    dialogue.user({ type: 'transcript.user', item_id: 'u', text: '' });
    expect(updates).toEqual([]);
    dialogue.user({ type: 'transcript.user.delta', item_id: 'v', text: 'Uh' });
    dialogue.user({ type: 'transcript.user', item_id: 'v', text: '' });
    expect(last()).toMatchObject({ text: '', final: true, itemId: 'v' });
    expect(dialogue.text()).toBe('');
  });

  it('stay within limits for any server', () => {
    dialogue.user({ type: 'transcript.user', text: 'x'.repeat(500_000) });
    expect(last()?.text.length).toBeLessThanOrEqual(20_000);
    begin();
    for (let i = 0; i < 10_000; i++) word('word', i);
    reply.hear(5_000);
    reply.hear(20_000, 'cut');
    expect(last()?.text.length).toBeLessThanOrEqual(20_010);
    for (let i = 0; i < 1_000; i++) dialogue.typed(`t-${i}`, 'a line of some length');
    expect(dialogue.text().length).toBeLessThanOrEqual(8_000);
  });
});
