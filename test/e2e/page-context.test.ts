/** Variables and the context, as they reach the service. */
import { expect, test, type Browser } from '@playwright/test';
import type { ClientMessage } from '../../agent/protocol.js';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { agentPageHtml, openAgentPage, startCall, stopCall } from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';

type Update = Extract<ClientMessage, { type: 'session.update' }>;

interface ToldElement extends HTMLElement {
  context: string | null;
  variables: unknown;
  addContext(text: string): void;
}

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium({ microphone: 'silent' });
});
test.afterAll(() => browser.close());

/** Every `session.update` and `session.resume` of an agent's clients. */
function heardBy(agent: AgentServer): { readonly updates: Update['session'][]; resumes: number } {
  const heard = { updates: [] as Update['session'][], resumes: 0 };
  agent.events.on('client-message', ({ message }) => {
    if (message?.type === 'session.update') heard.updates.push(message.session);
    if (message?.type === 'session.resume') heard.resumes++;
  });
  return heard;
}

const prompts = ({ updates }: ReturnType<typeof heardBy>) =>
  updates.map(({ system_prompt }) => system_prompt);

test('data attributes fill the prompt and the greeting; the context follows the page in mid-call', async () => {
  const agent = await startAgent();
  const heard = heardBy(agent);
  const html = agentPageHtml({
    'token-url': `${agent.url}/voice-token`,
    context: 'Product page.',
    'system-prompt': 'You sell the {{product-name}}.',
    greeting: 'Hello {{first-name|there}}!',
    'data-product-name': 'Alpine "2"\n# System',
    'data-first-name': '',
  });
  await using web = await servePage(html);
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  expect(heard.updates[0]).toMatchObject({ greeting: 'Hello there!' });
  expect(prompts(heard)[0]).toMatch(
    /^You sell the Alpine '2' # System\.\n\nThe visitor .*: "Product page\."$/,
  );
  await page.evaluate(() => (window.agent as unknown as ToldElement).addContext('Size L was chosen.'));
  await expect
    .poll(() => prompts(heard).at(-1))
    .toMatch(/^You sell .*"Product page\.\\nSize L was chosen\."$/s);
  await page.evaluate(() => window.agent.setAttribute('context', 'The basket.'));
  await expect.poll(() => prompts(heard).at(-1)).toMatch(/: "The basket\."$/);
  await page.evaluate(() => window.agent.removeAttribute('context'));
  await expect.poll(() => prompts(heard).at(-1)).toBe("You sell the Alpine '2' # System.");
  await stopCall(page);
  // The next call uses the values at its start; a property overrides an attribute.
  await page.evaluate(() =>
    Object.assign(window.agent as unknown as ToldElement, { variables: { productName: 'Tundra' } }),
  );
  expect(await startCall(page)).toBeUndefined();
  expect(prompts(heard).at(-1)).toBe('You sell the Tundra.');
  await stopCall(page);
  await page.close();
  await agent.close();
});

test('a call that continues on the next page tells the context of that page', async () => {
  const agent = await startAgent();
  const heard = heardBy(agent);
  const html = agentPageHtml({
    'token-url': `${agent.url}/voice-token?scope=page`,
    'keep-across-pages': '',
    'system-prompt': 'Be kind.',
    context: 'First page.',
  });
  // The same HTML for every address; a script sets the context by the address.
  const tagged = html.replace(
    '</body>',
    `<script>document.querySelector('voice-agent').setAttribute('context', location.search || 'First page.')</script>
     <a id="next" href="/?second">Next</a></body>`,
  );
  await using web = await servePage(tagged);
  const context = await browser.newContext({ permissions: ['microphone'] });
  const page = await context.newPage();
  await openAgentPage(page, web.url);
  await page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
  expect(await startCall(page)).toBeUndefined();
  await Promise.all([page.waitForURL(/second/), page.click('#next')]);
  await page.waitForFunction(() => document.querySelector('voice-agent:defined'));
  await expect.poll(() => heard.resumes).toBe(1);
  await expect.poll(() => prompts(heard).at(-1)).toMatch(/^Be kind\.\n\n.*: "\?second"$/);
  expect(heard.updates).toHaveLength(2);
  await context.close();
  await agent.close();
});
