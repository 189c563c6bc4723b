/**
 * A page whose policy forbids everything that the call does not need, and the information that the element sends and
 * requests.
 */
import { expect, test, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import {
  agentPageHtml,
  openAgentPage,
  readEvents,
  startCall,
  stopCall,
  waitForEvents,
  waitForState,
} from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { launchQuietChromium } from '../support/page-call.js';
import { servePage } from '../support/page-server.js';
import { ScriptedServer } from '../support/scripted-server.js';

/** No inline script, no inline style, no eval, no other host; no string becomes markup or code. */
function strictPolicy(hosts: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval' blob: 'nonce-probe'",
    'worker-src blob:',
    "style-src 'self'",
    `connect-src 'self' ${hosts}`,
    "require-trusted-types-for 'script'",
    'trusted-types voice-agent lit-html',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The page of every test, with a policy. Only the test's own probe is allowed, by its nonce. */
function strictPageHtml(attributes: Readonly<Record<string, string>>, hosts: string): string {
  return agentPageHtml(attributes)
    .replace('<script>', '<script nonce="probe">')
    .replace(
      '<title>',
      `<meta http-equiv="Content-Security-Policy" content="${strictPolicy(hosts)}" />
  <script nonce="probe">
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
    });
  </script>
  <title>`,
    );
}

const violations = (page: Page) =>
  page.evaluate(() => (window as unknown as { violations: string[] }).violations);

test('a call works under Trusted Types and a policy without unsafe-inline and unsafe-eval', async () => {
  const agent = await startAgent();
  await using web = await servePage(
    strictPageHtml(
      { 'token-url': `${agent.url}/voice-token`, greeting: 'Hello.' },
      `${agent.url} ws://127.0.0.1:${agent.port}`,
    ),
  );
  const browser = await launchQuietChromium();
  try {
    const page = await browser.newPage();
    const log: string[] = [];
    page.on('console', (message) => log.push(message.text()));
    page.on('pageerror', (error) => log.push(error.message));
    await openAgentPage(page, web.url);
    expect(await startCall(page), log.join('\n')).toBeUndefined();
    await waitForState(page, 'speaking');
    await waitForEvents(page, 'reply-end');
    const [stats] = await waitForEvents(page, 'stats');
    expect(stats?.detail.sessionHost, 'not on the page’s own thread').toBe('worker');
    await stopCall(page);
    expect(await violations(page)).toEqual([]);
    expect(log).toEqual([]);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('only the token endpoint and the server get requests, and nothing is stored', async () => {
  const agent = await startAgent();
  await using web = await servePage(
    agentPageHtml({ 'token-url': `${agent.url}/voice-token`, greeting: 'Hello.' }),
  );
  const browser = await launchQuietChromium();
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url()));
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    await waitForEvents(page, 'reply-end');
    await stopCall(page);
    const hosts = new Set(asked.filter((url) => !url.startsWith('blob:')).map((url) => new URL(url).host));
    expect(hosts).toEqual(new Set([new URL(web.url).host, new URL(agent.url).host]));
    const stored = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
    }));
    expect(stored).toEqual({ local: 0, session: 0, cookies: '', databases: 0, caches: 0 });
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('text from the server is never markup, and secrets stay out of errors and the console', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await servePage(agentPageHtml({ 'server-url': server.url, token: 'a-secret-token' }));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const log: string[] = [];
    page.on('console', (message) => log.push(message.text()));
    page.on('pageerror', (error) => log.push(error.message));
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    const call = await server.call();
    const markup = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';
    call.send({ type: 'transcript.user', item_id: 'u', text: markup });
    call.send({ type: 'transcript.agent', reply_id: 'r', item_id: 'i', text: markup, interrupted: false });
    call.send({
      type: 'session.error',
      code: 'server_error',
      message: `${markup} a-secret-token ${call.sessionId}`,
    });
    await waitForEvents(page, 'agent-error');
    await expect(page.locator('voice-agent')).toContainText('<img src=x');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    call.send({
      type: 'session.error',
      code: 'unauthorized',
      message: `Token a-secret-token of ${call.sessionId}`,
    });
    server.manners = 'unauthorized';
    call.close(1008);
    await waitForState(page, 'error');
    const told = JSON.stringify([await readEvents(page, 'agent-error'), log]);
    expect(told).toContain('unauthorized');
    expect(told).not.toContain('a-secret-token');
    expect(told).not.toContain(call.sessionId);
  } finally {
    await browser.close();
  }
});

for (const [name, attributes, code] of [
  ['a key of the account', { token: '0123456789abcdef0123456789abcdef' }, 'api_key_in_page'],
  ['no way to a token', { 'server-url': 'wss://agents.assemblyai.com/v1/ws' }, 'token_missing'],
  ['a token from an unencrypted host', { 'token-url': 'http://tokens.example/' }, 'invalid_option'],
] as const) {
  test(`${name} in the page is refused before any request: ${code}`, async () => {
    await using web = await servePage(agentPageHtml(attributes));
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await openAgentPage(page, web.url);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('websocket', (socket) => asked.push(socket.url()));
      expect(await startCall(page)).toBe(code);
      const [error] = await readEvents(page, 'agent-error');
      expect(error?.detail.hint).not.toBe('');
      expect(JSON.stringify(error)).not.toContain('0123456789abcdef');
      expect(asked).toEqual([]);
      expect(await page.evaluate(() => window.microphoneTracks.length)).toBe(0);
    } finally {
      await browser.close();
    }
  });
}
