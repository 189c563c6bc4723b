/** `analytics="data-layer"`: which facts of a call reach a site's analytics, and which never do. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import {
  agentPageHtml,
  openAgentPage,
  startCall,
  stopCall,
  waitForEvents,
  waitForState,
} from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';

type Entry = Readonly<Record<string, unknown>>;

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium({ microphone: 'silent' });
});
test.afterAll(() => browser.close());

const dataLayer = (page: Page) =>
  page.evaluate(() => (window as unknown as { dataLayer?: Entry[] }).dataLayer);

const names = async (page: Page) => (await dataLayer(page))?.map(({ event }) => event);

test('a call is counted from its start, though the code for that comes late; nothing that was said', async () => {
  const agent = await startAgent();
  await using web = await servePage(
    agentPageHtml({
      id: 'shop',
      'token-url': `${agent.url}/voice-token`,
      analytics: 'data-layer',
      greeting: 'Alpine tents, Tundra tents, and a very long list of other tents that nobody waits for.',
    }),
  );
  const page = await browser.newPage();
  let release!: () => void;
  const mayCome = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/voice-agent-parts.js', async (route) => {
    await mayCome;
    await route.continue();
  });
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  await waitForState(page, 'speaking');
  await page.evaluate(() => window.agent.interrupt());
  await waitForEvents(page, 'interruption');
  expect(await names(page)).toBeUndefined();
  release();
  const begun = ['voice_agent_start', 'voice_agent_ready', 'voice_agent_interruption'];
  await expect.poll(() => names(page)).toEqual(begun);
  await stopCall(page);
  await expect.poll(() => names(page)).toEqual([...begun, 'voice_agent_end']);
  const entries = (await dataLayer(page))!;
  expect(entries.at(-1)).toEqual({
    event: 'voice_agent_end',
    voice_agent_id: 'shop',
    voice_agent_reason: 'stopped',
    voice_agent_seconds: expect.any(Number) as unknown,
  });
  expect(entries[1]!['voice_agent_wait_ms']).toBeGreaterThan(0);
  expect(JSON.stringify(entries)).not.toMatch(/tents|eyJ|token/i);
  await page.close();
  await agent.close();
});

test('a call that cannot start is an error by code and one end; without the attribute nothing is told', async () => {
  await using web = await servePage(agentPageHtml({ analytics: 'data-layer' }));
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBe('token_missing');
  await expect
    .poll(() => dataLayer(page))
    .toEqual([
      { event: 'voice_agent_start' },
      { event: 'voice_agent_error', voice_agent_code: 'token_missing' },
      { event: 'voice_agent_end', voice_agent_reason: 'error', voice_agent_seconds: 0 },
    ]);
  await page.evaluate(() => window.agent.removeAttribute('analytics'));
  await startCall(page);
  await waitForEvents(page, 'agent-error', 2);
  expect(await dataLayer(page)).toHaveLength(3);
  await page.close();
});

test('a reconnection is neither another start nor another ready', async () => {
  const agent = await startAgent();
  await using web = await servePage(
    agentPageHtml({
      'token-url': `${agent.url}/voice-token?fault=${encodeURIComponent('cut=0.8,cut-times=1')}`,
      analytics: 'data-layer',
    }),
  );
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  await waitForEvents(page, 'session-ready', 2);
  await stopCall(page);
  await expect.poll(() => names(page)).toEqual(['voice_agent_start', 'voice_agent_ready', 'voice_agent_end']);
  await page.close();
  await agent.close();
});
