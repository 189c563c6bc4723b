import { describe, expect, it } from 'vitest';
import type { TurnDetection } from '../../../src/protocol/messages.js';
import { echoLevel, echoMeasures, type EchoLevel } from '../../../src/session/echo-policy.js';
import { SessionBench } from '../../support/session-bench.js';

describe('the level of our own sound', () => {
  it.each<[string, EchoLevel, number, number, EchoLevel]>([
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
  ])('%s', (_, before, playedSeconds, echoAboveNoiseDb, expected) => {
    expect(echoLevel(before, { playedSeconds, echoAboveNoiseDb })).toBe(expected);
  });
});

describe('what is done about it', () => {
  it.each<[EchoLevel, number, number, TurnDetection]>([
    ['unknown', 500, 0, { interruption_delay: 500, vad_threshold: 0.5 }],
    ['some', 500, 0, { interruption_delay: 500, vad_threshold: 0.5 }],
    ['none', 500, 0, { interruption_delay: 250, vad_threshold: 0.5 }],
    ['none', 0, 0, { interruption_delay: 0, vad_threshold: 0.5 }],
    ['high', 500, -6, { interruption_delay: 800, vad_threshold: 0.8 }],
    ['high', 0, -6, { interruption_delay: 800, vad_threshold: 0.8 }],
  ])('%s, with a usual delay of %i ms', (level, usualDelayMs, gainDb, turnDetection) => {
    expect(echoMeasures(level, usualDelayMs)).toEqual({ gainDb, turnDetection });
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

  it('changes nothing with barge-in="server"', async () => {
    const bench = new SessionBench({ bargeIn: 'server' });
    await bench.untilReady();
    bench.echo(SETTLED_LEAK);
    expect([told(bench), gains(bench), advice(bench)]).toEqual([[], [], 0]);
  });
});
