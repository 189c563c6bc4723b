/** A reply whose audio is lost with the connection. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
const WORDS = ['We', 'have', 'two', 'rooms'];
const asked = () =>
  bench.server.latest.sent.flatMap((message) =>
    message.type === 'reply.create' ? [message.instructions] : [],
  );
const line = () => bench.of('transcript').at(-1);

/** The worklet has played all that had arrived: two words of four. */
async function cutReply(): Promise<void> {
  const ids = { reply_id: 'r', item_id: 'i' };
  bench.reply('r');
  for (const [at, delta] of WORDS.entries())
    bench.server.latest.serverSends({ type: 'transcript.agent.delta', ...ids, delta, start_ms: at * 100 });
  bench.hear(1, 150);
  bench.server.latest.serverCloses(1006);
  await bench.advance(0);
}

beforeEach(async () => {
  bench = new SessionBench();
  await bench.untilReady();
  await cutReply();
});

describe('the words that were not delivered', () => {
  it('are asked for once, when what had arrived was heard and the session is back', () => {
    bench.accept('s-1');
    expect(asked(), 'the rest of the audio is still played').toEqual([]);
    bench.hear(1, 180, true);
    expect(asked()).toEqual([expect.stringMatching(/Say the rest of it.*: "two rooms"$/)]);
    bench.hear(1, 180, true);
    expect(asked()).toHaveLength(1);
  });

  it('are fewer by those that were heard since the last report', () => {
    bench.accept('s-1');
    bench.hear(1, 250, true);
    expect(asked()).toEqual([expect.stringMatching(/: "rooms"$/)]);
  });

  it('are asked for in a session that takes over, too', async () => {
    bench.hear(1, 180, true);
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual([expect.stringContaining('"two rooms"')]);
  });

  it('are asked for in a session that has taken over while what had arrived was still heard', async () => {
    await bench.refuseResume();
    bench.accept('s-2');
    expect(asked()).toEqual([]);
    bench.hear(1, 180);
    bench.hear(1, 250, true);
    expect(asked()).toEqual([expect.stringMatching(/: "rooms"$/)]);
  });

  it('are asked for again if the connection is lost before a reply has begun', async () => {
    bench.hear(1, 180, true);
    for (const cut of [1, 2, 3]) {
      bench.accept('s-1');
      expect(asked(), `${cut}`).toEqual([expect.stringContaining('"two rooms"')]);
      bench.server.latest.serverCloses(1006);
      await bench.advance(1_000);
    }
  });

  it.each<[string, () => void]>([
    ['the user speaks', () => bench.server.latest.serverSends({ type: 'input.speech.started' })],
    ['the server continues on its own', () => bench.reply('r2')],
    ['the server continues it', () => bench.audio('r', 10)],
    ['the page interrupts', () => bench.session.interrupt()],
  ])('are not asked for if %s', async (_, act) => {
    bench.accept('s-1');
    act();
    bench.hear(1, 180, true);
    bench.server.latest.serverSends({ type: 'reply.done' });
    bench.hear(2, 100, true);
    await bench.advance(1_000);
    expect(asked()).toEqual([]);
  });

  it('are not asked for if the user types: the answer comes at once', () => {
    bench.hear(1, 180, true);
    bench.session.say('Three rooms?');
    bench.accept('s-1');
    expect(asked()).toEqual([expect.stringContaining('Three rooms?')]);
  });

  it('are not shown as heard, not even when the call is over', () => {
    bench.hear(1, 180, true);
    expect(line()).toMatchObject({ text: 'We have', unheardText: 'two rooms', interrupted: true });
    bench.accept('s-1');
    bench.session.stop('stopped');
    expect(line()).toMatchObject({ text: 'We have', unheardText: 'two rooms', final: true });
  });

  it('are shown as heard if the server continues the reply', () => {
    bench.hear(1, 180, true);
    bench.accept('s-1');
    bench.reply('r');
    bench.server.latest.serverSends(
      { type: 'transcript.agent', reply_id: 'r', text: WORDS.join(' '), interrupted: false },
      { type: 'reply.done', reply_id: 'r' },
    );
    bench.hear(2, 300, true);
    expect(line()).toMatchObject({ text: 'We have two rooms', interrupted: false, final: true });
  });
});

describe('the words of a reply that the server continues', () => {
  const words = (from: number, to: number) => {
    for (const [at, delta] of WORDS.slice(from, to).entries())
      bench.server.latest.serverSends({
        type: 'transcript.agent.delta',
        reply_id: 'r',
        delta,
        start_ms: (from + at) * 100,
      });
  };

  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady();
    bench.reply('r');
  });

  async function lose(): Promise<void> {
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    bench.audio('r', 10);
  }

  it('are shown as they are heard, although only its silence had arrived before', async () => {
    bench.hear(1, 0, true);
    await lose();
    words(0, 4);
    bench.hear(1, 0, true);
    bench.hear(2, 150);
    expect(line()).toMatchObject({ text: 'We have', unheardText: 'two rooms', final: false });
    expect(line()?.unspoken).toBeUndefined();
  });

  it('are shown as they are heard, after those that had been heard to their end', async () => {
    words(0, 2);
    bench.hear(1, 200);
    bench.server.latest.serverSends({ type: 'reply.done', reply_id: 'r' });
    bench.hear(1, 200, true);
    await lose();
    words(2, 4);
    bench.hear(2, 50);
    expect(line()).toMatchObject({ text: 'We have two', unheardText: 'rooms', final: false });
  });
});

describe('a greeting of which no word had arrived', () => {
  beforeEach(async () => {
    bench = new SessionBench();
    await bench.untilReady();
  });

  it('is asked for in a session that takes over, once', async () => {
    bench.reply('greeting');
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked(), 'its silence is still played').toEqual([]);
    bench.hear(1, 0, true);
    expect(asked()).toEqual([expect.stringMatching(/: "Hello\."$/)]);
    bench.hear(1, 0, true);
    expect(asked()).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['the agent has said something', () => answer('Hello.')],
    ['the user has said something', () => bench.session.say('Hello!')],
  ])('is not asked for if %s', async (_, act) => {
    act();
    await bench.loseSession();
    bench.accept('s-2');
    bench.hear(1, 100, true);
    expect(asked().filter((text) => text?.includes('"Hello."'))).toEqual([]);
  });

  it('is not asked for if the session is resumed: the server may still say it', async () => {
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    expect(asked()).toEqual([]);
  });

  it('is not asked for if there is none', async () => {
    bench = new SessionBench({ config: { system_prompt: 'Be kind.' } });
    await bench.untilReady();
    await bench.loseSession();
    bench.accept('s-2');
    expect(asked()).toEqual([]);
  });
});

function answer(text: string): void {
  const reply_id = 'r';
  bench.reply(reply_id);
  bench.server.latest.serverSends(
    { type: 'transcript.agent', reply_id, text, interrupted: false },
    { type: 'reply.done', reply_id },
  );
  bench.hear(1, 100, true);
}
