/** Events of the browser: no network, a frozen tab, leaving the page and returning. */
import { expect, test, type Page } from '@playwright/test';
import {
  openAgentPage,
  readEvents,
  serveAgentPage,
  startCall,
  waitForEvents,
} from '../support/agent-page.js';
import { writeMicrophoneFile } from '../support/fake-microphone.js';
import { openFaultCall, packetsDropped, toldInCall } from '../support/fault-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { openPlainPage } from '../support/plain-chromium.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { heardSteps, STEP_MS, steppedTone } from '../support/stepped-tone.js';
import { concatenate, joinSamples, makeSilence } from '../support/tones.js';

const STEPS = 50;
/** A step has four packets. It counts as missing only if this many are missing. */
const LEAST_PACKETS = 2;

/** Ten seconds of a tone that rises a step every 200 ms. */
const SPEECH = concatenate(makeSilence(1_000, 48_000), steppedTone(STEPS), makeSilence(1_000, 48_000));

async function withSpeech(run: (page: Page, server: ScriptedServer) => Promise<void>): Promise<void> {
  await using file = await writeMicrophoneFile(SPEECH);
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const browser = await launchChromium({ microphoneWav: file.path });
  try {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    await run(page, server);
  } finally {
    await browser.close();
  }
}

/** Every step was heard, once and in order. */
function expectEveryStep(heard: readonly number[]): void {
  const first = heard[0]!;
  expect(first * STEP_MS, 'it began before the outage').toBeLessThan((STEPS * STEP_MS) / 2);
  expect(heard).toEqual(Array.from({ length: STEPS - first }, (_, index) => first + index));
}

test('a system that falsely reports to be offline causes no loss', async () => {
  await withSpeech(async (page, server) => {
    const call = await server.call();
    await call.inputOfAtLeast(2_000);
    // As with a VPN, or a server on this computer.
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    const { length } = call.packets;
    await call.until('three seconds more', () => call.packets.length - length >= 60);
    expect(await page.evaluate(() => window.agent.state)).not.toBe('reconnecting');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await call.until('the last step', () => heardSteps(call.input()).at(-1) === STEPS - 1);
    expectEveryStep(heardSteps(call.input()));
    expect(server.calls).toHaveLength(1);
    expect(await readEvents(page, 'agent-error')).toEqual([]);
  });
});

test('a call waits for a system that is offline for longer, and then continues', async () => {
  await using file = await writeMicrophoneFile(SPEECH);
  const browser = await launchChromium({ microphoneWav: file.path });
  try {
    // The local agent resumes sessions. How long the gap is, and so how much has to be caught up with, depends on the machine.
    await using call = await openFaultCall(browser, 'cut=4,cut-times=1,audio-burst=15000');
    const { page, sound } = call;
    // Audio sent while the system reported to be offline is sent again after the drop, although it had arrived.
    const heard = () => [...new Set(heardSteps({ rateHz: 24_000, samples: joinSamples(sound) }))];
    expect(await startCall(page)).toBeUndefined();
    await expect.poll(() => heard().length).toBeGreaterThan(3);
    await page.context().setOffline(true);
    await expect.poll(() => page.evaluate(() => window.agent.state)).toBe('reconnecting');
    await page.context().setOffline(false);
    await expect.poll(() => heard().at(-1), { timeout: 60_000 }).toBe(STEPS - 1);
    expect(await toldInCall(page)).toEqual([]);
    const dropped = await packetsDropped(page);
    if (dropped === 0) expectEveryStep(heard());
    else {
      // If the machine took longer than a call keeps audio, no more is missing than the call itself counts.
      expect(heard()).toEqual(heard().toSorted((a, b) => a - b));
      const missing = STEPS - heard()[0]! - heard().length;
      expect(missing, `${dropped} packets were dropped`).toBeLessThanOrEqual(dropped / LEAST_PACKETS);
    }
    const ready = await waitForEvents(page, 'session-ready', 2);
    expect(ready.map(({ detail }) => detail.how)).toEqual(['first', 'resumed']);
    expect(call.objections).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('a tab that the browser freezes ends its call, and can start another when it thaws', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  await using page = await openPlainPage(web.url);
  const start = `customElements.whenDefined('voice-agent')
    .then(() => document.querySelector('voice-agent').start()).then(() => 'started')`;
  expect(await page.evaluate(start)).toBe('started');
  const call = await server.call(1);
  await call.inputOfAtLeast(100);
  await page.send('Page.setWebLifecycleState', { state: 'frozen' });
  await call.message('session.end');
  await page.send('Page.setWebLifecycleState', { state: 'active' });
  const reasons = `agentEvents.filter(({ type }) => type === 'session-end').map(({ detail }) => detail.reason)`;
  await expect.poll(() => page.evaluate(reasons)).toEqual(['page-hidden']);
  expect(await page.evaluate(start)).toBe('started');
  await (await server.call(2)).inputOfAtLeast(100);
});

test('a page that was left during a call and restored is silent, and can start another call', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    await (await server.call(1)).inputOfAtLeast(100);
    await page.goto('about:blank');
    await (await server.call(1)).message('session.end');
    await page.goBack();
    await page.waitForFunction(() => customElements.get('voice-agent') !== undefined);
    expect(['idle', 'ended']).toContain(await page.evaluate(() => window.agent.state));
    expect(await startCall(page)).toBeUndefined();
    await (await server.call(2)).inputOfAtLeast(100);
    expect(server.calls).toHaveLength(2);
  } finally {
    await browser.close();
  }
});
