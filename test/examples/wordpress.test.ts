import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentRecording } from '../../agent/recording.js';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { installExample, type ExampleProject, type RunningProgram } from '../support/example-project.js';
import { holdCall, launchQuietChromium } from '../support/page-call.js';

const KEY = 'local-0123456789abcdef-wordpress';
const SHOP = 'https://shop.example.com';
const PER_MINUTE = 8;
const GREETING = 'Welcome to the library, how can I help?';

const programs = (await import(
  pathToFileURL(join(projectRoot, 'examples/wordpress/site/programs.mjs')).href
)) as { missingPackages(core: string): Promise<string[]> };
const core = process.env['WORDPRESS_DIR'] ?? '/usr/share/wordpress';
const missing = await programs.missingPackages(core);
const why = missing.length > 0 ? ` (left out: apt-get install ${missing.join(' ')})` : '';

interface RunningSite {
  readonly url: string;
  readonly program: RunningProgram;
  /** Last words of its lines, by the first: `Folder:`. */
  line(name: string): string;
}

describe.skipIf(missing.length > 0)(`the plugin for WordPress${why}`, () => {
  let agent: AgentServer;
  let recording: AgentRecording;
  let browser: Browser;
  let example: ExampleProject;
  let site: RunningSite;
  let admin: Page;
  let visitor: BrowserContext;
  let postUrl: string;

  async function startSite(...parameters: string[]): Promise<RunningSite> {
    const program = await example.start('node', ['start.mjs', ...parameters], {
      PORT: '0',
      ASSEMBLYAI_API_KEY: KEY,
      ASSEMBLYAI_TOKEN_URL: `${agent.url}/v1/token`,
      ASSEMBLYAI_WS_URL: agent.wsUrl,
    });
    const line = (name: string): string =>
      new RegExp(`^${name}.*\\s(\\S+)$`, 'm').exec(program.output())?.[1] ?? '';
    return { url: line('The site:'), program, line };
  }

  beforeAll(async () => {
    agent = await startAgent({ apiKey: KEY });
    recording = new AgentRecording(agent.events);
    // The first words of a process take long on a busy machine.
    await Voice.shared.speak('Hello.', 'alba', 24_000);
    browser = await launchQuietChromium();
    example = await installExample('wordpress');
    site = await startSite('--bare');
    visitor = await browser.newContext();
    admin = await (await browser.newContext()).newPage();
    await admin.goto(`${site.url}wp-login.php`);
    await admin.getByLabel('Username or Email Address').fill('admin');
    await admin.getByLabel('Password', { exact: true }).fill(site.line('Administration:'));
    await admin.getByRole('button', { name: 'Log In' }).click();
    await admin.waitForURL('**/wp-admin/');
  });

  afterAll(async () => {
    await example[Symbol.asyncDispose]();
    await browser.close();
    await agent.close();
  });

  /** As a visitor of the site, or as whoever owns the page. @returns what the element heard. */
  async function talk(page: Page, url: string) {
    await page.goto(url);
    await page.evaluate(() => {
      const log: string[] = [];
      Object.assign(window, { heard: log });
      const element = document.querySelector('voice-agent')!;
      element.addEventListener('session-ready', () => log.push('session-ready'));
      element.addEventListener('transcript', (event) => {
        const { role, text, final } = (event as CustomEvent<{ role: string; text: string; final: boolean }>)
          .detail;
        if (final) log.push(`${role}: ${text}`);
      });
    });
    const how = await holdCall(page);
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard[0]).toBe('session-ready');
    return { ...how, heard };
  }

  /** As a page of the site's own asks; `headers` over that. Every answer is searched for the key. */
  async function ask(headers: Readonly<Record<string, string>>, path = 'wp-json/voice-agent/v1/token') {
    const response = await fetch(`${site.url}${path}`, { headers });
    const text = await response.text();
    const everything = JSON.stringify([...response.headers]) + text;
    expect(everything).not.toContain(KEY);
    expect(everything).not.toMatch(/bearer|invalid api key/i);
    const body = JSON.parse(text) as { token?: string; code?: string; message?: string; ws_url?: string };
    return { status: response.status, headers: response.headers, body };
  }

  const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

  async function nonce(): Promise<string> {
    const { body } = await ask(OWN_PAGE, 'wp-admin/admin-ajax.php?action=voice_agent_nonce');
    return (body as { data: { nonce: string } }).data.nonce;
  }

  /** Fills in the form as its reader does. */
  async function saveSettings(values: Readonly<Record<string, string | boolean>>): Promise<void> {
    await admin.goto(`${site.url}wp-admin/options-general.php?page=voice-agent`);
    for (const [label, value] of Object.entries(values)) {
      const field = admin.getByLabel(label, { exact: true });
      if (typeof value === 'boolean') await field.setChecked(value);
      else await field.fill(value);
    }
    await admin.getByRole('button', { name: 'Save Changes' }).click();
    await admin.locator('.settings-error').first().waitFor();
  }

  test('has no syntax error in any file, and is packed with the element', async () => {
    const folder = join(example.folder, 'voice-agent');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.php'));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files)
      expect(await example.run('php', ['-l', join(folder, file)])).toContain('No syntax errors');
    await example.run('npm', ['run', 'zip']);
    const contents = await example.run('unzip', ['-l', 'dist/voice-agent.zip']);
    for (const file of ['voice-agent.php', 'dist/voice-agent.js', 'dist/strict/session-worker.js'])
      expect(contents).toContain(` voice-agent/${file}\n`);
  });

  test('is activated, and without a key gives no token and says so to its owner alone', async () => {
    await admin.goto(`${site.url}wp-admin/plugins.php`);
    await admin.locator('#activate-voice-agent').click();
    await admin.getByText('Plugin activated.').waitFor();
    const { status, body } = await ask({ ...OWN_PAGE, 'x-wp-nonce': await nonce() });
    expect([status, body.code]).toEqual([500, 'voice_agent_no_key']);
    expect(body.message).toContain('no API key');
  });

  test('takes its settings, and never shows the key again', async () => {
    await saveSettings({
      'API key': KEY,
      'Conversations per minute': String(PER_MINUTE),
      'Longest conversation': '600',
      'Other sites that may ask': `${SHOP}\nhttps://www.example.com/path`,
      'Token address': `${agent.url}/v1/token`,
      'Server address': agent.wsUrl,
    });
    await admin.getByText('“https://www.example.com/path” is no origin.').waitFor();
    expect(await admin.content()).not.toContain(KEY);
    // Once more, with an empty field for the key: it is kept.
    await saveSettings({ 'Default agent': '' });
    expect(await admin.getByLabel('API key', { exact: true }).getAttribute('placeholder')).toContain('Saved');
    expect(await admin.getByLabel('Other sites that may ask').inputValue()).toBe(SHOP);
    await admin.goto(`${site.url}wp-admin/options.php`);
    expect(await admin.content()).toContain('voice_agent_settings');
    expect(await admin.content()).not.toContain(KEY);
  });

  test('offers a block in the editor, with a preview and settings', async () => {
    await admin.goto(`${site.url}wp-admin/post-new.php`);
    await admin.waitForFunction(() => 'wp' in window && document.querySelector('.edit-post-layout') !== null);
    await admin.evaluate((title) => {
      const { wp } = window as unknown as { wp: { data: { dispatch(store: string): any } } };
      // The welcome of a first visit stands in the way.
      wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false);
      wp.data.dispatch('core/editor').editPost({ title });
    }, 'A post with a voice');
    const inserter = admin.getByRole('button', { name: /^(Toggle b|B)lock inserter$/i });
    await inserter.click();
    await admin.getByRole('searchbox', { name: /Search/ }).fill('voice');
    await admin.getByRole('option', { name: 'Voice conversation' }).click();
    await inserter.click();
    const fields = admin.getByRole('region', { name: /settings/i });
    await fields.getByLabel('Greeting').fill(GREETING);
    await fields.getByLabel('Theme').selectOption('dark');
    await fields.getByLabel('A line to write in').check();
    const previews = admin.frames().map((frame) => frame.locator('.voice-agent-preview.is-dark'));
    const shown = await Promise.all(previews.map((preview) => preview.allTextContents()));
    expect(shown.flat().join()).toContain(GREETING);
    await admin.getByRole('button', { name: 'Publish', exact: true }).first().click();
    await admin.locator('.editor-post-publish-panel .editor-post-publish-button').click();
    const link = admin.locator('.post-publish-panel__postpublish-buttons a').first();
    postUrl = (await link.getAttribute('href'))!;
    expect(postUrl).toContain(site.url);
  });

  test('lets a visitor talk in the published post, with one token for one call', async () => {
    const page = await visitor.newPage();
    const before = recording.connections.length;
    const { heard, sessionHost } = await talk(page, postUrl);
    expect(heard).toContain(`agent: ${GREETING}`);
    expect(sessionHost).toBe('worker');
    expect(recording.connections.length - before).toBe(1);
    expect(await page.locator('voice-agent').getAttribute('max-duration')).toBe('600');
    const html = await (await fetch(postUrl)).text();
    expect(html).not.toContain(KEY);
    // What a page cache keeps must hold nothing that expires.
    expect(html).not.toMatch(/nonce(?!-route|&|")["=:]/i);
    expect(html).not.toContain(await nonce());
    await page.close();
  });

  test('lets an account talk, and a page whose nonce has become stale', async () => {
    expect((await talk(admin, postUrl)).heard).toContain(`agent: ${GREETING}`);
    const page = await visitor.newPage();
    let asked = 0;
    await page.route('**/admin-ajax.php?action=voice_agent_nonce', async (route) => {
      asked++;
      if (asked > 1) return route.continue();
      return route.fulfill({ json: { success: true, data: { nonce: '0123456789' } } });
    });
    expect((await talk(page, postUrl)).heard).toContain(`agent: ${GREETING}`);
    expect(asked).toBe(2);
    await page.close();
  });

  test('works as a shortcode, and loads nothing on pages without it', async () => {
    await admin.goto(`${site.url}wp-admin/post-new.php`);
    const links = await admin.evaluate(async () => {
      const { wp } = window as unknown as { wp: { apiFetch(o: object): Promise<{ link: string }> } };
      const make = async (title: string, content: string) =>
        (
          await wp.apiFetch({
            path: '/wp/v2/pages',
            method: 'POST',
            data: { title, content, status: 'publish' },
          })
        ).link;
      return [
        await make(
          'Short',
          '[voice_agent greeting="It\'s \\"short\\" <b>&</b> sweet." layout="bar" text_input]',
        ),
        await make('None', 'Nothing to hear.'),
      ];
    });
    const page = await visitor.newPage();
    const { heard } = await talk(page, links[0]!);
    expect(heard.join()).toMatch(/agent: .*short/i);
    expect(await page.locator('voice-agent').getAttribute('layout')).toBe('bar');
    expect(await page.locator('voice-agent').getAttribute('text-input')).toBe('');
    expect(await (await fetch(links[1]!)).text()).not.toContain('plugins/voice-agent');
    await page.close();
  });

  test('talks from the strict files when the settings say so', async () => {
    await saveSettings({ 'Strict files': true });
    const page = await visitor.newPage();
    expect((await talk(page, postUrl)).worklet).toBe('file');
    await saveSettings({ 'Strict files': false });
    await page.close();
  });
});
