import { describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

/** The phase of a call, as seen from outside. */
type Phase = 'idle' | 'token' | 'opening' | 'greeting' | 'live' | 'lost' | 'ending' | 'over';

const hungUp = new WeakSet<SessionBench>();

function hangUp(bench: SessionBench): void {
  hungUp.add(bench);
  bench.session.stop('stopped');
}

const serverError = (code: string) => ({ type: 'session.error', code, message: 'No.' });

/** Brings a call to each phase. */
const arrive: Readonly<Record<Phase, (bench: SessionBench) => Promise<void>>> = {
  idle: () => Promise.resolve(),
  token: async (bench) => {
    bench.tokensPend = true;
    bench.session.start();
    await bench.settle();
  },
  opening: async (bench) => {
    bench.session.start();
    await bench.settle();
  },
  greeting: async (bench) => {
    await arrive.opening(bench);
    bench.server.latest.serverOpens();
  },
  live: (bench) => bench.untilReady(),
  lost: async (bench) => {
    await arrive.live(bench);
    bench.tokensPend = true;
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
  },
  ending: async (bench) => {
    await arrive.live(bench);
    hangUp(bench);
  },
  over: async (bench) => {
    await arrive.ending(bench);
    bench.server.latest.serverSends({ type: 'session.ended' });
  },
};

function phaseOf(bench: SessionBench): Phase {
  if (bench.events.some(({ type }) => type === 'ended' || type === 'failed')) return 'over';
  const latest = bench.server.connections.at(-1);
  if (hungUp.has(bench)) return 'ending';
  if (bench.state === 'reconnecting') return 'lost';
  if (bench.of('session-ready').length > 0) return 'live';
  if (latest && latest.sent.length > 0) return 'greeting';
  if (latest) return 'opening';
  return bench.session.counters.packetsSent === 0 && bench.tokensPend ? 'token' : 'idle';
}

/** The server sends a message, if a connection is open. */
function tell({ server }: SessionBench, message: Record<string, unknown>): void {
  const latest = server.connections.at(-1);
  if (latest && latest.sent.length > 0) latest.serverSends(message);
}

const close = ({ server }: SessionBench, code: number) => server.connections.at(-1)?.serverCloses(code);

const events: Readonly<Record<string, (bench: SessionBench) => unknown>> = {
  start: ({ session }) => session.start(),
  stop: (bench) => hangUp(bench),
  say: ({ session }) => session.say('Hello.'),
  update: ({ session }) => session.update({ system_prompt: 'P' }),
  interrupt: ({ session }) => session.interrupt(),
  packet: (bench) => bench.speak(1, 0.1),
  offline: ({ session }) => session.offline(),
  wake: ({ session }) => session.wake(),
  opened: ({ server }) => server.connections.at(-1)?.serverOpens(),
  ready: (bench) => tell(bench, { type: 'session.ready', session_id: 's' }),
  updated: (bench) => tell(bench, { type: 'session.updated', config: {} }),
  reply: (bench) => tell(bench, { type: 'reply.started', reply_id: 'r' }),
  ended: (bench) => tell(bench, { type: 'session.ended' }),
  busy: (bench) => {
    tell(bench, serverError('at_capacity'));
    close(bench, 1013);
  },
  refused: (bench) => {
    tell(bench, serverError('invalid_value'));
    close(bench, 1008);
  },
  'closed 1000': (bench) => close(bench, 1000),
  'closed 1006': (bench) => close(bench, 1006),
  '80 s': (bench) => bench.advance(80_000),
};

// Every phase × every event; an event that is not listed changes nothing. Before the call is up, a lost connection is
// followed by another one at once ("opening"). A call that was up waits here for a token, which never arrives.
// prettier-ignore
const table: Readonly<Record<Phase, Readonly<Partial<Record<string, Phase>>>>> = {
  idle: { start: 'opening', stop: 'over' },
  token: { stop: 'over', '80 s': 'over' },
  opening: { stop: 'over', opened: 'greeting', '80 s': 'over' },
  greeting: { stop: 'ending', ready: 'live', ended: 'over', busy: 'opening', refused: 'over', 'closed 1000': 'opening', 'closed 1006': 'opening', '80 s': 'over' },
  live: { stop: 'ending', ended: 'over', busy: 'lost', refused: 'lost', 'closed 1000': 'lost', 'closed 1006': 'lost' },
  lost: { stop: 'ending', '80 s': 'over' },
  ending: { ended: 'over', busy: 'over', refused: 'over', 'closed 1000': 'over', 'closed 1006': 'over', '80 s': 'over' },
  over: {},
};

describe('a call that is', () => {
  for (const phase of Object.keys(table) as Phase[]) {
    for (const [name, happen] of Object.entries(events)) {
      const expected = table[phase][name] ?? phase;
      it(`${phase}, on ${name}: ${expected === phase ? 'stays' : expected}`, async () => {
        const bench = new SessionBench();
        await arrive[phase](bench);
        expect(phaseOf(bench), 'where it begins').toBe(phase);
        // Attempts after a lost connection get no token.
        if (phase === 'live') bench.tokensPend = true;
        await happen(bench);
        await bench.advance(0);
        expect(phaseOf(bench)).toBe(expected);
        if (expected === 'over') expect(bench.clock.pendingTimers, 'no timer outlives it').toBe(0);
      });
    }
  }
});
