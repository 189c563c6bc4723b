import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAs, askFromAddress } from '../support/ask-as.js';
import { installDebianPackages } from '../../scripts/debian-packages.mjs';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { pressRetry } from '../support/page-call.js';
import { OPTIMIZERS } from '../support/wordpress-optimizers.js';
import {
  logIn,
  missingForWordPress,
  publishBlock,
  startWordPress,
  talkOn,
  type EditorGlobals,
  fillInSettings,
  uploadPlugin,
  type WordPressSite,
} from '../support/wordpress-site.js';

const KEY = 'local-0123456789abcdef-wordpress';
const SHOP = 'https://shop.example.com';
const PER_MINUTE = 6;
const GREETING = 'Welcome to the library, how can I help?';
const NONCE_PATH = 'wp-admin/admin-ajax.php?action=voice_agent_nonce';
/** The headers of a request from the site's own page. */
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

interface NonceAnswer {
  readonly data: { readonly nonce: string };
}

describe('the plugin for WordPress', () => {
  const talk = prepareTalk({ apiKey: KEY });
  let example: ExampleProject;
  let site: WordPressSite;
  let admin: Page;
  let visitor: BrowserContext;
  let postUrl: string;

  /** The zip of the installed package. */
  const zip = (): string =>
    join(example.folder, 'node_modules/voice-agent-element/dist/wordpress/voice-agent.zip');

  const startSite = (parameters: string[], env: Record<string, string> = {}): Promise<WordPressSite> =>
    startWordPress(example, parameters, {
      ASSEMBLYAI_API_KEY: KEY,
      ASSEMBLYAI_TOKEN_URL: `${talk.agent.url}/v1/token`,
      ASSEMBLYAI_WS_URL: talk.agent.wsUrl,
      ...env,
    });

  beforeAll(async () => {
    await installDebianPackages(await missingForWordPress());
    example = await installExample('wordpress');
    site = await startSite(['--bare']);
    visitor = await talk.browser.newContext();
    admin = await logIn(talk.browser, site);
  });

  afterAll(() => example[Symbol.asyncDispose]());

  /** Checks that no response contains the key. */
  async function ask(headers: Readonly<Record<string, string>>, path = 'wp-json/voice-agent/v1/token') {
    const { text, ...response } = await askAs(`${site.url}${path}`, headers);
    const everything = JSON.stringify([...response.headers]) + text;
    expect(everything).not.toContain(KEY);
    expect(everything).not.toMatch(/bearer|invalid api key/i);
    const body = JSON.parse(text) as { token?: string; code?: string; message?: string; ws_url?: string };
    return { ...response, body };
  }

  async function nonce(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const { body } = await ask({ ...OWN_PAGE, ...headers }, NONCE_PATH);
    return (body as NonceAnswer).data.nonce;
  }

  /** Sends the request from another address of this machine. */
  const askFrom = (localAddress: string, headers: Readonly<Record<string, string>>) =>
    askFromAddress(localAddress, `${site.url}wp-json/voice-agent/v1/token`, headers);

  async function adminCookie(): Promise<string> {
    const cookies = await admin.context().cookies();
    return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  const saveSettings = (values: Readonly<Record<string, string | boolean>>): Promise<void> =>
    fillInSettings(admin, site.url, values);

  test('has no syntax error in any file, and is packed with the element', async () => {
    const folder = join(example.folder, 'voice-agent');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.php'));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files)
      expect(await example.run('php', ['-l', join(folder, file)])).toContain('No syntax errors');
    const contents = await example.run('unzip', ['-l', zip()]);
    for (const file of ['voice-agent.php', 'LICENSE', 'dist/voice-agent.js', 'dist/strict/session-worker.js'])
      expect(contents).toContain(` voice-agent/${file}\n`);
  });

  test('is uploaded and activated, and without a key gives no token and says so to its owner alone', async () => {
    await uploadPlugin(admin, site, zip());
    const { status, body } = await ask({ ...OWN_PAGE, 'x-wp-nonce': await nonce() });
    expect([status, body.code]).toEqual([500, 'voice_agent_no_key']);
    expect(body.message).toContain('no API key');
  });

  test('takes its settings, and never shows the key again', async () => {
    await saveSettings({
      'API key': KEY,
      'Conversations per minute': '600',
      'Longest conversation': '600',
      'Other allowed sites': `${SHOP}\nhttps://www.example.com/path`,
      'Token address': `${talk.agent.url}/v1/token`,
      'Server address': talk.agent.wsUrl,
    });
    await admin.getByText('“https://www.example.com/path” is not an origin.').waitFor();
    expect(await admin.content()).not.toContain(KEY);
    // Saved again with an empty field for the key: the key is kept.
    await saveSettings({ 'Default agent': 'agent-7' });
    expect(await admin.getByLabel('API key', { exact: true }).getAttribute('placeholder')).toContain('Saved');
    expect(await admin.getByLabel('Other allowed sites').inputValue()).toBe(SHOP);
    await admin.goto(`${site.url}wp-admin/options.php`);
    expect(await admin.content()).toContain('voice_agent_settings');
    expect(await admin.content()).not.toContain(KEY);
  });

  test('offers a block in the editor, with a preview and settings', async () => {
    postUrl = await publishBlock(admin, site, GREETING);
    expect(postUrl).toContain(site.url);
  });

  test('lets a visitor talk in the published post, with one token for one call', async () => {
    const page = await visitor.newPage();
    const before = talk.recording.connections.length;
    expect(await talkOn(page, postUrl, GREETING)).toBe('blob');
    expect(talk.recording.connections.length - before).toBe(1);
    expect(await page.locator('voice-agent').getAttribute('max-duration')).toBe('600');
    const html = await (await fetch(postUrl)).text();
    expect(html).not.toContain(KEY);
    // Cached pages must contain nothing that expires.
    expect(html).not.toMatch(/nonce(?!-route|&|")["=:]/i);
    expect(html).not.toContain(await nonce());
    await page.close();
  });

  test('lets an account talk, and a page whose nonce has become stale', async () => {
    await talkOn(admin, postUrl, GREETING);
    const page = await visitor.newPage();
    let asked = 0;
    await page.route(/action=voice_agent_nonce/, async (route) => {
      asked++;
      if (asked > 1) return route.continue();
      return route.fulfill({ json: { success: true, data: { nonce: '0123456789' } } });
    });
    await talkOn(page, postUrl, GREETING);
    expect(asked).toBe(2);
    await page.close();
  });

  test('works as a shortcode, and loads nothing on pages without it', async () => {
    await admin.goto(`${site.url}wp-admin/post-new.php`);
    const links = await admin.evaluate(async () => {
      const { wp } = window as unknown as { wp: EditorGlobals };
      const make = async (title: string, content: string) =>
        (
          await wp.apiFetch({
            path: '/wp/v2/pages',
            method: 'POST',
            data: { title, content, status: 'publish' },
          })
        ).link;
      const nasty = JSON.stringify({
        greeting: '"><script>alert(1)</script>',
        consentText: '<script>alert(2)</script>',
        layout: '"onclick="alert(3)',
        accent: '#123456; background: url(//evil.example.net)',
      });
      return [
        await make('Short', '[voice_agent greeting="Good day & welcome." layout="bar" text_input]'),
        await make('None', 'Nothing to hear.'),
        await make('Nasty', `<!-- wp:voice-agent/conversation ${nasty.replace(/</g, '\\u003c')} /-->`),
        await make('Stored', '[voice_agent]'),
      ];
    });
    const page = await visitor.newPage();
    await talkOn(page, links[0]!, 'Good day & welcome.');
    expect(await page.locator('voice-agent').getAttribute('layout')).toBe('bar');
    expect(await page.locator('voice-agent').getAttribute('text-input')).toBe('');
    expect(await (await fetch(links[1]!)).text()).not.toContain('plugins/voice-agent');
    const nasty = await (await fetch(links[2]!)).text();
    expect(nasty).toContain('greeting="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(nasty).toContain('<span slot="consent">&lt;script&gt;alert(2)&lt;/script&gt;</span>');
    expect(nasty).not.toMatch(/onclick|layout="|evil\.example/);
    // The default agent answers if the block defines no other.
    expect(nasty).not.toContain('agent-id=');
    expect(await (await fetch(links[3]!)).text()).toContain('agent-id="agent-7"');
    await page.close();
  });

  test('talks on a page whose optimizers bundle and delay what does not say otherwise', async () => {
    const folder = join(site.line('Folder:'), 'www/wp-content/mu-plugins');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'optimizers.php'), OPTIMIZERS);
    const page = await visitor.newPage();
    expect(await talkOn(page, postUrl, GREETING)).toBe('blob');
    const html = await (await fetch(postUrl)).text();
    // They were active, and did not change our script.
    expect(html).toContain('type="text/delayed"');
    expect(html.match(/<script type="module" [^>]*plugins\/voice-agent\/[^>]*>/g)).toHaveLength(2);
    expect(html).toContain(
      'excepted:litespeed_optimize_js_excludes rocket_delay_js_exclusions autoptimize_filter_js_exclude js_do_concat',
    );
    // The tag's space is reserved even before its script has loaded.
    await page.route('**/*.js*', (route) => route.abort());
    await page.goto(postUrl);
    expect((await page.locator('voice-agent').boundingBox())!.height).toBeGreaterThan(300);
    await page.close();
    await rm(join(folder, 'optimizers.php'));
  });

  test('talks from the strict files when the settings say so', async () => {
    await saveSettings({ 'Strict files': true });
    const page = await visitor.newPage();
    expect(await talkOn(page, postUrl, GREETING)).toBe('file');
    await saveSettings({ 'Strict files': false });
    await page.close();
  });

  test('gives pages of allowed sites their tokens, and turns others away', async () => {
    const allowed = await ask({ origin: SHOP });
    expect(allowed.status).toBe(200);
    expect(allowed.body).toEqual({ token: expect.any(String) as string, ws_url: talk.agent.wsUrl });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(allowed.headers.get('cache-control')).toBe('no-store');
    const fresh = await nonce();
    const cookie = await adminCookie();
    for (const [headers, code] of [
      [{ origin: 'https://evil.example.net', 'x-wp-nonce': fresh }, 'voice_agent_origin'],
      [{ origin: `${SHOP}.evil.example.net` }, 'voice_agent_origin'],
      [{ origin: 'http://shop.example.com' }, 'voice_agent_origin'],
      [{ origin: 'null' }, 'voice_agent_origin'],
      [{}, 'voice_agent_origin'],
      [{ 'x-wp-nonce': fresh }, 'voice_agent_origin'],
      // A page on another domain that points to this server.
      [{ ...OWN_PAGE, 'x-wp-nonce': fresh, host: 'evil.example.net' }, 'voice_agent_origin'],
      [OWN_PAGE, 'voice_agent_nonce'],
      [{ ...OWN_PAGE, 'x-wp-nonce': '0123456789' }, 'rest_cookie_invalid_nonce'],
      // A visitor's nonce is not valid for an account.
      [{ ...OWN_PAGE, 'x-wp-nonce': fresh, cookie }, 'rest_cookie_invalid_nonce'],
    ] as [Record<string, string>, string][]) {
      const refused = await ask(headers);
      expect([refused.status, refused.body.code]).toEqual([403, code]);
      expect(refused.body.token).toBeUndefined();
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      expect(refused.headers.get('cache-control')).toBe('no-store');
    }
    expect((await ask({ ...OWN_PAGE, host: 'evil.example.net' }, NONCE_PATH)).status).toBe(403);
    const stolen = await ask({ origin: 'https://evil.example.net', cookie }, NONCE_PATH);
    expect(stolen.status).toBe(403);
    expect(stolen.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('lets nobody have more than its share in a flood, whatever address they claim', async () => {
    await saveSettings({ 'Conversations per minute': String(PER_MINUTE) });
    const headers = { ...OWN_PAGE, 'x-wp-nonce': await nonce() };
    // Each flood comes from an unused address, all at once, so that only a lock can count it.
    for (const address of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.7']) {
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          askFrom(address, { ...headers, 'x-forwarded-for': `198.51.100.${String(index)}` }),
        ),
      );
      const refused = answers.filter(({ status }) => status === 429);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(PER_MINUTE);
      expect(refused).toHaveLength(16 - PER_MINUTE);
      expect(refused[0]!.retryAfter).toBe('60');
    }
    // Accounts are counted in addition to addresses, and so are all visitors together.
    await saveSettings({ 'Conversations per minute': '600' });
    const cookie = await adminCookie();
    const account = { ...OWN_PAGE, cookie, 'x-wp-nonce': await nonce({ cookie }) };
    expect((await askFrom('127.0.0.8', account)).status).toBe(200);
    await saveSettings({ 'Conversations per minute': '1' });
    expect((await askFrom('127.0.0.8', headers)).status, 'its address').toBe(429);
    expect((await askFrom('127.0.0.9', account)).status, 'the account elsewhere').toBe(429);
    expect((await askFrom('127.0.0.9', headers)).status, 'anybody else there').toBe(200);
    await saveSettings({ 'Conversations per minute in total': '1' });
    expect((await askFrom('127.0.0.10', headers)).status).toBe(429);
    await saveSettings({ 'Conversations per minute in total': '6000' });
    // The page says it in the visitor's language.
    await saveSettings({ 'Conversations per minute': '1' });
    await ask({ origin: SHOP });
    const page = await visitor.newPage();
    await page.goto(postUrl);
    await page.locator('voice-agent .call').first().click();
    const words = page.locator('voice-agent [part=error-message]');
    await words.waitFor();
    expect((await words.textContent())?.trim()).toBe('Too many conversations. Please wait a minute.');
    // In a language in which WordPress is not installed, the text is not English.
    await page.evaluate(() => document.querySelector('voice-agent')!.setAttribute('lang', 'de'));
    await pressRetry(page);
    await words.filter({ hasText: 'Zu viele Gespräche.' }).waitFor();
    // Another failure replaces the first text: the network does not answer.
    await page.route('**/wp-json/voice-agent/**', (route) => route.abort());
    await pressRetry(page);
    await words.filter({ hasNotText: 'Zu viele Gespräche.' }).waitFor();
    await page.close();
    await saveSettings({ 'Conversations per minute': '600' });
  });

  test('says nothing of a wrong key, and wants it again where the address of the service changes', async () => {
    await saveSettings({ 'API key': `${KEY}-mistyped` });
    const wrong = await ask({ origin: SHOP });
    expect([wrong.status, wrong.body.code]).toEqual([502, 'voice_agent_no_token']);
    await saveSettings({ 'API key': KEY });
    expect((await ask({ origin: SHOP })).status).toBe(200);
    await saveSettings({ 'Token address': `${talk.agent.url}/elsewhere` });
    await admin.getByText('The key was removed').waitFor();
    expect((await ask({ origin: SHOP })).body.code).toBe('voice_agent_no_key');
    expect(await (await fetch(postUrl)).text()).not.toContain('<voice-agent');
    await saveSettings({ 'Token address': `${talk.agent.url}/v1/token`, 'API key': KEY });
  });

  test('shows the key on no page of the site and in no answer of its API', async () => {
    for (const path of ['', 'feed/', '?s=voice', 'wp-json/', 'wp-json/wp/v2/posts', 'wp-json/wp/v2/pages'])
      expect(await (await fetch(`${site.url}${path}`)).text()).not.toContain(KEY);
    for (const path of ['options.php', 'options-general.php?page=voice-agent', 'site-health.php?tab=debug']) {
      await admin.goto(`${site.url}wp-admin/${path}`);
      expect(await admin.content()).not.toContain(KEY);
    }
    await admin.goto(`${site.url}wp-admin/post-new.php`);
    expect(await admin.content()).not.toContain(KEY);
    const settings = await admin.evaluate(async () => {
      const { wp } = window as unknown as { wp: EditorGlobals };
      return JSON.stringify(await wp.apiFetch({ path: '/wp/v2/settings' }));
    });
    expect(settings).toContain('"title"');
    expect(settings).not.toContain('voice_agent');
  });

  test('causes no PHP warning, and removes its own data when it is deleted', async () => {
    const log = await readFile(join(site.line('Folder:'), 'debug.log'), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('plugins/voice-agent'))).toEqual([]);
    // The plugin's log does not contain the key, either.
    expect(log).toContain('Voice Agent: the token service answered 404.');
    expect(log).not.toContain(KEY);
    await admin.goto(`${site.url}wp-admin/plugins.php`);
    await admin.locator('#deactivate-voice-agent').click();
    await admin.getByText('Plugin deactivated.').waitFor();
    admin.on('dialog', (dialog) => void dialog.accept());
    await admin.locator('#delete-voice-agent').click();
    await admin.locator('tr.deleted[data-slug=voice-agent]').waitFor();
    await admin.goto(`${site.url}wp-admin/options.php`);
    expect(await admin.content()).not.toContain('voice_agent');
  });

  test('runs in one command, with a page to talk on, and leaves nothing behind', async () => {
    // The key from the environment takes precedence over the saved one, and is never sent to a saved address.
    const demo = await startSite([], {
      ASSEMBLYAI_API_KEY: 'local-outdated',
      ASSEMBLYAI_TOKEN_URL: 'http://127.0.0.1:9/v1/token',
      VOICE_AGENT_API_KEY: KEY,
      VOICE_AGENT_TOKEN_URL: `${talk.agent.url}/v1/token`,
    });
    const page = await visitor.newPage();
    await talkOn(page, demo.line('Talk here:'), 'Hello from WordPress.');
    await page.close();
    const folder = demo.line('Folder:');
    await access(folder);
    await demo.program[Symbol.asyncDispose]();
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});
