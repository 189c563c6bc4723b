/** `keep-across-pages` in Firefox and WebKit. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { agentPageHtml } from '../support/agent-page.js';
import { servePage } from '../support/page-server.js';
import { openFirefox } from './firefox-page.js';
import type { RemotePage } from './remote-page.js';
import { openWebKit } from './webkit-page.js';

const BROWSERS = [
  { name: 'Firefox', open: () => openFirefox() },
  { name: 'WebKit', open: openWebKit },
] as const;

const WAYS = `<a id="link" href="/?link">Next</a>
  <form action="/" method="get"><button id="form" name="form" value="">Send</button></form>`;
const WAIT_MS = 60_000;

/** A page that is being left does not answer, so try again. */
async function until(page: RemotePage, what: string, condition: () => boolean): Promise<void> {
  const untilMs = Date.now() + WAIT_MS;
  while (!(await page.evaluate(condition).catch(() => false))) {
    if (Date.now() > untilMs) throw new Error(`${what} did not come.`);
    await delay(100);
  }
}

for (const { name, open } of BROWSERS)
  for (const way of ['link', 'form'])
    test(`${name}: a call continues on the next page after a ${way}`, async () => {
      const agent = await startAgent();
      try {
        const said: string[] = [];
        agent.events.on('client-message', ({ message }) => {
          if (message?.type.startsWith('session.')) said.push(message.type);
        });
        const sessions: string[] = [];
        agent.events.on('session-over', ({ sessionId }) => sessions.push(sessionId));
        const html = agentPageHtml({
          'token-url': `${agent.url}/voice-token`,
          'keep-across-pages': '',
          // The tone of Firefox's microphone would interrupt the greeting.
          muted: '',
          greeting: 'One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve.',
        });
        await using web = await servePage(html.replace('</body>', `${WAYS}</body>`));
        await using page = await open();
        await page.goto(web.url);
        await page.evaluate(async () => {
          await customElements.whenDefined('voice-agent');
          await customElements.whenDefined('voice-agent-extras');
          await window.agent.start();
        });
        await until(page, 'The greeting', () => window.agent.state === 'speaking');
        await page.evaluate((id: string) => {
          setTimeout(() => document.getElementById(id)!.click(), 500);
        }, way);
        await until(page, 'The next page', () => location.search !== '');
        await until(page, 'The rest of the greeting', () =>
          (window.agent as unknown as { transcript: { text: string }[] }).transcript
            .map(({ text }) => text)
            .join(' ')
            .toLowerCase()
            .includes('twelve'),
        );
        // Later updates may change the turn detection because of echo.
        expect(said.slice(0, 2)).toEqual(['session.update', 'session.resume']);
        await page.evaluate(() => window.agent.stop());
        await expect.poll(() => said.at(-1)).toBe('session.end');
        await expect.poll(() => sessions, 'one session').toHaveLength(1);
      } finally {
        await agent.close();
      }
    });
