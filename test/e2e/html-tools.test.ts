/** Tools without a line of JavaScript but the answer: declared in HTML, called by the agent, answered through the DOM. */
import { expect, test } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import type { ClientMessage } from '../../agent/protocol.js';
import type { ToolCallEvent } from '../../src/client/tool-calls.js';
import {
  agentPageHtml,
  openAgentPage,
  readEvents,
  startCall,
  stopCall,
  waitForEvents,
} from '../support/agent-page.js';
import { say } from '../support/fault-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** A page with one tool; @param script is its JSON Schema. */
const withTool = (html: string, script: string) =>
  html.replace(
    '></voice-agent>',
    `><voice-agent-tool name="weather" description="Tells the weather." timeout-seconds="20">
      <script type="application/json">${script}</script>
    </voice-agent-tool></voice-agent>`,
  );

test('a tool declared in HTML is offered, called and answered by respondWith', async () => {
  const agent = await startAgent();
  const said: ClientMessage[] = [];
  agent.events.on('client-message', ({ message }) => {
    if (message && message.type !== 'input.audio') said.push(message);
  });
  const html = agentPageHtml({ 'token-url': `${agent.url}/voice-token`, 'tool-timing': 'immediate' });
  await using web = await servePage(withTool(html, JSON.stringify(SCHEMA)));
  // A microphone that beeps would make the agent wait for the end of that.
  const browser = await launchChromium({ microphone: 'silent' });
  try {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    await page.evaluate(() => {
      document.addEventListener('tool-call', (event) => {
        const call = event as unknown as Pick<ToolCallEvent, 'detail' | 'respondWith'>;
        const city = String(call.detail.arguments['city']);
        call.respondWith(Promise.resolve({ weather: 'sunny in ' + city }));
      });
    });
    expect(await startCall(page)).toBeUndefined();
    expect(said[0]).toMatchObject({
      session: {
        tools: [
          {
            type: 'function',
            name: 'weather',
            description: 'Tells the weather.',
            parameters: SCHEMA,
            timeout_seconds: 20,
          },
        ],
      },
    });
    await say(page, 'Call the weather tool.');
    await waitForEvents(page, 'tool-call');
    await expect
      .poll(() => said.find(({ type }) => type === 'tool.result'))
      .toMatchObject({
        result: expect.stringMatching(/^\{"weather":"sunny in .+"\}$/),
      });
    await stopCall(page);
    expect(await readEvents(page, 'agent-error')).toEqual([]);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('a schema that is no JSON is told by name when the call begins', async () => {
  await using web = await servePage(withTool(agentPageHtml({ token: 'a-token' }), '{ "type": '));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBe('invalid_option');
    expect((await readEvents(page, 'agent-error'))[0]?.detail.message).toContain('weather');
  } finally {
    await browser.close();
  }
});
