/** The recipe of the theming guide: a call in its own small window, with a real Picture-in-Picture window. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { agentPageHtml, openAgentPage, startCall, stopCall, waitForState } from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';

/** The script of the guide. */
async function recipe(): Promise<string> {
  const guide = await readFile(join(projectRoot, 'docs/guides/theming.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, , code = '']) => code);
  const found = blocks.find((code) => code.includes('documentPictureInPicture'));
  if (found === undefined) throw new Error('The guide has no such recipe.');
  return found;
}

interface Seen {
  readonly surface: string;
  readonly width: number;
}

/** How the element looks where it is. */
const seenIn = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const panel = document.querySelector('voice-agent')!.shadowRoot!.querySelector('.panel')!;
    return { surface: getComputedStyle(panel).backgroundColor, width: panel.getBoundingClientRect().width };
  });

test('a call goes on in a small window, is operated there, and comes back when it is closed', async () => {
  const agent = await startAgent();
  const browser = await launchChromium({ microphone: 'silent' });
  const html = agentPageHtml({
    id: 'agent',
    theme: 'dark',
    'token-url': `${agent.url}/voice-token`,
    greeting: 'One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve.',
  });
  await using web = await servePage(
    html.replace(
      '</body>',
      `<button id="button">Small window</button><script type="module">${await recipe()}</script></body>`,
    ),
  );
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  await waitForState(page, 'speaking');
  const before = await seenIn(page);
  const [small] = await Promise.all([page.context().waitForEvent('page'), page.click('#button')]);
  await small.locator('voice-agent .mute').waitFor();
  const there = await seenIn(small);
  expect(there.surface).toBe(before.surface);
  expect(there.width).toBeGreaterThan(200);
  expect(await page.locator('voice-agent').count()).toBe(0);
  await small.locator('voice-agent .mute').click();
  expect(await page.evaluate(() => (window.agent as unknown as { muted: boolean }).muted)).toBe(true);
  // The reply is heard to its end in the other window.
  await small.locator('voice-agent .transcript', { hasText: 'twelve' }).waitFor();
  expect(agent.agent.sessionCount).toBe(1);
  await small.close();
  await page.locator('voice-agent .mute').waitFor();
  expect(await seenIn(page)).toEqual(before);
  await waitForState(page, 'listening');
  expect(agent.agent.sessionCount).toBe(1);
  await stopCall(page);
  await page.close();
  await agent.close();
});
