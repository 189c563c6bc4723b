import { expect } from 'chai';
import type { TranscriptEntry } from '../../../../src/index.js';
import { EntryClock } from '../../../../components/voice-agent-export/entry-times.js';
import {
  captionsFile,
  dataFile,
  textFile,
  timed,
} from '../../../../components/voice-agent-export/transcript-files.js';

const WORDS = {
  title: 'Voice conversation',
  names: { user: 'You', agent: 'Agent' },
  interrupted: 'Interrupted',
};

function entry(key: string, role: 'user' | 'agent', text: string, more: object = {}): TranscriptEntry {
  return { key, role, text, final: true, interrupted: false, ...more };
}

describe('Timestamps of transcript entries', () => {
  it('a typed message gets the time when it was sent, after the speech before it and before its answer', () => {
    const clock = new EntryClock();
    clock.begin(0);
    const [spoken, answer, typed, reply] = [
      entry('a', 'user', 'Hello?'),
      entry('b', 'agent', 'Yes?'),
      entry('c', 'user', 'A typed word'),
      entry('d', 'agent', 'Thanks.'),
    ];
    clock.speechStarted(1000);
    clock.speechEnded(2000);
    clock.note([spoken], 2500);
    clock.note([spoken, answer], 3000);
    clock.note([spoken, answer, typed], 9000);
    clock.note([spoken, answer, typed, reply], 10_000);
    expect(clock.timesOf('a')).to.deep.equal({ startMs: 1000, endMs: 2000 });
    expect(clock.timesOf('c')).to.deep.equal({ startMs: 9000, endMs: 9000 });
    const rows = timed([spoken, answer, typed, reply], (key) => clock.timesOf(key));
    expect(rows.map((row) => row.entry.key)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('are kept only for entries that can still be shown', () => {
    const clock = new EntryClock();
    clock.begin(0);
    const shown = [entry('shown', 'user', 'Hello?')];
    for (let at = 0; at < 10_000; at++) {
      shown.push(entry(`${at}`, 'agent', 'Yes?'));
      clock.note(shown.splice(0), at);
    }
    expect(clock.timesOf('9999'), 'the latest').to.deep.equal({ startMs: 9_999, endMs: 9_999 });
    expect(clock.timesOf('8000'), 'of two thousand').to.deep.equal({ startMs: 8_000, endMs: 8_000 });
    expect(clock.timesOf('7999')).to.equal(undefined);
  });

  it('a cough does not give its time to a message typed long after it', () => {
    const clock = new EntryClock();
    clock.begin(0);
    clock.speechStarted(1000);
    clock.speechEnded(1200);
    clock.note([entry('a', 'user', 'Hello')], 20_000);
    expect(clock.timesOf('a')).to.deep.equal({ startMs: 20_000, endMs: 20_000 });
  });

  it("are those of the sound: the agent's words as they come, the user's speech as it was detected", () => {
    const clock = new EntryClock();
    clock.begin(1000);
    const [first, whole] = [
      entry('a', 'agent', 'Hello', { final: false }),
      entry('a', 'agent', 'Hello there.'),
    ];
    clock.note([first], 1200);
    clock.note([whole], 1900);
    clock.speechStarted(3000);
    clock.speechEnded(4500);
    // The user's words arrive after they were spoken.
    const question = entry('b', 'user', 'A room.');
    clock.note([whole, question], 5200);
    expect(clock.timesOf('a')).to.deep.equal({ startMs: 200, endMs: 900 });
    expect(clock.timesOf('b')).to.deep.equal({ startMs: 2000, endMs: 3500 });
  });

  it('an update without new words changes no time, and every call starts its own times', () => {
    const clock = new EntryClock();
    clock.begin(0);
    clock.note([entry('a', 'agent', 'Yes.', { final: false })], 100);
    clock.note([entry('a', 'agent', 'Yes.', { final: false })], 900);
    expect(clock.timesOf('a')).to.deep.equal({ startMs: 100, endMs: 100 });
    clock.reset();
    expect(clock.timesOf('a')).to.equal(undefined);
  });
});

describe('Transcript files', () => {
  const entries: TranscriptEntry[] = [
    entry('a', 'agent', 'Hello <you> & all.\n\nHow are you?'),
    entry('b', 'user', 'Fine.'),
    entry('c', 'agent', 'There are two', { interrupted: true, unheardText: 'left.' }),
    entry('d', 'agent', 'Never sounded', { unspoken: true }),
  ];
  const times = new Map([
    ['a', { startMs: 0, endMs: 1500 }],
    ['b', { startMs: 61_002, endMs: 62_500 }],
    ['c', { startMs: 3_723_045, endMs: 3_723_100 }],
    ['d', { startMs: 3_800_000, endMs: 3_800_000 }],
  ]);
  const rows = timed(entries, (key) => times.get(key));
  const startedAt = new Date(2026, 2, 5, 9, 7);

  it('text: one line per entry, with its time and without unheard words', () => {
    const lines = textFile(rows, startedAt, WORDS).split('\n');
    expect(lines[0]).to.match(/^Voice conversation, .*2026/);
    const german = textFile(rows, startedAt, { ...WORDS, language: 'de' });
    expect(german, 'the date as the language has it').to.contain('5.3.2026, 09:07:00');
    expect(textFile(rows, startedAt, { ...WORDS, language: 'no language' })).to.contain('2026');
    expect(lines.slice(2)).to.deep.equal([
      '[0:00] Agent: Hello <you> & all. How are you?',
      '[1:01] You: Fine.',
      '[62:03] Agent: There are two – [Interrupted]',
      '',
    ]);
  });

  it('captions: one cue per entry, escaped, long enough to be read', () => {
    expect(captionsFile(rows, WORDS)).to.equal(`WEBVTT

1
00:00:00.000 --> 00:00:01.500
<v Agent>Hello &lt;you&gt; &amp; all. How are you?

2
00:01:01.002 --> 00:01:02.500
<v You>Fine.

3
01:02:03.045 --> 01:02:03.745
<v Agent>There are two <i>[Interrupted]</i>

`);
  });

  it('JSON: all data, with unheard words in a separate field', () => {
    const data = JSON.parse(dataFile(rows, startedAt)) as { startedAt: string; entries: object[] };
    expect(data.startedAt).to.equal(startedAt.toISOString());
    expect(data.entries.slice(2)).to.deep.equal([
      {
        role: 'agent',
        text: 'There are two',
        startMs: 3_723_045,
        endMs: 3_723_100,
        final: true,
        interrupted: true,
        unheardText: 'left.',
      },
      {
        role: 'agent',
        text: '',
        startMs: 3_800_000,
        endMs: 3_800_000,
        final: true,
        interrupted: false,
        unheardText: 'Never sounded',
      },
    ]);
  });

  it('entries are in the order of the audio, not of the messages', () => {
    const late = timed([entry('x', 'agent', 'Yes?'), entry('y', 'user', 'Hello?')], (key) =>
      key === 'x' ? { startMs: 900, endMs: 1200 } : { startMs: 100, endMs: 700 },
    );
    expect(late.map((row) => row.entry.key)).to.deep.equal(['y', 'x']);
  });
});
