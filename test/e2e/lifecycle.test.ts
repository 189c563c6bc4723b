import { messages as english } from '../../components/locales/en.js';
import { failureText } from '../../components/locales/failure-text.js';
import { expect, test, type Browser, type Frame, type Page } from '@playwright/test';
import {
  openAgentPage,
  readEvents,
  serveAgentPage,
  startCall,
  stopCall,
  waitForEvents,
  waitForState,
  type AgentDocument,
} from '../support/agent-page.js';
import { launchChromium, type ChromiumOptions } from '../support/launch-chromium.js';
import { openCall } from '../support/open-call.js';
import { servePage } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';
import { ScriptedServer } from '../support/scripted-server.js';

/** No server listens on this reserved port. */
const DEAD_SERVER = 'ws://127.0.0.1:1/v1/ws';

test('stop() ends the session and the microphone before it resolves; start() works again', async () => {
  await using opened = await openCall();
  const { page, server, call } = opened;
  await call.inputOfAtLeast(200);
  const light = await page.evaluate(async () => {
    await window.agent.stop();
    return window.microphoneTracks.map(({ readyState }) => readyState);
  });
  expect(light, 'the recording light is off when stop() resolves').toEqual(['ended']);
  await call.message('session.end');
  // Both sides close now. The first close frame decides between "normal" and "no code".
  expect([1000, 1005]).toContain(await call.closed);
  await waitForState(page, 'ended');
  expect((await readEvents(page, 'session-end')).map(({ detail }) => detail.reason)).toEqual(['stopped']);

  expect(await startCall(page)).toBeUndefined();
  const second = await server.call(2);
  await second.inputOfAtLeast(200);
  await waitForState(page, 'listening');
  expect(await readEvents(page, 'session-ready')).toHaveLength(2);
  expect(await readEvents(page, 'agent-error')).toEqual([]);
});

test('the system shows the name of a call during the call, also with the single file', async () => {
  await using opened = await openCall();
  const { page } = opened;
  const name = () => page.evaluate(() => navigator.mediaSession.metadata?.title);
  await expect.poll(name).toBe('Voice conversation');
  await page.evaluate(() => window.agent.stop());
  await expect.poll(name).toBeUndefined();
});

test('the microphone is requested with echo cancellation only', async () => {
  await using opened = await openCall();
  const constraints = await opened.page.evaluate(() => window.microphoneTracks[0]?.getConstraints());
  expect(constraints).toMatchObject({
    // Chromium supports this value; other browsers treat it as true.
    echoCancellation: 'all',
    noiseSuppression: false,
    autoGainControl: false,
  });
});

test('a second start() during the first is the same call', async () => {
  const server = await ScriptedServer.listen();
  await using opened = await openCall();
  const { page } = opened;
  await stopCall(page);
  await page.evaluate((url) => window.agent.setAttribute('server-url', url), server.url);
  const refusals = await Promise.all([startCall(page), startCall(page)]);
  expect(refusals).toEqual([undefined, undefined]);
  await (await server.call()).inputOfAtLeast(200);
  expect(server.calls).toHaveLength(1);
  expect(await page.evaluate(() => window.microphoneTracks.length), 'one microphone for each call').toBe(2);
  await stopCall(page);
  await server[Symbol.asyncDispose]();
});

for (const [name, leave] of [
  ['closed', (page: Page) => page.close()],
  ['reloaded', (page: Page) => page.reload()],
  ['left for another', (page: Page) => page.goto('about:blank')],
] as const) {
  test(`a page that is ${name} sends session.end, so that billing stops`, async () => {
    await using opened = await openCall();
    const { page, call } = opened;
    await call.inputOfAtLeast(200);
    await leave(page);
    await call.message('session.end');
    await call.closed;
  });
}

test('an element that is removed from the page ends its call', async () => {
  await using opened = await openCall();
  const { page, call } = opened;
  await call.inputOfAtLeast(200);
  await page.evaluate(() => window.agent.remove());
  await call.message('session.end');
  const isLive = await page.waitForFunction(() =>
    window.microphoneTracks.every(({ readyState }) => readyState === 'ended'),
  );
  expect(await isLive.jsonValue()).toBe(true);
});

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly chromium?: ChromiumOptions;
  readonly attributes?: (server: ScriptedServer) => Record<string, string>;
  readonly prepare?: (server: ScriptedServer) => void;
  /** Runs in the page before any other script. */
  readonly inPage?: () => void;
  /** Host name of the page, instead of loopback. */
  readonly host?: string;
  /** Inside a page of another origin, which has not allowed it the microphone. */
  readonly isFramed?: boolean;
}

const FAILURES: readonly Failure[] = [
  { name: 'a denied microphone', code: 'microphone_denied', chromium: { microphone: 'denied' } },
  { name: 'a missing microphone', code: 'microphone_missing', chromium: { microphone: 'missing' } },
  {
    name: 'a microphone that another program holds',
    code: 'microphone_in_use',
    // No switch of Chromium makes a device busy. This is the error for it.
    inPage: () => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Could not start audio source', 'NotReadableError'));
    },
  },
  {
    name: 'a frame without allow="microphone"',
    code: 'microphone_denied',
    isFramed: true,
  },
  {
    name: 'an insecure page',
    code: 'insecure_page',
    chromium: { switches: ['--host-resolver-rules=MAP insecure.test 127.0.0.1'] },
    host: 'insecure.test',
  },
  {
    name: 'a server that cannot be reached',
    code: 'connection_failed',
    attributes: () => ({ 'server-url': DEAD_SERVER }),
  },
  {
    name: 'a token that the server does not accept, said in words',
    code: 'unauthorized',
    prepare: (server) => (server.manners = 'unauthorized'),
  },
  {
    name: 'a token endpoint that gives none',
    code: 'token_refused',
    attributes: () => ({ 'token-url': '/no-such-endpoint' }),
  },
  {
    name: 'a wrong encoding',
    code: 'invalid_option',
    attributes: () => ({ 'input-encoding': 'audio/mp3' }),
  },
  {
    name: 'a token that the server does not accept, refusing the connection',
    code: 'unauthorized',
    prepare: (server) => (server.manners = 'refuse'),
  },
  { name: 'a volume out of range', code: 'invalid_option', attributes: () => ({ volume: '11' }) },
  {
    name: 'an unencrypted server beyond loopback',
    code: 'invalid_option',
    attributes: () => ({ 'server-url': 'ws://agents.example.com/v1/ws' }),
  },
];

async function expectExplained(page: AgentDocument, code: string): Promise<void> {
  expect(await startCall(page), 'start() is rejected with the code').toBe(code);
  await waitForState(page, 'error');
  expect(await page.locator('voice-agent').getAttribute('state')).toBe('error');
  const errors = (await readEvents(page, 'agent-error')).map(({ detail }) => detail);
  expect(errors, 'one event').toHaveLength(1);
  expect(errors[0]).toMatchObject({ code, fatal: true });
  expect(errors[0]!.hint).not.toBe('');
  const shown = failureText(errors[0]!, english);
  // Playwright's locators pierce the shadow root.
  await expect(page.locator('voice-agent')).toContainText(shown!.message);
  await expect(page.locator('voice-agent')).toContainText(shown!.hint);
  const tracks = await page.evaluate(() => window.microphoneTracks.map(({ readyState }) => readyState));
  expect(
    tracks.every((state) => state === 'ended'),
    'no microphone stays on',
  ).toBe(true);
}

/** The page in a frame of another origin. */
async function openFramed(page: Page, url: string): Promise<Frame> {
  await using around = await servePage(`<!doctype html><iframe src="${url}"></iframe>`);
  await page.goto(around.url);
  const frame = page.frames().find((each) => each.url() === url);
  if (!frame) throw new Error('The frame has not been loaded.');
  await frame.waitForFunction(() => customElements.get('voice-agent') !== undefined);
  return frame;
}

for (const [index, failure] of FAILURES.entries()) {
  const { name, code, chromium = {}, attributes, prepare, inPage, host, isFramed } = failure;
  test(`${name} reports its error: ${code}`, firstRows(9, index), async () => {
    await using server = await ScriptedServer.listen();
    prepare?.(server);
    const options = { 'server-url': server.url, token: 'a-token', ...attributes?.(server) };
    await using web = await serveAgentPage(options);
    const browser: Browser = await launchChromium(chromium);
    try {
      const page = await browser.newPage();
      if (inPage) await page.addInitScript(inPage);
      if (isFramed) {
        const frame = await openFramed(page, web.url);
        await expectExplained(frame, code);
        // Only the page's author can do something about it.
        const [error] = await readEvents(frame, 'agent-error');
        expect(error?.detail.hint).toContain('allow="microphone"');
        return;
      }
      await openAgentPage(page, host === undefined ? web.url : `http://${host}:${web.port}/`);
      await expectExplained(page, code);
    } finally {
      await browser.close();
    }
  });
}

test('after an error start() works again', async () => {
  await using server = await ScriptedServer.listen('unauthorized');
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBe('unauthorized');
    const failedCalls = server.calls.length;
    server.manners = 'polite';
    expect(await startCall(page)).toBeUndefined();
    await waitForState(page, 'listening');
    await (await server.call(failedCalls + 1)).inputOfAtLeast(200);
    await waitForEvents(page, 'session-ready');
  } finally {
    await browser.close();
  }
});
