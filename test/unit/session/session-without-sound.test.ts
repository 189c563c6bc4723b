/** Sessions without a microphone or without any audio, which text-only calls request, and which a server may refuse. */
import { describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../../src/protocol/messages.js';
import { SessionBench } from '../../support/session-bench.js';

const WISHED: SessionConfig = { input: { type: 'text' } };
const GRANTED = { config: { input: { type: 'text' }, output: { type: 'text' } } };

const askedFor = (bench: SessionBench) =>
  bench.server.latest.sentOfType('session.update').map(({ session }) => session);

async function opened(options: ConstructorParameters<typeof SessionBench>[0]): Promise<SessionBench> {
  const bench = new SessionBench(options);
  bench.session.start();
  await bench.settle();
  bench.server.latest.serverOpens();
  return bench;
}

function refuse(bench: SessionBench, code: string, param = 'input.type'): void {
  bench.server.latest.serverSends({ type: 'session.error', code, message: 'No.', param });
  bench.server.latest.serverCloses(1008);
}

describe('a session without a microphone', () => {
  it('is requested besides the settings of the page, which take precedence', async () => {
    const bench = await opened({ wished: WISHED });
    expect(askedFor(bench)).toMatchObject([
      { system_prompt: 'Be kind.', input: { type: 'text', format: { encoding: 'audio/pcm' } } },
    ]);
    const chosen = await opened({ wished: WISHED, config: { input: { type: 'audio' } } });
    expect(askedFor(chosen)).toEqual([{ input: { type: 'audio' } }]);
  });

  it.each(['invalid_value', 'invalid_format', 'invalid_config'])(
    'that is refused (%s) is one with a microphone, and nobody hears of it',
    async (code) => {
      const bench = await opened({ wished: WISHED });
      refuse(bench, code);
      await bench.advance(0);
      bench.server.latest.serverOpens();
      expect(askedFor(bench)).toHaveLength(1);
      expect(askedFor(bench)[0]?.input).toEqual({ format: { encoding: 'audio/pcm' } });
      bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1' });
      expect(bench.of('agent-error')).toEqual([]);
      expect(bench.of('session-ready')).toHaveLength(1);
      expect(bench.server.connections).toHaveLength(2);
    },
  );

  it('is not requested again by a session that takes over', async () => {
    const bench = await opened({ wished: WISHED });
    refuse(bench, 'invalid_value');
    await bench.advance(0);
    bench.accept('s-1');
    bench.server.latest.serverCloses(1006);
    await bench.advance(0);
    bench.server.latest.serverOpens();
    refuse(bench, 'session_not_found');
    await bench.advance(0);
    bench.server.latest.serverOpens();
    expect(askedFor(bench)[0]?.input).not.toHaveProperty('type');
  });

  it('does not hide other errors of the first message', async () => {
    const bench = await opened({ wished: WISHED });
    refuse(bench, 'invalid_value', 'greeting');
    await bench.advance(0);
    bench.server.latest.serverOpens();
    refuse(bench, 'invalid_value', 'greeting');
    await bench.advance(0);
    expect(bench.of('failed').map(({ error }) => error)).toMatchObject([
      { code: 'invalid_value', param: 'greeting' },
    ]);
    expect(bench.server.connections).toHaveLength(2);
    const spoken = await opened({});
    refuse(spoken, 'invalid_value');
    await spoken.advance(0);
    expect(spoken.of('failed')).toHaveLength(1);
    expect(spoken.server.connections).toHaveLength(1);
  });

  it('is not requested with the id of a stored agent, which excludes all other fields', async () => {
    const bench = await opened({ wished: WISHED, config: { agent_id: 'a-1' } });
    expect(askedFor(bench)).toEqual([{ agent_id: 'a-1' }]);
    refuse(bench, 'invalid_value');
    await bench.advance(0);
    expect(bench.server.connections).toHaveLength(1);
  });

  it('gets no audio, and other messages show whether the connection is dead', async () => {
    const bench = await opened({ wished: WISHED });
    bench.server.latest.serverSends({ type: 'session.ready', session_id: 's-1', ...GRANTED });
    bench.speak(100);
    await bench.advance(5_000);
    expect(bench.server.latest.sentOfType('input.audio')).toEqual([]);
    expect(bench.of('reconnecting')).toEqual([]);
    bench.session.say('Hello?');
    bench.server.latest.bufferedBytes = 200;
    for (let i = 0; i < 60; i++) {
      bench.speak(1);
      bench.clock.advance(50);
    }
    expect(bench.of('reconnecting')).toHaveLength(1);
  });

  it('gets silence if the server did not grant it', async () => {
    const bench = await opened({ wished: WISHED });
    bench.server.latest.serverSends({
      type: 'session.ready',
      session_id: 's-1',
      config: { input: { type: null } },
    });
    bench.speak(3);
    expect(bench.server.latest.sentOfType('input.audio')).toHaveLength(3);
  });
});

describe('a session without sound', () => {
  it('shows replies as they arrive, whole, and not as unspoken', async () => {
    const bench = new SessionBench({ wished: { ...WISHED, output: { type: 'text' } } });
    await bench.untilReady(GRANTED);
    bench.session.say('A room, please.');
    bench.server.latest.serverSends(
      { type: 'reply.started', reply_id: 'r' },
      { type: 'transcript.agent.delta', reply_id: 'r', delta: 'For' },
      { type: 'transcript.agent.delta', reply_id: 'r', delta: 'two?' },
    );
    expect(bench.of('transcript').at(-1)).toMatchObject({ text: 'For two?', final: false });
    bench.server.latest.serverSends(
      { type: 'transcript.agent', reply_id: 'r', text: 'For two?', interrupted: false },
      { type: 'reply.done', reply_id: 'r' },
    );
    bench.hear(1, 0, true);
    const last = bench.of('transcript').at(-1);
    expect(last).toMatchObject({ role: 'agent', text: 'For two?', final: true, interrupted: false });
    expect(last?.unspoken).toBeUndefined();
    expect(last?.unheardText).toBeUndefined();
    expect(bench.of('reply-end')).toEqual([{ replyId: 'r', status: 'completed' }]);
    expect(bench.state).toBe('listening');
  });
});
