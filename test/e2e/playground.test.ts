/** The page of `npm start`: a control for every setting of the tag, the snippet to paste, the event log. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { projectRoot } from '../../scripts/project-root.mjs';
import type { Manifest } from '../../scripts/manifest.js';
import { startDevServer, type DevServerProcess } from '../support/dev-server-process.js';
import { launchChromium } from '../support/launch-chromium.js';
import { firstRows } from '../support/sample.js';

// In one worker: starting the dev server takes longer than a test.
test.describe.configure({ mode: 'default' });

let server: DevServerProcess;
let browser: Browser;

test.beforeAll(async () => {
  server = await startDevServer();
  browser = await launchChromium();
});
test.afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

async function openPage(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(server.url);
  await expect(page.getByRole('status').first()).toContainText('Local agent');
  for (const group of await page.getByRole('group').all())
    if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
  return page;
}

/** Settings according to the manifest. */
async function namesOfManifest(): Promise<{ attributes: string[]; properties: string[] }> {
  const manifest = JSON.parse(await readFile(join(projectRoot, 'custom-elements.json'), 'utf8')) as Manifest;
  const tag = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'voice-agent');
  return {
    attributes: [...tag!.attributes.map(({ name }) => name), 'lang', 'dir'],
    properties: tag!.cssProperties!.map(({ name }) => name),
  };
}

/** Changes a control as a visitor does. @returns the value of its attribute after that */
async function change(control: Locator): Promise<string> {
  const role = await control.getAttribute('role');
  if (role === 'switch') {
    await control.click();
    return '';
  }
  if (role === 'radiogroup') {
    const value = (await control.getByRole('radio', { checked: false }).last().getAttribute('value'))!;
    await control.locator(`[value="${value}"]`).check();
    return value;
  }
  if (await control.evaluate((element) => element instanceof HTMLSelectElement)) {
    return (await control.selectOption({ index: 1 }))[0]!;
  }
  const type = await control.getAttribute('type');
  if (type === 'range') {
    const before = await control.inputValue();
    await control.press('ArrowLeft');
    expect(await control.inputValue()).not.toBe(before);
    return (await control.getAttribute('aria-valuetext'))!;
  }
  const value = { color: '#123456', number: '7' }[type ?? ''] ?? 'serif';
  await control.fill(value);
  return value;
}

test('there is a control for every attribute and custom property, which changes the element and the snippet', async () => {
  const page = await openPage();
  const element = page.locator('voice-agent');
  const { attributes, properties } = await namesOfManifest();
  for (const name of [...attributes, ...properties]) {
    // Choices have accessible names, too.
    const control = page.getByLabel(name, { exact: true }).and(page.locator(':not([type=radio])'));
    await expect(control, name).toHaveCount(1);
    const now = () =>
      element.evaluate((agent, key) => agent.getAttribute(key) ?? agent.style.getPropertyValue(key), name);
    const before = await now();
    const value = await change(control);
    expect(await now(), name).toBe(value);
    const written = name.startsWith('--') ? `${name}: ${value}` : value ? `${name}="${value}"` : name;
    await expect(page.locator('#snippet'), name).toContainText(written);
    await page.getByLabel(`Reset ${name}`, { exact: true }).and(page.locator('button')).click();
    expect(await now(), `${name}, reset`).toBe(before);
  }
  await page.close();
});

test('the snippet contains only settings that are not the default, follows changes of the element, and can be copied', async () => {
  const page = await openPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const names = async (): Promise<string[]> => {
    await page.getByRole('button', { name: /^Cop(y|ied)$/ }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('#snippet').textContent());
    return [...copied.matchAll(/^ {2}([\w-]+)/gm)].map(([, name = '']) => name);
  };
  const written = await names();
  expect(written).toEqual(['greeting', 'system-prompt', 'token-url']);
  await page.locator('voice-agent').evaluate((agent) => Object.assign(agent, { muted: true }));
  await expect(page.getByRole('switch', { name: 'muted' })).toBeChecked();
  expect(await names()).toEqual(['muted', ...written]);
  await page.getByRole('radiogroup', { name: 'lang' }).getByRole('radio', { name: 'ar' }).check();
  expect(await names(), 'what is written from right to left is mirrored').toEqual([
    'muted',
    'greeting',
    'system-prompt',
    'lang',
    'dir',
    'token-url',
  ]);
  await page.getByRole('button', { name: 'Reset all' }).click();
  expect(await names()).toEqual(written);
  await page.close();
});

test('every ready-made theme can be tried, and its file is in the snippet', async () => {
  const page = await openPage();
  const files = await readdir(join(projectRoot, 'components/themes'));
  const themes = files.filter((file) => file.endsWith('.css')).map((file) => file.replace('.css', ''));
  const choice = page.getByRole('radiogroup', { name: 'ready theme' });
  await expect(choice.getByRole('radio')).toHaveCount(themes.length + 1);
  const accent = () =>
    page
      .locator('voice-agent')
      .evaluate((agent) => getComputedStyle(agent).getPropertyValue('--voice-agent-accent'));
  const seen = new Set([await accent()]);
  for (const theme of themes) {
    await choice.getByRole('radio', { name: theme }).check();
    await expect(page.locator('#snippet')).toContainText(`/themes/${theme}.css"`);
    await expect.poll(async () => !seen.has(await accent()), theme).toBe(true);
    seen.add(await accent());
  }
  await page.close();
});

test('the log shows the events of a call, newest first', async () => {
  const page = await openPage();
  const lines = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem');
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await expect(lines.filter({ hasText: 'transcript' })).toContainText(['Hello! I am the agent']);
  await expect(page.locator('#quality')).toContainText('a worker');
  await page.getByRole('button', { name: 'End conversation' }).click();
  await expect(lines.filter({ hasText: 'session-end' })).toContainText(['"reason":"stopped"']);
  expect((await lines.allTextContents()).at(-1)).toContain('state-change{"state":"connecting"');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(lines).toHaveCount(0);
  await page.close();
});

for (const [index, colorScheme] of (['dark', 'light'] as const).entries()) {
  test(
    `axe reports no violations on the ${colorScheme} page, at 320 and 1280 px, and it does not scroll sideways`,
    firstRows(1, index),
    async () => {
      const page = await openPage({ colorScheme });
      await page.addScriptTag({ path: join(projectRoot, 'node_modules/axe-core/axe.min.js') });
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
          const { violations } = await axe.run();
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html }) => `${id}: ${html.slice(0, 150)}`),
          );
        });
        expect(found, `${width} px`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
      await page.close();
    },
  );
}
