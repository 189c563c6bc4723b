import { beforeEach, describe, expect, it } from 'vitest';
import { Transcript } from '../../../src/client/transcript.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';

let transcript: Transcript;
beforeEach(() => {
  transcript = new Transcript();
});

const user = (text: string, final: boolean, itemId?: string): TranscriptUpdate => ({
  role: 'user',
  text,
  final,
  interrupted: false,
  ...(itemId === undefined ? {} : { itemId }),
});
const agent = (text: string, final: boolean, replyId: string): TranscriptUpdate => ({
  role: 'agent',
  text,
  final,
  interrupted: false,
  replyId,
});
const texts = () => transcript.entries.map(({ text }) => text);

describe('the transcript', () => {
  it('replaces the entry of an utterance, and is a new array every time', () => {
    const before = transcript.entries;
    transcript.apply(user('I', false, 'u'));
    transcript.apply(agent('Yes', false, 'r'));
    transcript.apply(user('I want', true, 'u'));
    transcript.apply(agent('Yes?', true, 'r'));
    expect(texts()).toEqual(['I want', 'Yes?']);
    expect(transcript.entries).not.toBe(before);
    expect(new Set(transcript.entries.map(({ key }) => key)).size).toBe(2);
  });

  it('has other keys than the transcripts of earlier calls, which are shown and saved with it', () => {
    transcript.apply(agent('Hello.', true, 'r'));
    const next = new Transcript();
    next.apply(agent('Hello again.', true, 'r'));
    expect(next.entries[0]?.key).not.toBe(transcript.entries[0]?.key);
    const continued = new Transcript(transcript.entries);
    continued.apply(user('Good morning.', true, 'u'));
    expect(continued.entries.map(({ key }) => key)).toContain(transcript.entries[0]?.key);
    expect(new Set(continued.entries.map(({ key }) => key)).size).toBe(2);
  });

  it('applies an update without an id to the unfinished utterance of that side', () => {
    transcript.apply(user('I', false));
    transcript.apply(user('I want', true));
    transcript.apply(user('Now', false));
    expect(texts()).toEqual(['I want', 'Now']);
  });

  it('does not mistake equal ids of another session for corrections', () => {
    transcript.apply(user('First', true, 'item-1'));
    transcript.settle();
    transcript.apply(user('Second', true, 'item-1'));
    transcript.apply(user('Second!', true, 'item-1'));
    expect(texts()).toEqual(['First', 'Second!']);
  });

  it('is in the order of the turns, not of arrival', () => {
    transcript.apply({ ...agent('For two?', false, 'r'), order: 2 });
    transcript.apply({ ...user('A room.', true, 'u'), order: 1 });
    transcript.apply({ ...agent('For two?', true, 'r'), order: 2 });
    transcript.apply({ ...user('For three.', true, 'v'), order: 3 });
    expect(texts()).toEqual(['A room.', 'For two?', 'For three.']);
  });

  it('takes words without an id for those of the same side', () => {
    transcript.apply(agent('Let me', false, 'r'));
    transcript.apply({ ...user('Wait', false), itemId: undefined });
    expect(texts()).toEqual(['Let me', 'Wait']);
  });

  it('keeps a reply of which no word was heard', () => {
    transcript.apply({ ...agent('', true, 'r'), interrupted: true, unheardText: 'Good morning.' });
    expect(transcript.entries).toMatchObject([{ text: '', unheardText: 'Good morning.' }]);
  });

  it('has no entry for noise without words', () => {
    transcript.apply(user('Uh', false, 'u'));
    transcript.apply(user('', true, 'u'));
    transcript.apply(user('', true, 'v'));
    expect(transcript.entries).toEqual([]);
  });

  it('takes updates of an utterance of the present session, however many entries are from earlier ones', () => {
    for (let i = 0; i < 1_000; i++) transcript.apply(user(String(i), true, `u${i}`));
    transcript.settle();
    transcript.apply(user('Good', false, 'u'));
    transcript.apply(user('Good morning.', true, 'u'));
    expect(texts().slice(-2)).toEqual(['999', 'Good morning.']);
  });

  it('keeps the latest thousand entries', () => {
    for (let i = 0; i < 1_500; i++) transcript.apply(user(String(i), true, `u${i}`));
    expect(transcript.entries).toHaveLength(1_000);
    expect(texts().at(0)).toBe('500');
    const { entries } = transcript;
    transcript = new Transcript(entries);
    expect(transcript.entries).toEqual(entries);
  });
});
