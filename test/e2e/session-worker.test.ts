import { expect, test } from '@playwright/test';
import {
  openAgentPage,
  readEvents,
  serveAgentPage,
  startCall,
  waitForEvents,
} from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { ScriptedServer } from '../support/scripted-server.js';

test('a Worker that dies during a call ends it with an error, and another call can begin', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const Original = Worker;
      window.Worker = class extends Original {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args);
          addEventListener('kill-worker', () => this.terminate());
        }
      };
    });
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    await (await server.call(1)).inputOfAtLeast(200);
    await page.evaluate(() => dispatchEvent(new Event('kill-worker')));
    const [end] = await waitForEvents(page, 'session-end');
    expect(end?.detail.reason).toBe('error');
    expect((await readEvents(page, 'agent-error')).map(({ detail }) => detail.code)).toEqual([
      'session_lost',
    ]);
    expect(await startCall(page)).toBeUndefined();
    await (await server.call(2)).inputOfAtLeast(200);
    await page.evaluate(() => dispatchEvent(new Event('kill-worker')));
    await page.evaluate(() => window.agent.stop());
    expect(await page.evaluate(() => window.agent.state)).toBe('ended');
  } finally {
    await browser.close();
  }
});
