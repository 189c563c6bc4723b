/** A page has one call at a time, and none that cannot be heard. */
import { expect, test, type Browser } from '@playwright/test';
import {
  agentPageHtml,
  openAgentPage,
  readEvents,
  serveAgentPage,
  startCall,
  waitForEvents,
  waitForState,
} from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { ScriptedServer } from '../support/scripted-server.js';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium();
});
test.afterAll(() => browser.close());

test('a new call ends the call of another tag on the page', async () => {
  await using server = await ScriptedServer.listen();
  const attributes = { 'server-url': server.url, token: 'a-token' };
  const tag = /<voice-agent[^>]*><\/voice-agent>/.exec(agentPageHtml(attributes))![0];
  await using web = await servePage(agentPageHtml(attributes).replace(tag, tag + tag));
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  const first = await server.call(1);
  await page.evaluate(() => (document.querySelectorAll('voice-agent')[1] as typeof window.agent).start());
  await first.message('session.end');
  await (await server.call(2)).inputOfAtLeast(100);
  expect((await waitForEvents(page, 'session-end')).map(({ detail }) => detail.reason)).toEqual(['replaced']);
  expect(server.calls).toHaveLength(2);
  const live = await page.evaluate(() => window.microphoneTracks.map(({ readyState }) => readyState));
  expect(live).toEqual(['ended', 'live']);
  await page.close();
});

test('start() right after stop() is a new call, even if the server has not confirmed the end of the old one', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  const first = await server.call(1);
  // From here on the server does not answer, so the old call would wait three seconds.
  const ended = first.message('session.end');
  const refusal = await page.evaluate(async () => {
    void window.agent.stop();
    return window.agent.start().then(
      () => undefined,
      (error: unknown) => String(error),
    );
  });
  expect(refusal).toBeUndefined();
  await ended;
  await (await server.call(2)).inputOfAtLeast(100);
  await first.closed;
  await waitForState(page, 'listening');
  expect(await readEvents(page, 'session-end')).toHaveLength(1);
  expect(await readEvents(page, 'agent-error')).toEqual([]);
  await page.close();
});

test('without a Worker the call works on the page’s thread, and sends session.end when the page is closed', async () => {
  await using server = await ScriptedServer.listen();
  const policy = `<meta http-equiv="Content-Security-Policy" content="worker-src 'none'" />`;
  const html = agentPageHtml({ 'server-url': server.url, token: 'a-token' }).replace(
    '<title>',
    `${policy}<title>`,
  );
  await using web = await servePage(html);
  for (let n = 1; n <= 3; n++) {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    const [stats] = await waitForEvents(page, 'stats');
    expect(stats?.detail.sessionHost).toBe('page');
    const call = await server.call(n);
    await page.close();
    await call.message('session.end');
  }
});
