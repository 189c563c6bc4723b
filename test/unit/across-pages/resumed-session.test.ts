import { describe, expect, it } from 'vitest';
import { KeptSound } from '../../../components/across-pages/kept-sound.js';
import {
  continuedLines,
  laterOn,
  resumedSession,
  storable,
} from '../../../components/across-pages/resumed-session.js';
import type { KeptReply, KeptSession } from '../../../src/session/kept-session.js';
import { SessionBench } from '../../support/session-bench.js';

/** Audio of this length, in pieces of 10 ms, each marked with its number. */
const sound = (ms: number): Uint8Array[] =>
  Array.from({ length: ms / 10 }, (_, at) => new Uint8Array(480).fill(at + 1));

const WORDS = [
  { text: 'One two', startMs: 0 },
  { text: 'three', startMs: 600 },
  { text: 'four', startMs: 900 },
  { text: 'five', startMs: 1_200 },
  { text: 'six', startMs: 1_500 },
];

/** 700 ms were heard, and 600 more had arrived: up to the first third of `five`. */
const REPLY: KeptReply = {
  replyId: 'r-1',
  number: 1,
  sent: false,
  heardMs: 700,
  words: WORDS,
  whole: undefined,
  sound: sound(600),
  unheardBytes: 600 * 48,
};

function kept(reply: Partial<KeptReply> = {}): KeptSession {
  return {
    connection: {
      sessionId: 's-1',
      resumeToken: 'door',
      url: 'wss://agent.test/',
      lostMs: 0,
      connectedMs: 5_000,
      othersMs: 0,
      waiting: [],
    },
    config: {},
    changes: {},
    context: '',
    input: 'audio/pcm',
    output: 'audio/pcm',
    asked: undefined,
    open: [],
    calls: [],
    results: [],
    bargeIn: { changes: {}, told: {}, greetingOver: true },
    dialogue: 'User: Count.',
    order: 3,
    sounding: true,
    rest: '',
    replies: [{ ...REPLY, ...reply }],
  };
}

const bytesOf = ({ messages }: ReturnType<typeof resumedSession>): number =>
  messages.reduce((sum, message) => sum + (message.type === 'reply.audio' ? message.data.length : 0), 0);

describe('what the next page makes of a reply', () => {
  it('ends with its last whole word; the words after it are the rest', () => {
    const resumed = resumedSession(kept(), 1_000);
    expect(resumed.rest).toBe('five six');
    expect(bytesOf(resumed), 'up to 1200 ms').toBe(500 * 48);
    expect(resumed.heardMs).toBe(700);
    expect(resumed.connection.lostMs).toBe(1_000);
  });

  it('is the whole of it where the server had sent it', () => {
    const resumed = resumedSession(kept({ sent: true, whole: 'One two three four five six' }), 0);
    expect(resumed.rest).toBe('');
    expect(bytesOf(resumed)).toBe(600 * 48);
    expect(resumed.messages.at(-1)).toMatchObject({
      type: 'transcript.agent',
      text: 'One two three four five six',
    });
  });

  it('is ten seconds at most, and the words after them are the rest, also of a reply that was sent whole', () => {
    const words = Array.from({ length: 20 }, (_, at) => ({ text: `w${at + 1}`, startMs: at * 1_000 }));
    const whole = words.map(({ text }) => text).join(' ');
    const long = kept({ sent: true, heardMs: 700, words, whole, sound: sound(19_300) });
    const stored = storable(long);
    const bytes = stored.replies[0]!.sound.reduce((sum, { length }) => sum + length, 0);
    expect(bytes, 'what the storage of a tab must hold').toBe(480_000);
    const resumed = resumedSession(stored, 0);
    expect(resumed.rest, 'not lost').toBe('w11 w12 w13 w14 w15 w16 w17 w18 w19 w20');
    expect(bytesOf(resumed), 'up to the eleventh').toBe(9_300 * 48);
    expect(resumed.messages.some(({ type }) => type === 'transcript.agent')).toBe(false);
    const short = kept({ sent: true, whole: 'One two three four five six' });
    expect(storable(short)).toEqual(short);
  });

  it('asks for nothing where the words have no times', () => {
    const words = WORDS.map(({ text }) => ({ text, startMs: 0 }));
    expect(resumedSession(kept({ words }), 0).rest).toBe('');
  });

  it('lacks what was heard between the last report and the leaving', () => {
    const { replies } = laterOn(kept(), 50);
    expect(replies[0]?.heardMs).toBe(750);
    expect(replies[0]?.sound[0]?.[0], 'the sixth piece').toBe(6);
    expect(laterOn({ ...kept(), sounding: false }, 50).replies[0]?.heardMs, 'silent').toBe(700);
  });

  it('is all that was not heard if the device was suspended, so that no reports came', () => {
    const { replies } = laterOn(kept(), 5_000);
    expect(replies[0]?.heardMs).toBe(700);
    expect(replies[0]?.sound).toHaveLength(60);
  });
});

describe('the time between the last report and the leaving', () => {
  const after = (lostMs: number) => {
    const session = kept();
    return laterOn({ ...session, connection: { ...session.connection, lostMs } }, 5_000).connection;
  };

  it('counts as connected', () => {
    expect(after(0)).toMatchObject({ lostMs: 0, connectedMs: 10_000 });
  });

  it('counts as lost if the connection was lost', () => {
    expect(after(1_000)).toMatchObject({ lostMs: 6_000, connectedMs: 5_000 });
  });
});

describe('a page that is left before one word was heard whole', () => {
  const words = [
    { text: '', startMs: 0 },
    { text: 'One', startMs: 0 },
    { text: 'two', startMs: 400 },
  ];
  const unheard = { words, heardMs: 100, sound: sound(100) };
  const line = (replyId: string, text: string) => ({
    key: '',
    role: 'agent' as const,
    text,
    final: true,
    interrupted: false,
    replyId,
  });
  const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

  it('leaves no line of the reply to the next one, where it is spoken again', () => {
    const resumed = resumedSession(kept(unheard), 0);
    expect(resumed.rest).toBe('One two');
    const transcript = [line('r-0', 'Hello.'), line('r-1', 'One')];
    expect(texts(continuedLines(transcript, resumed, 0))).toEqual(['Hello.']);
  });

  it('leaves the line where a word was heard, or everything had arrived', () => {
    const transcript = [line('r-1', 'One')];
    for (const part of [{}, { ...unheard, sent: true }])
      expect(texts(continuedLines(transcript, resumedSession(kept(part), 0), 0))).toEqual(['One']);
  });

  it('ends the line with the last word that was heard whole', async () => {
    const bench = new SessionBench({ resumed: resumedSession(kept({ heardMs: 1_250, sound: [] }), 1_000) });
    bench.session.start();
    await bench.settle();
    bench.accept('s-1');
    bench.hear(1, 0, true);
    const { text, final, unspoken } = bench.of('transcript').at(-1)!;
    expect({ text, final, unspoken }).toEqual({
      text: 'One two three four',
      final: true,
      unspoken: undefined,
    });
    const [asked] = bench.server.latest.sentOfType('reply.create');
    expect(asked?.instructions).toContain('"five six"');
  });
});

describe('a session that continues another page’s', () => {
  it('resumes it with its own token, plays what had arrived, then asks for the rest', async () => {
    const bench = new SessionBench({ resumed: resumedSession(kept(), 1_000) });
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    expect(bench.tokens, 'no token of the page').toBe(0);
    expect(bench.server.latest.sent).toMatchObject([{ type: 'session.resume', session_id: 's-1' }]);
    expect(bench.sink.playedBytes(1)).toBe(500 * 48);
    bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1' });
    expect(bench.of('session-ready')).toMatchObject([{ how: 'resumed' }]);
    expect(bench.server.latest.sentOfType('reply.create')).toEqual([]);
    bench.hear(1, 1);
    expect(bench.of('transcript').at(-1), '701 ms of it were heard').toMatchObject({
      text: 'One two three',
      unheardText: 'four',
    });
    bench.hear(1, 500, true);
    expect(bench.of('transcript').at(-1)).toMatchObject({ text: 'One two three four', final: true });
    const [asked] = bench.server.latest.sentOfType('reply.create');
    expect(asked?.instructions).toContain('"five six"');
  });

  it('asks for nothing when the server continues without being asked, or the visitor speaks', async () => {
    for (const message of [{ type: 'reply.started', reply_id: 'r-2' }, { type: 'input.speech.started' }]) {
      const bench = new SessionBench({ resumed: resumedSession(kept(), 1_000) });
      bench.session.start();
      await bench.settle();
      bench.accept('s-1');
      bench.server.latest.serverSends(message);
      bench.hear(1, 1_200, true);
      expect(bench.server.latest.sentOfType('reply.create')).toEqual([]);
    }
  });

  it('gives the dialogue to a fresh session if the session is gone', async () => {
    const bench = new SessionBench({ resumed: resumedSession(kept(), 40_000) });
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    const [first] = bench.server.latest.sentOfType('session.update');
    expect(first?.session.system_prompt).toContain('User: Count.');
    expect(first?.session.greeting).toBeUndefined();
  });

  it('reports what another page needs, once it is asked to', async () => {
    const bench = new SessionBench();
    await bench.untilReady({ resume_token: 'door' });
    bench.reply('r-1', 3);
    expect(bench.of('kept')).toEqual([]);
    bench.session.keep();
    expect(bench.of('kept').at(-1)).toMatchObject({
      connection: { sessionId: 's-1', resumeToken: 'door' },
      replies: [{ replyId: 'r-1', sent: false, sound: [{ length: 480 }, {}, {}] }],
    });
    bench.audio('r-1', 1);
    expect(bench.of('kept').at(-1)?.replies[0], 'what is new').toMatchObject({
      sound: [{ length: 480 }],
      unheardBytes: 4 * 480,
    });
    bench.session.keep();
    expect(bench.of('kept').at(-1)?.replies[0]?.sound, 'for another page').toHaveLength(4);
  });

  it('leaves its page with all unheard audio, although each piece is reported once', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    const onPage = new KeptSound();
    const latest = () => {
      let session: KeptSession | undefined;
      for (const news of bench.of('kept').splice(told)) session = onPage.added(news);
      told = bench.of('kept').length;
      return session!;
    };
    let told = 0;
    bench.session.keep();
    bench.reply('r-1', 3);
    bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r-1' });
    bench.reply('r-2', 2);
    expect(latest().replies.map((reply) => reply.sound.length)).toEqual([3, 2]);
    bench.session.hear({ type: 'heard', reply: 1, heardMs: 15, playedBytes: 720, over: false });
    expect(latest().replies.map((reply) => reply.sound.length)).toEqual([2, 2]);
    bench.hear(1, 30, true);
    bench.audio('r-2', 1);
    expect(latest().replies.map(({ number, sound }) => [number, sound.length])).toEqual([[2, 3]]);
  });

  it('has whole samples on its page, although messages end within samples', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    const onPage = new KeptSound();
    bench.session.keep();
    bench.server.latest.serverSends({ type: 'reply.started', reply_id: 'r-1' });
    for (let n = 0; n < 3; n++) {
      // Of each sample, the first byte is 0 and the second 1.
      const bytes = Uint8Array.from({ length: 481 }, (_, at) => (n * 481 + at) % 2);
      const data = Buffer.from(bytes).toString('base64');
      bench.server.latest.serverSends({ type: 'reply.audio', reply_id: 'r-1', data });
    }
    bench.session.hear({ type: 'heard', reply: 1, heardMs: 10, playedBytes: 482, over: false });
    let session: KeptSession | undefined;
    for (const news of bench.of('kept')) session = onPage.added(news);
    const sound = session!.replies[0]!.sound;
    expect(sound.map(({ length }) => length)).toEqual([480, 481]);
    expect(sound[0]![0]).toBe(0);
  });
});

it('what the visitor has said stays in the transcript of the next page, if the reply need not be spoken again', () => {
  const said = { role: 'user', text: 'Count.', final: true, interrupted: false, key: 'user-1' } as const;
  const lines = continuedLines([said], resumedSession(kept({ sent: true }), 0), 5);
  expect(lines.map(({ text }) => text)).toEqual(['Count.']);
});

it('a reply that the server has not sent completely is stored as such', () => {
  expect(storable(kept()).replies.map(({ sent }) => sent)).toEqual([false]);
  expect(storable(kept({ sent: true })).replies.map(({ sent }) => sent)).toEqual([true]);
});
