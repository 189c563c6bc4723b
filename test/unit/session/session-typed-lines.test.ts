import { expect, it } from 'vitest';
import { Transcript } from '../../../src/client/transcript.js';
import type { SessionOptions } from '../../../src/session/session-options.js';
import { SessionBench } from '../../support/session-bench.js';

let bench: SessionBench;

/** The connection drops while a line is on its way, and the server refuses to resume the session. */
async function loseSession(options: Partial<SessionOptions> = {}): Promise<void> {
  bench = new SessionBench(options);
  await bench.untilReady();
  bench.server.latest.serverSends({ type: 'transcript.user', item_id: 'u', text: 'A room, please.' });
  bench.session.say('Are you there?');
  bench.server.latest.serverCloses(1006);
  await bench.refuseResume();
  bench.accept('s-2');
}

it('a line that is sent again to a session that takes over is one line of the page’s transcript', async () => {
  await loseSession();
  const transcript = new Transcript();
  for (const { type, detail } of bench.events) {
    if (type === 'session-ready' && detail.how === 'fresh') transcript.settle();
    if (type === 'transcript') transcript.apply(detail);
  }
  expect(transcript.entries).toMatchObject([
    { text: 'A room, please.' },
    { text: 'Are you there?', sentAgain: true },
  ]);
});

it('a stored agent that takes over learns what was said before it is asked to answer', async () => {
  await loseSession({ config: { agent_id: 'stored' } });
  expect(bench.server.latest.sent).toMatchObject([
    { type: 'session.update' },
    { type: 'conversation.message', role: 'system' },
    { type: 'conversation.message', role: 'user', content: 'Are you there?' },
    { type: 'reply.create' },
  ]);
});
