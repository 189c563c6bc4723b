/** The start of a call: the order of its steps, and the first words. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, type Page } from '@playwright/test';
import { readEvents, startCall, waitForEvents } from '../support/agent-page.js';
import { openDevicePage, type DevicePage } from '../support/device-call.js';
import { openTestPage } from '../support/open-call.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { heardSteps, steppedTone } from '../support/stepped-tone.js';
import { concatenate, makeSilence } from '../support/tones.js';

/** As if the visitor had allowed the microphone on an earlier visit. */
async function openAllowedPage(attributes: Readonly<Record<string, string>> = {}): Promise<DevicePage> {
  const opened = await openDevicePage({ attributes });
  await opened.page.context().grantPermissions(['microphone']);
  return opened;
}

/** Starts a call without waiting for it. Its microphone is not granted until `devices.held` is false. */
async function startHeld(page: Page): Promise<{ readonly started: Promise<string | undefined> }> {
  await page.evaluate(() => (window.devices.held = true));
  const started = startCall(page);
  await page.waitForFunction(() => window.devices.pending > 0);
  return { started };
}

const states = async (page: Page) =>
  (await readEvents(page, 'state-change')).map(({ detail }) => detail.state);

const untilMeasured = (page: Page, stage: string) =>
  page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, `voice-agent:${stage}`);

test('an allowed microphone opens while the session starts, and the call is ready when both are', async () => {
  await using opened = await openAllowedPage();
  const { page, server } = opened;
  const { started } = await startHeld(page);
  const call = await server.call();
  await call.message('session.update');
  await untilMeasured(page, 'ready');
  expect(await states(page), 'nobody listens yet').toEqual(['connecting']);
  expect(await readEvents(page, 'session-ready')).toEqual([]);
  await page.evaluate(() => (window.devices.held = false));
  expect(await started).toBeUndefined();
  expect(await states(page)).toEqual(['connecting', 'listening']);
  await call.inputOfAtLeast(100);
  expect(server.calls).toHaveLength(1);
});

test('a session that was requested is ended if the microphone turns out to be unavailable', async () => {
  await using opened = await openAllowedPage();
  const { page, server } = opened;
  const { started } = await startHeld(page);
  const call = await server.call();
  await untilMeasured(page, 'ready');
  await page.evaluate(() => Object.assign(window.devices, { unplugged: true, held: false }));
  expect(await started).toBe('microphone_missing');
  await call.message('session.end');
  expect(await states(page)).toEqual(['connecting', 'error']);
  expect(await readEvents(page, 'session-end')).toHaveLength(1);
});

test('hanging up while the microphone opens ends the session', async () => {
  await using opened = await openAllowedPage();
  const { page, server } = opened;
  const { started } = await startHeld(page);
  const call = await server.call();
  await call.message('session.update');
  await page.evaluate(() => window.agent.stop());
  expect(await started).toBe('stopped');
  await call.message('session.end');
  await page.evaluate(() => (window.devices.held = false));
  await page.waitForFunction(() => window.microphoneTracks.length > 0);
  expect(await page.evaluate(() => window.microphoneTracks.map(({ readyState }) => readyState))).toEqual([
    'ended',
  ]);
});

test('while the browser may still show the microphone prompt, no connection is opened', async () => {
  const tokens: string[] = [];
  await using opened = await openDevicePage({
    attributes: { 'token-url': '/token' },
    prepare: async (page) => {
      // The fake prompt of the tests counts as granted.
      await page.addInitScript(() => {
        const status = Object.assign(new EventTarget(), { state: 'prompt' });
        Object.assign(navigator.permissions, { query: () => Promise.resolve(status) });
      });
      await page.route('**/token*', (route) => {
        tokens.push(route.request().url());
        return route.fulfill({ json: { token: 'a-token' } });
      });
    },
  });
  const { page, server } = opened;
  const { started } = await startHeld(page);
  // Everything that does not wait for the microphone has happened by then.
  await delay(500);
  expect(tokens).toEqual([]);
  expect(server.calls).toEqual([]);
  await page.evaluate(() => (window.devices.held = false));
  expect(await started).toBeUndefined();
  expect(tokens).toHaveLength(1);
});

test('a press prepares a Worker and the connection to the service’s host, but neither token nor microphone', async () => {
  const asked: string[] = [];
  await using opened = await openDevicePage({
    attributes: { 'token-url': '/token' },
    prepare: async (page) => {
      page.on('request', (request) => asked.push(request.url()));
      await page.addInitScript(() => {
        const links: string[] = [];
        Object.assign(window, { preconnected: links });
        new MutationObserver((records) => {
          for (const { addedNodes } of records)
            for (const node of addedNodes)
              if (node instanceof HTMLLinkElement) links.push(`${node.rel} ${node.href}`);
        }).observe(document, { childList: true, subtree: true });
      });
    },
  });
  const { page, server } = opened;
  const before = asked.length;
  expect(page.workers()).toHaveLength(0);
  await page.locator('voice-agent .call').hover();
  await page.mouse.down();
  await expect.poll(() => page.workers().length).toBe(1);
  const links = await page.evaluate(() => (window as unknown as { preconnected: string[] }).preconnected);
  expect(links).toEqual([`preconnect ${server.url.replace('ws', 'http')}`]);
  expect(asked.slice(before).filter((url) => !url.startsWith('blob:'))).toEqual([]);
  expect(await page.evaluate(() => window.devices.asked)).toBe(0);
  await page.route('**/token*', (route) => route.fulfill({ json: { token: 'a-token' } }));
  await page.mouse.up();
  await waitForEvents(page, 'session-ready');
  expect(page.workers(), 'the one that was prepared').toHaveLength(1);
});

test('no host is contacted before the visitor has agreed', async () => {
  await using opened = await openDevicePage({ attributes: { 'require-consent': '' } });
  const { page } = opened;
  await page.locator('voice-agent .call').hover();
  await page.mouse.down();
  await delay(300);
  expect(page.workers()).toHaveLength(0);
});

test('each stage of the start is measured once, in order', async () => {
  await using opened = await openAllowedPage();
  const { page, server } = opened;
  expect(await startCall(page)).toBeUndefined();
  const call = await server.call();
  call.say({ replyId: 'r', sound: { rateHz: 24_000, samples: new Float32Array(12_000).fill(0.3) } });
  await untilMeasured(page, 'first-sound');
  const measures = await page.evaluate(() =>
    performance
      .getEntriesByType('measure')
      .map(({ name, startTime, duration }) => ({ name, startTime, duration })),
  );
  const ms = Object.fromEntries(
    measures.map(({ name, duration }) => [name.replace('voice-agent:', ''), duration]),
  );
  expect(Object.keys(ms).sort()).toEqual([
    'context',
    'first-sound',
    'microphone',
    'ready',
    'socket',
    'token',
  ]);
  expect(new Set(measures.map(({ startTime }) => startTime)).size, 'all from the click').toBe(1);
  expect(ms['token']).toBeLessThanOrEqual(ms['socket']!);
  expect(ms['socket']).toBeLessThanOrEqual(ms['ready']!);
  expect(ms['microphone']).toBeLessThanOrEqual(ms['context']!);
  expect(ms['ready']).toBeLessThanOrEqual(ms['first-sound']!);
  await page.evaluate(() => (window.agentEvents.length = 0));
  const [stats] = await waitForEvents(page, 'stats');
  expect(stats?.detail.startMs).toEqual(ms);
});

test('speech between the opening of the microphone and session.ready is sent, in order', async () => {
  const STEPS = 8;
  await using server = await ScriptedServer.listen('mute');
  const sound = concatenate(makeSilence(300, 48_000), steppedTone(STEPS), makeSilence(300, 48_000));
  await using opened = await openTestPage({
    microphone: [{ atMs: 0, sound }],
    attributes: { 'server-url': server.url, token: 'a-token' },
    withoutEchoCancellation: true,
  });
  const { page } = opened;
  await page.context().grantPermissions(['microphone']);
  const started = startCall(page);
  const call = await server.call();
  await call.message('session.update');
  await untilMeasured(page, 'context');
  // The visitor speaks. Three seconds of it are kept.
  await delay(1_000);
  expect(call.packets, 'none before session.ready').toEqual([]);
  call.send({ type: 'session.ready', session_id: 's-1' });
  await started;
  const steps = await call.until('all that was said', () => {
    const heard = heardSteps(call.input());
    return heard.at(-1) === STEPS - 1 && heard;
  });
  expect(steps).toEqual(Array.from({ length: STEPS }, (_, step) => step));
});
