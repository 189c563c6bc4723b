/**
 * The fault matrix: the built element in a real browser, against every fault of the local agent. Either the call
 * continues without loss, or it ends with an error that names the cause.
 */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { readEvents, startCall, stopCall, waitForEvents, waitForState } from '../support/agent-page.js';
import { writeMicrophoneFile } from '../support/fake-microphone.js';
import {
  offerTool,
  openFaultCall,
  openings,
  say,
  toldInCall,
  untilHeard,
  type FaultCall,
} from '../support/fault-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { firstRows } from '../support/sample.js';
import { heardSteps, STEP_MS, steppedTone } from '../support/stepped-tone.js';
import { concatenate, joinSamples, makeSilence } from '../support/tones.js';

/** The agent answers at once and sends faster than real time, so that the test waits only for playback. */
const HURRY = 'pace=10';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium({ microphone: 'silent' });
});
test.afterAll(() => browser.close());

const codes = async (page: Page) => (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);
/** The agent's text of each reply, from its last update. */
async function spokenTexts(page: Page): Promise<string[]> {
  const updates = (await readEvents(page, 'transcript')).map(({ detail }) => detail);
  const latest = new Map(
    updates.filter(({ role }) => role === 'agent').map((update) => [update.replyId, update]),
  );
  return [...latest.values()].filter(({ unspoken }) => unspoken !== true).map(({ text }) => text);
}

interface Endured {
  readonly fault: string;
  readonly attributes?: Record<string, string>;
  /** Codes of non-fatal errors that the page receives. */
  readonly told?: readonly string[];
  /** The greeting is inaudible. */
  readonly mutedGreeting?: true;
}

/** The call continues: the greeting is heard, a typed question is answered, no word is missing, and the call ends regularly. */
const ENDURED: readonly Endured[] = [
  { fault: '' },
  { fault: 'jitter=150,jitter-share=0.3' },
  { fault: 'malformed=3', told: ['protocol_error', 'server_error'] },
  { fault: 'silent-reply=1', mutedGreeting: true },
  { fault: 'odd-bytes' },
  { fault: 'latency=400' },
  { fault: 'stall=1500,stall-after=1' },
  { fault: 'unspoken-reply=1', mutedGreeting: true },
  { fault: 'speed=30' },
  { fault: 'odd-bytes', attributes: { 'output-encoding': 'audio/pcmu', 'input-encoding': 'audio/pcmu' } },
  { fault: 'odd-bytes', attributes: { 'output-encoding': 'audio/pcma', 'input-encoding': 'audio/pcma' } },
  { fault: 'late-words' },
  { fault: 'lead=3000' },
  { fault: 'at-capacity=2', told: ['at_capacity'] },
];

for (const [index, { fault, attributes, told = [], mutedGreeting }] of ENDURED.entries()) {
  const name = [fault || 'nothing', attributes?.['output-encoding']].filter(Boolean).join(', ');
  test(`continues: ${name}`, firstRows(5, index), async () => {
    await using call = await openFaultCall(browser, [HURRY, fault].join(), attributes);
    const { page } = call;
    expect(await startCall(page)).toBeUndefined();
    await waitForEvents(page, 'reply-end');
    await say(page, 'Thank you.');
    const ends = await waitForEvents(page, 'reply-end', 2);
    expect(ends.map(({ detail }) => detail.status)).toEqual(['completed', 'completed']);
    const greeting = mutedGreeting ? [] : ['Hello.'];
    expect(await spokenTexts(page)).toEqual([...greeting, expect.stringContaining('welcome')]);
    await stopCall(page);
    expect((await readEvents(page, 'session-end')).map(({ detail }) => detail.reason)).toEqual(['stopped']);
    for (const code of await codes(page)) expect(told).toContain(code);
    expect(call.objections, 'what the independent schemas object to').toEqual([]);
  });
}

interface Named {
  readonly fault: string;
  readonly code: string;
  readonly message?: string;
  readonly connections: number;
}

/** The call cannot begin, and reports why. */
const NAMED: readonly Named[] = [
  { fault: 'bad-token=session', code: 'unauthorized', connections: 2 },
  { fault: 'bad-token=handshake', code: 'unauthorized', connections: 0 },
  {
    fault: 'fatal-update',
    code: 'invalid_value',
    message: 'system_prompt is not acceptable',
    connections: 1,
  },
  { fault: 'at-capacity=9', code: 'at_capacity', connections: 5 },
];

for (const { fault, code, message, connections } of NAMED) {
  test(`ends with its error: ${fault}: ${code}`, async () => {
    await using call = await openFaultCall(browser, fault);
    const { page, agent } = call;
    let opened = 0;
    agent.events.on('connection', () => opened++);
    expect(await startCall(page)).toBe(code);
    await waitForState(page, 'error');
    const fatal = (await readEvents(page, 'agent-error')).filter(({ detail }) => detail.fatal);
    expect(fatal).toHaveLength(1);
    if (message !== undefined) expect(fatal[0]?.detail.message).toBe(message);
    expect(opened, 'as often as it makes sense').toBe(connections);
    expect(
      await page.evaluate(() => window.microphoneTracks.every((track) => track.readyState === 'ended')),
    ).toBe(true);
    expect(call.objections).toEqual([]);
  });
}

interface Cut {
  readonly fault: string;
  readonly how: readonly ('resumed' | 'fresh')[];
}

/** The connection drops during the call. */
const CUTS: readonly Cut[] = [
  { fault: 'cut=3,cut-times=1,cut-code=1006', how: ['resumed'] },
  { fault: 'cut=3,cut-times=2,refuse-resume=session_not_found', how: ['fresh', 'fresh'] },
  ...[1011, 1012, 1013].map((code) => ({
    fault: `cut=3,cut-times=1,cut-code=${code}`,
    how: ['resumed'] as const,
  })),
  ...['session_not_found', 'session_forbidden', 'session_expired'].map((code) => ({
    fault: `cut=3,cut-times=1,refuse-resume=${code}`,
    how: ['fresh'] as const,
  })),
];

/** The same agent with the dialogue so far, without a second greeting. */
function expectHandover(call: FaultCall): void {
  const takeovers = openings(call)
    .slice(1)
    .filter((message) => message.type === 'session.update');
  for (const { session } of takeovers) {
    expect(session).not.toHaveProperty('greeting');
    const prompt = String(session['system_prompt']);
    expect(prompt).toMatch(/^Be kind\.\n/);
    expect(prompt.match(/without greeting again/g)).toHaveLength(1);
    expect(prompt).toContain('User: Thank you.');
    expect(session).toMatchObject({ output: { voice: 'anna' } });
  }
}

for (const [index, { fault, how }] of CUTS.entries()) {
  test(`drops and continues: ${fault}`, firstRows(2, index), async () => {
    await using call = await openFaultCall(browser, `${HURRY},${fault}`, {
      'system-prompt': 'Be kind.',
      voice: 'anna',
    });
    const { page } = call;
    expect(await startCall(page)).toBeUndefined();
    await say(page, 'Thank you.');
    const ready = await waitForEvents(page, 'session-ready', 1 + how.length);
    expect(ready.map(({ detail }) => detail.how)).toEqual(['first', ...how]);
    await waitForState(page, 'listening');
    const states = (await readEvents(page, 'state-change')).map(({ detail }) => detail.state);
    expect(states.filter((state) => state === 'reconnecting')).toHaveLength(how.length);
    const repliesBefore = (await readEvents(page, 'reply-start')).length;
    await say(page, 'Hello again.');
    await waitForEvents(page, 'reply-start', repliesBefore + 1);
    await waitForState(page, 'speaking');
    if (how.includes('fresh')) expectHandover(call);
    // An update of the same line says that it was sent again, if the cut came before a reply.
    const lines = (await readEvents(page, 'transcript')).filter(({ detail }) => detail.text === 'Thank you.');
    expect(new Set(lines.map(({ detail }) => detail.itemId)).size, 'shown once').toBe(1);
    await expect(page.locator('voice-agent'), 'the transcript stays').toContainText('Thank you.');
    expect(await toldInCall(page)).toEqual([]);
    await stopCall(page);
    expect(call.objections).toEqual([]);
  });
}

for (const [index, refusal] of ['', ',refuse-resume=session_not_found'].entries()) {
  test(
    `no speech of the user is lost in a drop${refusal ? ' after which the session cannot be resumed' : ''}`,
    firstRows(1, index),
    async () => {
      const steps = 40;
      const tone = concatenate(makeSilence(1_500, 48_000), steppedTone(steps), makeSilence(1_000, 48_000));
      await using file = await writeMicrophoneFile(tone);
      const speaking = await launchChromium({ microphoneWav: file.path });
      try {
        await using call = await openFaultCall(speaking, `latency=150,cut=4,cut-times=1${refusal}`);
        const { page, sound } = call;
        expect(await startCall(page)).toBeUndefined();
        await waitForEvents(page, 'session-ready', 2);
        await expect
          .poll(() => heardSteps({ rateHz: 24_000, samples: joinSamples(sound) }).at(-1), { timeout: 60_000 })
          .toBe(steps - 1);
        const heard = heardSteps({ rateHz: 24_000, samples: joinSamples(sound) });
        const first = heard[0]!;
        expect(first * STEP_MS, 'it began before the cut').toBeLessThan(3_000);
        expect(heard).toEqual(Array.from({ length: steps - first }, (_, index) => first + index));
        await stopCall(page);
        expect(call.objections).toEqual([]);
      } finally {
        await speaking.close();
      }
    },
  );
}

test('a burst of tool calls is answered, each of them, known and unknown', async () => {
  await using call = await openFaultCall(browser, `${HURRY},tool-storm=20`);
  const { page } = call;
  await offerTool(page);
  expect(await startCall(page)).toBeUndefined();
  await waitForEvents(page, 'reply-end');
  await say(page, 'Thank you.');
  const results = await untilHeard('20 results', () => {
    const found = call.heard.flatMap(({ message }) => (message?.type === 'tool.result' ? [message] : []));
    return found.length >= 20 ? found : undefined;
  });
  expect(new Set(results.map(({ call_id }) => call_id)).size).toBe(20);
  const failed = results.filter(({ is_error }) => is_error === true);
  expect(failed).toHaveLength(10);
  for (const { result } of failed) expect(result).toContain('There is no tool named unknown_tool_');
  await stopCall(page);
  expect(call.objections).toEqual([]);
});

test('a call without speech ends as idle', async () => {
  await using call = await openFaultCall(browser, '', { 'idle-timeout': '2' });
  const { page } = call;
  expect(await startCall(page)).toBeUndefined();
  const [end] = await waitForEvents(page, 'session-end');
  expect(end?.detail.reason).toBe('idle');
  expect(call.heard.at(-1)?.message?.type).toBe('session.end');
});

test('a call of the maximum duration gets a warning and ends', async () => {
  await using call = await openFaultCall(browser, '', { 'max-duration': '2' });
  const { page } = call;
  const warned = page.evaluate(
    () =>
      new Promise<unknown>((resolve) =>
        window.agent.addEventListener('call-warning', (event) => resolve((event as CustomEvent).detail)),
      ),
  );
  expect(await startCall(page)).toBeUndefined();
  expect(await warned).toEqual({ reason: 'max-duration', secondsLeft: 2 });
  const [end] = await waitForEvents(page, 'session-end');
  expect(end?.detail.reason).toBe('max-duration');
  expect(end?.detail.seconds).toBeGreaterThan(1.5);
});
