import { describe, expect, it } from 'vitest';
import { mayGiveWay } from '../../../src/session/barge-in.js';
import { SessionBench } from '../../support/session-bench.js';

describe('a reply may be ducked', () => {
  it.each([
    ['by default', [undefined], false, true],
    ['unless the page forbids interruptions', [{ interrupt_response: false }], true, false],
    ['unless the agent’s own settings forbid them', [undefined, { interrupt_response: false }], true, false],
    [
      'when the page allows them in mid-call',
      [{ interrupt_response: false }, undefined, { interrupt_response: true }],
      true,
      true,
    ],
    [
      'not in a greeting that may not be interrupted',
      [{ uninterruptible_turns: ['greeting'] }],
      false,
      false,
    ],
    ['after that greeting', [{ uninterruptible_turns: ['greeting'] }], true, true],
  ])('%s', (_, turns, greetingOver, expected) => {
    expect(mayGiveWay(turns, greetingOver)).toBe(expected);
  });
});

const allowed = (bench: SessionBench) =>
  bench.sink.actions.flatMap((action) => (action.type === 'give-way' ? [action.allowed] : [])).at(-1);

const guarded = (bench: SessionBench) =>
  bench.sink.actions.flatMap((action) => (action.type === 'give-way' ? [action.guarded] : [])).at(-1);

describe('a session', () => {
  it('attenuates what may be echo until it is known that there is none', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    expect(guarded(bench), 'unknown').toBe(true);
    const report = { playedSeconds: 9, echoAboveNoiseDb: 0 };
    bench.echo({ ...report, echoLeakDb: -50 });
    expect(guarded(bench), 'none').toBe(false);
    bench.echo({ ...report, echoLeakDb: -20 });
    expect(guarded(bench), 'some').toBe(true);
  });

  it('leaves the microphone alone if speech cannot interrupt, and with barge-in="server"', async () => {
    const server = new SessionBench({ bargeIn: 'server' });
    await server.untilReady();
    expect(guarded(server)).toBe(false);
    const bench = new SessionBench();
    await bench.untilReady({ config: { input: { turn_detection: { interrupt_response: false } } } });
    expect(guarded(bench)).toBe(false);
  });

  it('allows ducking from the start, but not with barge-in="server"', async () => {
    const instant = new SessionBench();
    await instant.untilReady();
    expect(allowed(instant)).toBe(true);
    const server = new SessionBench({ bargeIn: 'server' });
    await server.untilReady();
    expect(allowed(server)).toBe(false);
  });

  it('follows the resolved session and changes of the page', async () => {
    const bench = new SessionBench();
    await bench.untilReady({ config: { input: { turn_detection: { interrupt_response: false } } } });
    expect(allowed(bench)).toBe(false);
    bench.session.update({ input: { turn_detection: { interrupt_response: true } } });
    expect(allowed(bench)).toBe(true);
  });

  it('never ducks a greeting that may not be interrupted, but later replies', async () => {
    const turn_detection = { uninterruptible_turns: ['greeting'] };
    const bench = new SessionBench({ config: { greeting: 'Hello', input: { turn_detection } } });
    await bench.untilReady();
    expect(allowed(bench)).toBe(false);
    bench.hear(1, 900, true);
    expect(allowed(bench)).toBe(true);
  });

  it('reports speech at the microphone, once for each change', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    for (const speaking of [true, true, false])
      bench.session.hear({ type: 'voice', speaking, givingWay: 'none', reply: 0 });
    const heard = bench.events.flatMap(({ type, detail }) => (type === 'voice' ? [detail] : []));
    expect(heard).toEqual([{ speaking: true }, { speaking: false }]);
  });

  it('ends speech and its hold with the worklet that reported them', async () => {
    const bench = new SessionBench();
    await bench.untilReady();
    bench.reply('r');
    bench.hear(1, 10);
    bench.session.hear({ type: 'voice', speaking: true, givingWay: 'held', reply: 1 });
    bench.session.workletReplaced();
    expect(bench.of('voice')).toEqual([{ speaking: true }, { speaking: false }]);
    expect(bench.of('reply-hold').map(({ outcome }) => outcome)).toEqual(['held', 'resumed']);
  });
});
