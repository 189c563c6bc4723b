import { describe, expect, it } from 'vitest';
import type { TurnDetection } from '../../../src/protocol/messages.js';
import { echoLevel, echoMeasures, type EchoLevel } from '../../../src/session/echo-policy.js';
import { resumedSession } from '../../../components/across-pages/resumed-session.js';
import type { SessionOptions } from '../../../src/session/session-options.js';
import { SessionBench } from '../../support/session-bench.js';

describe('the level of our own sound', () => {
  it.each<[string, EchoLevel, number, number, EchoLevel, number?]>([
    ['is unknown in the first three seconds of our own sound', 'unknown', 2.9, 30, 'unknown'],
    ['is none in a headset, once that is known', 'some', 9, 4, 'none'],
    ['is some where it can be heard', 'unknown', 3, 15, 'some'],
    ['is high where it stands out far, at once', 'unknown', 3, 20, 'high'],
    ['is high where it still stands out later', 'some', 6, 10, 'high'],
    ['rises when a headset is taken off', 'none', 60, 11, 'high'],
    ['stays none while it comes and goes', 'none', 60, 7, 'none'],
    ['stays high after we have turned down', 'high', 10, 4, 'high'],
    ['falls when little is left', 'high', 20, 1, 'some'],
    ['falls further at full volume', 'some', 30, 3, 'none'],
    ['is some where noise may hide it', 'unknown', 9, 0, 'some', -25],
    ['is no longer none once the noise is louder', 'none', 60, 0, 'some', -25],
    ['stays none while the noise hardly changes', 'none', 60, 0, 'none', -34],
    ['is high also in noise', 'some', 9, 10, 'high', -25],
  ])('%s', (_, before, playedSeconds, echoAboveNoiseDb, expected, echoLeakDb = -50) => {
    expect(echoLevel(before, { playedSeconds, echoAboveNoiseDb, echoLeakDb })).toBe(expected);
  });

  it('is not none before anything is known of the leak', () => {
    const report = { playedSeconds: 9, echoAboveNoiseDb: 0, echoLeakDb: undefined };
    expect(echoLevel('unknown', report)).toBe('some');
  });
});

describe('what is done about it', () => {
  it.each<[EchoLevel, number, number, boolean, TurnDetection]>([
    ['unknown', 500, 0, true, { interruption_delay: 500, vad_threshold: 0.5 }],
    ['some', 500, 0, true, { interruption_delay: 500, vad_threshold: 0.5 }],
    ['none', 500, 0, false, { interruption_delay: 250, vad_threshold: 0.5 }],
    ['none', 0, 0, false, { interruption_delay: 0, vad_threshold: 0.5 }],
    ['high', 500, -6, true, { interruption_delay: 800, vad_threshold: 0.8 }],
    ['high', 0, -6, true, { interruption_delay: 800, vad_threshold: 0.8 }],
  ])('%s, with a usual delay of %i ms', (level, usualDelayMs, gainDb, guarded, turnDetection) => {
    expect(echoMeasures(level, usualDelayMs)).toEqual({ gainDb, guarded, turnDetection });
  });
});

describe('a session', () => {
  const LEAK = { playedSeconds: 4, echoAboveNoiseDb: 20 };
  const SETTLED_LEAK = { playedSeconds: 9, echoAboveNoiseDb: 20 };
  const HEADSET = { playedSeconds: 9, echoAboveNoiseDb: 0 };
  const told = (bench: SessionBench) =>
    bench.server.latest.sent
      .slice(1)
      .flatMap((message) =>
        message.type === 'session.update' ? [message.session.input?.turn_detection] : [],
      );
  /** Each change of the gain of our own sound, dB. */
  const gains = (bench: SessionBench) =>
    bench.sink.actions
      .flatMap((action) => (action.type === 'give-way' ? [Math.round(20 * Math.log10(action.gain))] : []))
      .filter((gainDb, at, all) => gainDb !== (all[at - 1] ?? 0));
  const advice = (bench: SessionBench) =>
    bench.of('agent-error').filter(({ code }) => code === 'echo_heard').length;

  it('with a leak is quieter and asks the service to be less easily interrupted, once', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.echo(LEAK);
    bench.echo(LEAK);
    expect(told(bench)).toEqual([{ interruption_delay: 800, vad_threshold: 0.8 }]);
    expect(gains(bench)).toEqual([-6]);
    expect(bench.session.counters.echo).toBe('high');
  });

  it('is quieter also if the page has chosen all that the service could be asked for', async () => {
    const turn_detection = { interruption_delay: 300, vad_threshold: 0.4 };
    const bench = new SessionBench({ config: { input: { turn_detection } } });
    await bench.untilReady();
    bench.echo(LEAK);
    expect(told(bench)).toEqual([]);
    expect(gains(bench)).toEqual([-6]);
  });

  it('advises headphones once, and only after the canceller had time to settle', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.echo(LEAK);
    expect(advice(bench)).toBe(0);
    bench.echo(SETTLED_LEAK);
    bench.echo(SETTLED_LEAK);
    expect(advice(bench)).toBe(1);
  });

  it('with a headset asks for earlier decisions', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.echo(HEADSET);
    expect(told(bench)).toEqual([{ interruption_delay: 250 }]);
    expect(gains(bench)).toEqual([]);
    expect(advice(bench)).toBe(0);
  });

  it('returns to normal when the leak is gone', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.echo(LEAK);
    bench.echo({ playedSeconds: 30, echoAboveNoiseDb: 0 });
    expect(told(bench).at(-1)).toEqual({ interruption_delay: 500, vad_threshold: 0.5 });
    bench.echo({ playedSeconds: 31, echoAboveNoiseDb: 0 });
    expect(told(bench).at(-1)).toEqual({ interruption_delay: 250 });
    expect(gains(bench)).toEqual([-6, 0]);
  });

  it('keeps the settings of the page, and repeats them with its changes', async () => {
    const bench = new SessionBench({
      config: { input: { turn_detection: { interruption_delay: 100, max_silence: 900 } } },
    });
    await bench.untilReady();
    bench.echo(LEAK);
    expect(told(bench)).toEqual([{ interruption_delay: 100, max_silence: 900, vad_threshold: 0.8 }]);
  });

  it('keeps the settings of a stored agent', async () => {
    const bench = new SessionBench({ config: { agent_id: 'an-agent' } });
    await bench.untilReady({ config: { input: { turn_detection: { vad_threshold: 0.3 } } } });
    bench.echo(LEAK);
    expect(told(bench)).toEqual([{ interruption_delay: 800 }]);
  });

  it('takes back what it has asked of a stored agent, which the server now counts as the agent’s own', async () => {
    const bench = new SessionBench({ config: { agent_id: 'an-agent' } });
    await bench.untilReady({ config: { input: { turn_detection: { max_silence: 900 } } } });
    bench.echo(LEAK);
    const turn_detection = { max_silence: 900, interruption_delay: 800, vad_threshold: 0.8 };
    bench.server.latest.serverSends({ type: 'session.updated', config: { input: { turn_detection } } });
    bench.echo(HEADSET);
    expect(told(bench).at(-1)).toEqual({ interruption_delay: 500, vad_threshold: 0.5 });
  });

  it('leaves alone what the page has changed since', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.echo(LEAK);
    bench.session.update({ input: { turn_detection: { interruption_delay: 700 } } });
    bench.echo(HEADSET);
    expect(told(bench).at(-1)).toEqual({ interruption_delay: 700, vad_threshold: 0.5 });
  });

  it('is told of it again with other changes of the page if another session takes over', async () => {
    const bench = new SessionBench({ config: { input: { turn_detection: { min_silence: 300 } } } });
    await bench.untilReady();
    bench.echo(LEAK);
    bench.session.update({ input: { turn_detection: { max_silence: 900 } } });
    bench.server.latest.serverCloses(1006);
    await bench.refuseResume();
    bench.accept('s-2');
    const [first] = bench.server.latest.sentOfType('session.update');
    expect(first?.session.input?.turn_detection).toEqual({
      min_silence: 300,
      max_silence: 900,
      interruption_delay: 800,
      vad_threshold: 0.8,
    });
  });

  it('changes nothing with barge-in="server"', async () => {
    const bench = new SessionBench({ bargeIn: 'server' });
    await bench.untilReady();
    bench.echo(SETTLED_LEAK);
    expect([told(bench), gains(bench), advice(bench)]).toEqual([[], [], 0]);
  });
});

describe('a session on the next page', () => {
  const LEAK = { playedSeconds: 9, echoAboveNoiseDb: 20 };
  const HEADSET = { playedSeconds: 9, echoAboveNoiseDb: 0 };
  const told = (bench: SessionBench) =>
    bench.server.latest.sentOfType('session.update').map(({ session }) => session.input?.turn_detection);

  async function nextPage(
    before: SessionBench,
    options: Partial<SessionOptions> = {},
  ): Promise<SessionBench> {
    const kept = structuredClone(before.of('kept').at(-1)!);
    const bench = new SessionBench({ ...options, resumed: resumedSession(kept, 500) });
    bench.session.start();
    await bench.settle();
    bench.accept('s-1');
    return bench;
  }

  it.each<[string, Partial<SessionOptions>]>([
    ['of an agent that the page defines', {}],
    ['of a stored agent', { config: { agent_id: 'an-agent' } }],
  ])(
    '%s takes back what the service was told on the page before, once it hears no echo',
    async (_, options) => {
      const first = new SessionBench(options);
      await first.untilReady();
      first.session.keep();
      first.echo(LEAK);
      const { input } = first.server.latest.sentOfType('session.update').at(-1)!.session;
      first.server.latest.serverSends({ type: 'session.updated', config: { input } });
      const second = await nextPage(first, options);
      const known = told(second).length;
      second.echo({ ...HEADSET, playedSeconds: 1 });
      expect(told(second), 'nothing is known yet').toHaveLength(known);
      second.echo(HEADSET);
      expect(told(second).at(-1)).toEqual({ interruption_delay: 250, vad_threshold: 0.5 });
    },
  );

  it('knows what the page before has changed', async () => {
    const first = new SessionBench();
    await first.untilReady();
    first.session.keep();
    first.session.update({ input: { turn_detection: { interruption_delay: 100 } } });
    first.echo(LEAK);
    const second = await nextPage(first);
    second.echo(HEADSET);
    expect(told(second).at(-1)).toEqual({ interruption_delay: 100, vad_threshold: 0.5 });
  });

  it('may duck a reply where the greeting, which may not be interrupted, is over', async () => {
    const turn_detection = { uninterruptible_turns: ['greeting'] };
    const options = { config: { greeting: 'Hello', input: { turn_detection } } };
    const first = new SessionBench(options);
    await first.untilReady();
    first.session.keep();
    first.reply('greeting');
    first.hear(1, 100, true);
    const { sink } = await nextPage(first, options);
    const rules = sink.actions.filter((action) => action.type === 'give-way');
    expect(rules.at(-1)).toMatchObject({ allowed: true });
  });
});
