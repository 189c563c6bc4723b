/** Tools declared in HTML, called by the agent, and answered in a listener: the only JavaScript. */
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
  // With a microphone that beeps, the agent would wait for the end of the beep.
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
    // The microphone of this test delivers digital silence, which is reported.
    const codes = (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);
    expect(codes.filter((code) => code !== 'microphone_silent')).toEqual([]);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('a schema that is not JSON is reported with the tool’s name when the call begins', async () => {
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

test('a schema comes from the attribute or the property `parameters`, and a tool that lost its script logs a warning', async () => {
  const agent = await startAgent();
  const said: ClientMessage[] = [];
  agent.events.on('client-message', ({ message }) => message && said.push(message));
  const html = agentPageHtml({ 'token-url': `${agent.url}/voice-token`, 'input-mode': 'text' });
  const attribute = JSON.stringify(SCHEMA).replaceAll('"', '&quot;');
  const tools = `<voice-agent-tool name="by-attribute" description="A." parameters="${attribute}"></voice-agent-tool>
    <voice-agent-tool name="by-property" description="B."></voice-agent-tool>
    <voice-agent-tool name="lost" description="C."></voice-agent-tool>
    <voice-agent-tool name="none" description="D." parameters="{}"></voice-agent-tool>`;
  await using web = await servePage(html.replace('></voice-agent>', `>${tools}</voice-agent>`));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await openAgentPage(page, web.url);
    await page.evaluate((schema) => {
      Object.assign(document.querySelector('[name=by-property]')!, { parameters: schema });
    }, SCHEMA);
    expect(await startCall(page)).toBeUndefined();
    expect(said[0]).toMatchObject({
      session: {
        tools: [
          { name: 'by-attribute', parameters: SCHEMA },
          { name: 'by-property', parameters: SCHEMA },
          { name: 'lost', parameters: { type: 'object', properties: {} } },
          { name: 'none', parameters: {} },
        ],
      },
    });
    expect(warnings.filter((text) => text.includes('has no schema'))).toEqual([
      expect.stringContaining('the tool "lost"'),
    ]);
    await stopCall(page);
  } finally {
    await browser.close();
    await agent.close();
  }
});

/** A moment of a dialog counts as this long on the page's clocks: longer than any limit that the page watches over. */
const BLOCKED_MS = 30_000;

test('a handler that blocks the page with confirm(), for long by its clocks, stops neither the call nor its answer', async () => {
  const agent = await startAgent();
  const said: ClientMessage[] = [];
  agent.events.on('client-message', ({ message }) => message && said.push(message));
  const packets = (): number => said.filter(({ type }) => type === 'input.audio').length;
  const html = agentPageHtml({ 'token-url': `${agent.url}/voice-token` });
  await using web = await servePage(withTool(html, JSON.stringify(SCHEMA)));
  const browser = await launchChromium({ microphone: 'silent' });
  try {
    const page = await browser.newPage();
    let packetsMeanwhile = 0;
    page.on('dialog', (dialog) => {
      const before = packets();
      agent.events.on('client-message', () => {
        if (packetsMeanwhile > 0 || packets() < before + 20) return;
        packetsMeanwhile = packets() - before;
        void dialog.accept();
      });
    });
    await openAgentPage(page, web.url);
    await page.evaluate((blockedMs) => {
      let lateMs = 0;
      for (const clock of [performance, Date]) {
        const now = clock.now.bind(clock);
        clock.now = () => now() + lateMs;
      }
      document.addEventListener('tool-call', (event) => {
        const call = event as unknown as Pick<ToolCallEvent, 'respondWith'>;
        const allowed = window.confirm('May the agent do that?');
        lateMs += blockedMs;
        call.respondWith({ allowed });
      });
    }, BLOCKED_MS);
    expect(await startCall(page)).toBeUndefined();
    await say(page, 'Call the weather tool.');
    await expect
      .poll(() => said.find(({ type }) => type === 'tool.result'))
      .toMatchObject({ result: '{"allowed":true}' });
    // The Worker went on while the page stood still.
    expect(packetsMeanwhile).toBe(20);
    await waitForEvents(page, 'reply-end');
    const codes = (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);
    expect(codes.filter((code) => code !== 'microphone_silent')).toEqual([]);
    expect(await readEvents(page, 'session-end')).toEqual([]);
    expect((await readEvents(page, 'session-ready')).map(({ detail }) => detail.how)).toEqual(['first']);
    await stopCall(page);
  } finally {
    await browser.close();
    await agent.close();
  }
});
