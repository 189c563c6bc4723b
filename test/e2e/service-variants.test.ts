/** Variants of the service: which tokens resume a session, `reply.cancel`, sessions without a microphone. */
import { expect, test, type Browser } from '@playwright/test';
import { readEvents, startCall, stopCall, waitForEvents, waitForState } from '../support/agent-page.js';
import { openFaultCall, openings, say, untilHeard, type FaultCall } from '../support/fault-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { firstRows } from '../support/sample.js';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium();
});
test.afterAll(() => browser.close());

const types = (call: FaultCall) => openings(call).map(({ type }) => type);
const codes = async ({ page }: FaultCall) =>
  (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);

interface Rule {
  readonly resume: 'token' | 'fresh' | 'refuse';
  readonly how: 'resumed' | 'fresh';
  /** The first message of each connection. */
  readonly first: readonly string[];
  /** Number of tokens that the page provided. */
  readonly tokens: number;
}

/** The session's own token is tried first, then a new token, then a new session. */
const RULES: readonly Rule[] = [
  {
    resume: 'refuse',
    how: 'fresh',
    first: ['session.update', 'session.resume', 'session.resume', 'session.update'],
    tokens: 3,
  },
  { resume: 'token', how: 'resumed', first: ['session.update', 'session.resume'], tokens: 1 },
  // A connection with a refused token gets no first message.
  { resume: 'fresh', how: 'resumed', first: ['session.update', 'session.resume'], tokens: 2 },
];

for (const [index, { resume, how, first, tokens }] of RULES.entries()) {
  test(`a service where resume is ${resume}: the call continues, ${how}`, firstRows(1, index), async () => {
    await using call = await openFaultCall(browser, `resume=${resume},cut=1,cut-times=1`);
    const { page } = call;
    let fetched = 0;
    page.on('request', (request) => {
      if (request.url().includes('/voice-token')) fetched++;
    });
    expect(await startCall(page)).toBeUndefined();
    const ready = await waitForEvents(page, 'session-ready', 2);
    expect(ready.map(({ detail }) => detail.how)).toEqual(['first', how]);
    await say(page, 'Thank you.');
    await untilHeard('what is typed after it', () =>
      call.heard.find(({ text }) => text.includes('Thank you.')),
    );
    expect(types(call)).toEqual(first);
    expect(fetched).toBe(tokens);
    await stopCall(page);
    expect(call.heard.at(-1)?.message?.type).toBe('session.end');
    expect(await codes(call)).toEqual([]);
    expect(call.objections).toEqual([]);
  });
}

for (const [index, isKnown] of [true, false].entries()) {
  test(
    `reply.cancel with a service that ${isKnown ? 'knows it' : 'does not know it'}`,
    firstRows(1, index),
    async () => {
      await using call = await openFaultCall(browser, isKnown ? '' : 'no-cancel', {
        greeting:
          'Once upon a time there was a parrot. It lived in a telephone exchange, and it spoke a lot.',
      });
      const { page, agent } = call;
      const replies: { readonly type: string; readonly id: string; readonly status: unknown }[] = [];
      agent.events.on('server-message', ({ message: { type, reply_id, status } }) => {
        if (type.startsWith('reply.')) replies.push({ type, id: String(reply_id), status });
      });
      const interrupt = () =>
        page.evaluate(() => (window.agent as unknown as { interrupt(): void }).interrupt());
      const cancels = () => call.heard.filter(({ text }) => text.includes('"reply.cancel"')).length;
      expect(await startCall(page)).toBeUndefined();
      await waitForState(page, 'speaking');
      const { id } = replies[0]!;
      await interrupt();
      await waitForEvents(page, 'interruption');
      await untilHeard('reply.cancel', () => (cancels() > 0 ? true : undefined));
      if (isKnown) {
        await untilHeard('the end of the reply', () =>
          replies.find((reply) => reply.type === 'reply.done' && reply.id === id),
        );
        expect(replies.at(-1), 'no sound after it').toMatchObject({
          type: 'reply.done',
          status: 'interrupted',
        });
      } else {
        await say(page, 'Tell me a story.');
        await waitForEvents(page, 'reply-start', 2);
        expect(replies.find((reply) => reply.type === 'reply.done' && reply.id === id)?.status).not.toBe(
          'interrupted',
        );
        await waitForState(page, 'speaking');
        await interrupt();
        await waitForEvents(page, 'interruption', 2);
      }
      await stopCall(page);
      expect(cancels(), 'it is not asked for again').toBe(1);
      expect(await codes(call), 'the page has nothing to do with it').toEqual([]);
    },
  );
}

for (const [index, fault] of ['', 'no-text'].entries()) {
  test(
    `a text-only call with a service that ${fault ? 'refuses' : 'grants'} sessions without a microphone`,
    firstRows(1, index),
    async () => {
      await using call = await openFaultCall(browser, fault, { 'input-mode': 'text' });
      const { page } = call;
      expect(await startCall(page)).toBeUndefined();
      const sessions = openings(call).flatMap((message) =>
        message.type === 'session.update' ? [message.session as { input: Record<string, unknown> }] : [],
      );
      expect(sessions.map(({ input }) => input['type'])).toEqual(fault ? ['text', undefined] : ['text']);
      await say(page, 'Thank you.');
      await expect(page.getByRole('log', { name: 'Transcript' })).toContainText('You are very welcome');
      expect(call.sound.length > 0, 'silence is sent where the service expects sound').toBe(fault !== '');
      await stopCall(page);
      expect(await codes(call)).toEqual([]);
      expect(call.objections).toEqual([]);
    },
  );
}
