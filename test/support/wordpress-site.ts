import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright';
import { expect } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import type { ExampleProject, RunningProgram } from './example-project.js';

/** On pages of the administration. */
export interface EditorGlobals {
  readonly data: { dispatch(store: string): Readonly<Record<string, (...values: unknown[]) => void>> };
  apiFetch(request: object): Promise<{ link: string }>;
}

export interface WordPressSite {
  /** With a slash at the end. */
  readonly url: string;
  readonly program: RunningProgram;
  /** The last word of the printed line that begins with this, such as `Folder:`. */
  line(name: string): string;
}

/** @returns the Debian packages that the example needs and this machine lacks */
export async function missingForWordPress(): Promise<string[]> {
  const { missingPackages } = (await import(
    pathToFileURL(join(projectRoot, 'examples/wordpress/site/programs.mjs')).href
  )) as { missingPackages(core: string): Promise<string[]> };
  return missingPackages(process.env['WORDPRESS_DIR'] ?? '/usr/share/wordpress');
}

export async function startWordPress(
  example: ExampleProject,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<WordPressSite> {
  const program = await example.start('node', ['start.mjs', ...parameters], { PORT: '0', ...env });
  const line = (name: string): string =>
    new RegExp(`^${name}.*\\s(\\S+)$`, 'm').exec(program.output())?.[1] ?? '';
  return { url: line('The site:'), program, line };
}

/** @returns a page, signed in as administrator */
export async function logIn(browser: Browser, site: WordPressSite): Promise<Page> {
  const admin = await (await browser.newContext()).newPage();
  await admin.goto(`${site.url}wp-login.php`);
  await admin.getByLabel('Username or Email Address').fill('admin');
  await admin.getByLabel('Password', { exact: true }).fill(site.line('Administration:'));
  await admin.getByRole('button', { name: 'Log In' }).click();
  await admin.waitForURL('**/wp-admin/');
  return admin;
}

/** Follows the guide. */
export async function uploadPlugin(admin: Page, site: WordPressSite, zip: string): Promise<void> {
  await admin.goto(`${site.url}wp-admin/plugin-install.php`);
  await admin.getByRole('button', { name: 'Upload Plugin' }).click();
  await admin.getByLabel('Plugin zip file').setInputFiles(zip);
  await admin.getByRole('button', { name: 'Install Now' }).click();
  await admin.getByRole('link', { name: 'Activate Plugin' }).click();
  await admin.getByText('Plugin activated.').waitFor();
}

/** Publishes a post with the block, in the block editor, as the guide describes. @returns its address */
export async function publishBlock(admin: Page, site: WordPressSite, greeting: string): Promise<string> {
  await admin.goto(`${site.url}wp-admin/post-new.php`);
  await admin.waitForFunction(() => document.querySelector('.edit-post-layout') !== null);
  await admin.evaluate(() => {
    const { wp } = window as unknown as { wp: EditorGlobals };
    // The welcome of the first visit covers the editor.
    wp.data.dispatch('core/preferences').set!('core/edit-post', 'welcomeGuide', false);
  });
  // Newer editors show the post in a frame.
  const canvas = admin.frames().find((frame) => frame.name() === 'editor-canvas') ?? admin;
  await canvas.getByRole('textbox', { name: 'Add title' }).click();
  await admin.keyboard.type('A post with a voice');
  await admin.keyboard.press('Enter');
  await admin.keyboard.type('/voice');
  await admin.getByRole('option', { name: 'Voice conversation' }).waitFor();
  await admin.keyboard.press('Enter');
  await admin.evaluate(() => {
    const { wp } = window as unknown as { wp: EditorGlobals };
    wp.data.dispatch('core/edit-post').openGeneralSidebar!('edit-post/block');
  });
  const fields = admin.getByRole('region', { name: /settings/i });
  await fields.getByLabel('Greeting').fill(greeting);
  await fields.getByLabel('Theme').selectOption('dark');
  await fields.getByLabel('Text field').check();
  const shown = await Promise.all(
    admin.frames().map((frame) => frame.locator('.voice-agent-preview.is-dark').allTextContents()),
  );
  expect(shown.flat().join()).toContain(greeting);
  await admin.getByRole('button', { name: 'Publish', exact: true }).first().click();
  await admin.locator('.editor-post-publish-panel .editor-post-publish-button').click();
  const link = admin.locator('.post-publish-panel__postpublish-buttons a').first();
  return (await link.getAttribute('href')) ?? '';
}

/** The state of a call, as the page shows it. */
interface CallLog {
  readonly events: string[];
  words: string;
  worklet?: string;
}

/**
 * Presses the button, waits for the end of the greeting, and hangs up.
 *
 * @returns how the worklet was loaded, from `stats`
 */
export async function talkOn(page: Page, url: string, greeting: string): Promise<string> {
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('voice-agent')?.matches(':defined') === true);
  await page.evaluate(() => {
    const log: CallLog = { events: [], words: '' };
    Object.assign(window, { callLog: log });
    const element = document.querySelector('voice-agent')!;
    const on = (name: string, write: (detail: Readonly<Record<string, string>>) => void): void =>
      element.addEventListener(name, (event) => write((event as CustomEvent<Record<string, string>>).detail));
    on('session-ready', () => log.events.push('session-ready'));
    on('state-change', ({ state = '' }) => log.events.push(state));
    on('transcript', ({ role = '', text = '' }) => (log.words = `${role}: ${text}`));
    on('agent-error', ({ code = '', message = '' }) => log.events.push(`${code}: ${message}`));
    on('stats', ({ worklet = '' }) => (log.worklet = worklet));
  });
  const button = page.locator('voice-agent .call').first();
  await button.click();
  await callReaches(page, 'speaking', `agent: ${greeting}`);
  await button.click();
  await callReaches(page, 'ended', `agent: ${greeting}`);
  const { events, worklet } = await readLog(page);
  expect(events).toEqual(expect.arrayContaining(['connecting', 'session-ready', 'speaking', 'ended']));
  return worklet ?? '';
}

function readLog(page: Page): Promise<CallLog> {
  return page.evaluate(() => (window as unknown as { callLog: CallLog }).callLog);
}

/** @throws Error with the state of the call */
async function callReaches(page: Page, state: string, words: string): Promise<void> {
  const isOver = page.waitForFunction(
    (wanted) => {
      const log = (window as unknown as { callLog: CallLog }).callLog;
      const isThere = log.events.includes(wanted.state) && log.words === wanted.words && log.worklet;
      return isThere || log.events.includes('error');
    },
    { state, words },
  );
  await isOver.catch(async (cause: unknown) => {
    throw new Error(`The call came no further than ${JSON.stringify(await readLog(page))}`, { cause });
  });
}

/** Fills in the plugin's settings. */
export async function fillInSettings(
  admin: Page,
  siteUrl: string,
  values: Readonly<Record<string, string | boolean>>,
): Promise<void> {
  await admin.goto(`${siteUrl}wp-admin/options-general.php?page=voice-agent`);
  for (const [label, value] of Object.entries(values)) {
    const field = admin.getByLabel(label, { exact: true });
    if (typeof value === 'boolean') await field.setChecked(value);
    else await field.fill(value);
  }
  await admin.getByRole('button', { name: 'Save Changes' }).click();
  await admin.locator('.settings-error').first().waitFor();
}
