import { beforeEach, describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;
/** Packets of 50 ms in real time, each with its own mark. */
let mark: number;
async function speakOn(packets: number): Promise<void> {
  for (let i = 0; i < packets; i++) {
    bench.packet(new Uint8Array(2_400).fill(++mark), 0.1);
    await bench.advance(50);
  }
}
const heardBy = (connection = bench.server.latest) =>
  connection.sentOfType('input.audio').map(({ audio }) => Buffer.from(audio, 'base64')[0]);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

beforeEach(async () => {
  mark = 0;
  bench = new SessionBench();
  await bench.untilReady();
});

describe('a network that is lost', () => {
  it('is not one that is slow to take the first packet of a microphone that took long to open', async () => {
    bench = new SessionBench();
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    await bench.advance(9_000);
    bench.accept('s-1');
    bench.server.latest.bufferedBytes = 64_000;
    bench.speak(3, 0.1);
    expect(bench.of('reconnecting')).toEqual([]);
    expect(bench.server.latest.closedByClient).toBe(false);
  });

  it('and comes back during a pause before the next attempt makes one attempt of both', async () => {
    for (let i = 0; i < 4; i++) {
      bench.server.latest.serverCloses(1006);
      await bench.advance(0);
    }
    const tries = bench.server.connections.length;
    bench.session.wake();
    await bench.advance(5_000);
    expect(bench.server.connections).toHaveLength(tries + 1);
    bench.accept('s-1');
    await bench.advance(10_000);
    expect(bench.of('session-ready')).toHaveLength(2);
  });

  it('while a call starts is noticed by its time limit: waking does not ask for another token', async () => {
    bench = new SessionBench();
    bench.session.start();
    await bench.advance(5_000);
    bench.session.wake();
    await bench.settle();
    expect(bench.tokens).toBe(1);
    expect(bench.server.connections).toHaveLength(1);
  });

  it('only according to the system, which is often wrong, changes nothing', async () => {
    await speakOn(10);
    bench.session.offline();
    await speakOn(1_200);
    expect(heardBy()).toHaveLength(1_210);
    bench.session.wake();
    bench.session.offline();
    await speakOn(20);
    expect(heardBy()).toHaveLength(1_230);
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.of('reconnecting')).toEqual([]);
  });

  it('for a moment, as reported, costs neither the connection nor any audio', async () => {
    await speakOn(10);
    bench.session.offline();
    bench.server.latest.bufferedBytes = 1_000_000;
    await speakOn(40);
    expect(heardBy()).toEqual(range(1, 10));
    bench.server.latest.bufferedBytes = 0;
    bench.session.wake();
    await speakOn(20);
    expect(heardBy()).toEqual(range(1, 70));
    expect(bench.server.connections).toHaveLength(1);
    expect(bench.of('reconnecting')).toEqual([]);
  });

  it('for longer ends the connection, and the audio until its detection is kept', async () => {
    await speakOn(10);
    bench.session.offline();
    bench.server.latest.bufferedBytes = 16_500;
    for (let i = 0; i < 100 && bench.of('reconnecting').length === 0; i++) await speakOn(1);
    const found = mark;
    expect(found - 10, '50 ms each').toBeLessThanOrEqual(60);
    bench.session.wake();
    await bench.settle();
    bench.accept('s-1');
    await speakOn(40);
    expect(heardBy(bench.server.connections[0])).toEqual(range(1, 10));
    const [again = 0] = heardBy();
    expect([5, 6], 'five packets were in the socket, as far as that can be told').toContain(again);
    expect(heardBy()).toEqual(range(again, mark));
    expect(bench.session.counters.packetsDropped).toBe(0);
  });

  it('without a report loses no audio that the socket had not sent', async () => {
    await speakOn(10);
    const dead = bench.server.latest;
    // The maximum that may wait at the socket.
    dead.bufferedBytes = 16_500;
    for (let i = 0; i < 100 && bench.of('reconnecting').length === 0; i++) await speakOn(1);
    bench.accept('s-1');
    await speakOn(40);
    const again = heardBy();
    expect(again).toEqual(range(again[0] ?? 0, mark));
    expect([5, 6], 'five packets were in the socket, as far as that can be told').toContain(again[0]);
    expect(bench.session.counters.packetsDropped).toBe(0);
  });

  it('as reported, while the socket seemed to accept everything: audio since then is sent again', async () => {
    await speakOn(10);
    bench.session.offline();
    await speakOn(20);
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.accept('s-1');
    await speakOn(10);
    expect(heardBy()).toEqual(range(11, 40));
  });

  it('ends an attempt that is stuck when it returns', async () => {
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    const stuck = bench.server.latest;
    await bench.advance(1_000);
    bench.session.wake();
    await bench.settle();
    expect(stuck.closedByClient, 'it may yet come').toBe(false);
    await bench.advance(2_000);
    bench.session.wake();
    await bench.settle();
    expect(stuck.closedByClient).toBe(true);
    expect(bench.server.connections).toHaveLength(3);
    bench.accept('s-1');
    expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'resumed']);
  });

  it('does not use up the one new token', async () => {
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    // Not opened, as in a tunnel.
    bench.server.latest.serverCloses(1006);
    await bench.advance(1_000);
    bench.server.latest.serverOpens();
    bench.server.latest.serverSends({ type: 'session.error', code: 'unauthorized', message: 'Used.' });
    bench.server.latest.serverCloses(1008);
    await bench.advance(2_000);
    bench.accept('s-1');
    expect(bench.of('failed')).toEqual([]);
    expect(bench.of('session-ready')).toHaveLength(2);
  });
});

describe('a network that is slow', () => {
  it('is reported once, even after a gap', async () => {
    await speakOn(2);
    bench.server.latest.serverCloses(1006);
    await speakOn(80);
    bench.server.latest.serverOpens();
    bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1' });
    await speakOn(40);
    expect(bench.session.counters.packetsDropped, 'of the gap').toBeGreaterThan(0);
    expect(bench.of('agent-error')).toEqual([]);
    for (let i = 0; i < 10; i++) {
      // The network accepts a little from time to time.
      bench.server.latest.bufferedBytes = 16_500;
      await speakOn(15);
      bench.server.latest.bufferedBytes = 15_500;
      await speakOn(1);
    }
    expect(bench.of('agent-error').map(({ code }) => code)).toEqual(['microphone_audio_dropped']);
    expect(bench.of('reconnecting')).toHaveLength(1);
  });
});

describe('a stored agent whose settings the server never reported', () => {
  beforeEach(async () => {
    bench = new SessionBench({ config: { agent_id: 'stored' } });
    await bench.untilReady();
    bench.server.latest.serverSends({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
    bench.session.update({ output: { volume: 40 } });
    await bench.loseSession();
  });

  it('takes over under its id, and receives the dialogue and the changes', () => {
    bench.accept('s-2');
    const [first, ...rest] = bench.server.latest.sent;
    expect(first).toEqual({ type: 'session.update', session: { agent_id: 'stored' } });
    expect(rest).toEqual([
      { type: 'session.update', session: { output: { volume: 40 } } },
      {
        type: 'conversation.message',
        role: 'system',
        content: expect.stringMatching(/without greeting again[\s\S]*User: A room, please\./) as string,
      },
      { type: 'reply.create', instructions: expect.stringContaining('"A room, please."') as string },
    ]);
  });
});

it('a stored agent is requested by its id alone, even if the page changes something between attempts', async () => {
  bench = new SessionBench({ config: { agent_id: 'stored' } });
  bench.session.start();
  await bench.settle();
  bench.session.update({ output: { volume: 40 } });
  bench.server.latest.serverOpens();
  bench.server.latest.serverSends({ type: 'session.error', code: 'at_capacity', message: 'Full.' });
  bench.server.latest.serverCloses(1013);
  bench.session.update({ input: { keyterms: ['Wi-Fi'] } });
  await bench.advance(1_000);
  bench.accept('s-1');
  expect(bench.server.latest.sent).toEqual([
    { type: 'session.update', session: { agent_id: 'stored' } },
    { type: 'session.update', session: { output: { volume: 40 }, input: { keyterms: ['Wi-Fi'] } } },
  ]);
});

it('text that was typed during an outage, and lost with the next connection, is sent again', async () => {
  const types = () => bench.server.latest.sent.map(({ type }) => type);
  bench.server.latest.serverCloses(1006);
  bench.session.say('Are you there?');
  await bench.advance(0);
  bench.accept('s-1');
  expect(types()).toEqual(['session.resume', 'conversation.message', 'reply.create']);
  bench.server.latest.serverCloses(1006);
  await bench.advance(1_000);
  bench.accept('s-1');
  expect(types()).toEqual(['session.resume', 'conversation.message', 'reply.create']);
  const marked = bench.of('transcript').filter(({ sentAgain }) => sentAgain);
  expect(marked.map(({ text }) => text)).toEqual(['Are you there?']);
});

it('all text that was typed during an outage is sent, however much it is', async () => {
  const lines = Array.from({ length: 40 }, (_, at) => `Line ${at}.`);
  bench.server.latest.serverCloses(1006);
  for (const line of lines) bench.session.say(line);
  await bench.advance(0);
  bench.accept('s-1');
  const sent = bench.server.latest.sentOfType('conversation.message').map(({ content }) => content);
  expect(sent).toEqual(lines);
});
