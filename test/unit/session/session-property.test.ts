import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Session } from '../../../src/session/session.js';
import type { TransportHandlers } from '../../../src/session/transport.js';
import { KeptSound } from '../../../components/across-pages/kept-sound.js';
import { resumedSession } from '../../../components/across-pages/resumed-session.js';
import type { KeptSession } from '../../../src/session/kept-session.js';
import { checkProperty } from '../../support/check-property.js';
import { happening, type Happening } from '../../support/hostile-server.js';
import { ManualClock } from '../../support/manual-clock.js';
import { Coverage, EVERY_KIND, handlers, Trial } from '../../support/session-trial.js';

const RUNS = 200;
const HAPPENINGS_PER_RUN = 80;

/** The first session starts, or may yet be refused. */
const beginning = fc.constantFrom<Happening>({ what: 'accept' }, { what: 'open' });
const happenings = (count: number): fc.Arbitrary<Happening[]> =>
  fc
    .tuple(beginning, fc.array(happening, { minLength: count, maxLength: count }))
    .map(([first, rest]) => [first, ...rest]);
/** Hanging up: if the connection is lost, the server accepts the one that only ends the session. */
const END: readonly Happening[] = [{ what: 'stop' }, { what: 'accept' }, { what: 'time', ms: 4_000 }];

describe('a session among hostile servers', () => {
  it(`keeps its invariants over ${RUNS * HAPPENINGS_PER_RUN} messages and failures in any order, and throws nothing`, async () => {
    let frames = 0;
    let runs = 0;
    const coverage = new Coverage();
    await checkProperty(
      fc.asyncProperty(happenings(HAPPENINGS_PER_RUN), handlers, async (all, handler) => {
        const trial = new Trial();
        await trial.run([...all, ...END], handler);
        frames += trial.frames;
        runs++;
        coverage.add(trial);
        trial.checkRecord();
        expect(trial.isOver, 'hanging up always ends the call').toBe(true);
      }),
      { name: 'hostile servers', seed: 20_260_923, numRuns: RUNS },
    );
    expect(frames, 'messages that reached a session').toBeGreaterThan(runs * 18);
    expect(coverage.missing(EVERY_KIND), 'kinds that never occurred').toEqual([]);
  }, 600_000);

  it('keeps them on the next page, too', async () => {
    const half = happenings(HAPPENINGS_PER_RUN / 2);
    const coverage = new Coverage();
    let runs = 0;
    let handedOver = 0;
    await checkProperty(
      fc.asyncProperty(half, half, handlers, async (before, after, handler) => {
        runs++;
        const first = new Trial();
        await first.run(before, handler);
        first.checkRecord();
        const sound = new KeptSound();
        let kept: KeptSession | undefined;
        for (const session of first.bench.of('kept')) kept = sound.added(session);
        if (!kept || first.isOver || first.isEnding) return;
        handedOver++;
        const second = new Trial(resumedSession(structuredClone(kept), 500));
        await second.run([...after, ...END], handler);
        coverage.add(second);
        second.checkRecord();
        expect(second.isOver).toBe(true);
      }),
      // Few calls fail on the second page. With this seed some do, whatever the other seed brings.
      { name: 'hostile servers and two pages', seed: 5, numRuns: RUNS },
    );
    expect(handedOver, 'calls that were continued').toBeGreaterThan(runs / 4);
    const never = ['session-ready first', 'call-warning'];
    expect(coverage.missing(EVERY_KIND.filter((kind) => !never.includes(kind)))).toEqual([]);
  }, 600_000);

  it('does not grow with what it is sent', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const clock = new ManualClock();
    let server: TransportHandlers | undefined;
    const session = new Session(
      {
        config: {},
        formats: { input: 'audio/pcm', output: 'audio/pcm' },
        toolTiming: 'after-reply',
        bargeIn: 'instant',
        maxDurationMs: 0,
        idleTimeoutMs: 0,
      },
      {
        clock,
        random: () => 0.5,
        requestToken: () =>
          ({
            then: (take: (grant: object) => void) => take({ grant: { url: 'wss://agent.test/' } }),
          }) as never,
        openTransport: (_url, handlers) => {
          server = handlers;
          return { send() {}, close() {}, bufferedBytes: 0 };
        },
        isReachable: () => Promise.resolve(false),
        post() {},
        emit() {},
      },
    );
    session.start();
    server?.opened();
    const tell = (message: object) => server?.received(JSON.stringify(message));
    tell({ type: 'session.ready', session_id: 's' });
    const grow = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const id = `${i}-${'i'.repeat(100)}`;
        tell({ type: 'reply.started', reply_id: id });
        tell({ type: 'reply.audio', reply_id: id, data: 'AAAA'.repeat(100) });
        tell({ type: 'transcript.agent.delta', reply_id: id, delta: 'word '.repeat(20) });
        if (i % 3 === 0) tell({ type: 'reply.done', reply_id: id, status: 'interrupted' });
        tell({ type: 'transcript.user', item_id: id, text: 'words '.repeat(20) });
        tell({ type: 'tool.call', call_id: id, name: 'n', arguments: { a: 'x'.repeat(100) } });
        session.hear({
          type: 'packet',
          encoding: 'audio/pcm',
          level: 0.1,
          startedAtMs: 0,
          bytes: new Uint8Array(2_400),
        });
        clock.advance(20);
      }
      collect();
      return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    };
    const settled = grow(0, 4_000);
    const later = grow(4_000, 24_000);
    expect((later - settled) / 1e6, 'MB after five times as much').toBeLessThan(3);
  });
});
