import { describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

const WITHOUT_GREETING = {
  config: { input: { format: { encoding: 'audio/pcm' } }, output: { format: { encoding: 'audio/pcm' } } },
} as const;

/** The marks of the packets that the server received. */
function heard(bench: SessionBench): (number | undefined)[] {
  return bench.server.latest.sentOfType('input.audio').map(({ audio }) => Buffer.from(audio, 'base64')[0]);
}

async function speakEarly(bench: SessionBench, ready: Record<string, unknown> = {}): Promise<void> {
  bench.session.start();
  await bench.settle();
  bench.speak(5, 0.1);
  bench.accept('s-1', ready);
  for (let i = 0; i < 5; i++) bench.packet(new Uint8Array(2_400).fill(100), 0.1);
}

describe('what is said before session.ready', () => {
  it('is sent first if the agent listens first', async () => {
    const bench = new SessionBench(WITHOUT_GREETING);
    await speakEarly(bench);
    expect(heard(bench)).toEqual([1, 2, 3, 4, 5, 100, 100, 100, 100, 100]);
  });

  it('does not interrupt an agent that speaks first', async () => {
    const bench = new SessionBench();
    await speakEarly(bench);
    expect(heard(bench)).toEqual([100, 100, 100, 100, 100]);
  });

  it('does not interrupt a stored agent that speaks first according to the server', async () => {
    const bench = new SessionBench({ config: { agent_id: 'a-1' } });
    await speakEarly(bench, { config: { greeting: 'Hello.' } });
    expect(heard(bench)).toEqual([100, 100, 100, 100, 100]);
  });

  it('is sent to a stored agent whose settings are unknown', async () => {
    const bench = new SessionBench({ config: { agent_id: 'a-1' } });
    await speakEarly(bench, { config: { greeting: null } });
    expect(heard(bench)).toHaveLength(10);
  });

  it('is sent after session.ready only', async () => {
    const bench = new SessionBench(WITHOUT_GREETING);
    bench.session.start();
    await bench.settle();
    bench.server.latest.serverOpens();
    bench.speak(5, 0.1);
    expect(bench.server.latest.sent.map(({ type }) => type)).toEqual(['session.update']);
  });
});
