/** `voice-agent-loader.js`: one line, for pages that accept only one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { messages as german } from '../../components/locales/de.js';
import { messages as english } from '../../components/locales/en.js';
import { integrityOf } from '../../scripts/integrity.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { launchChromium } from '../support/launch-chromium.js';
import { LINE, LOADER, openPlace, pageOf, type Place } from '../support/place.js';
import { firstRows } from '../support/sample.js';

const ELEMENT = '/dist/voice-agent.js';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium();
});
test.afterAll(() => browser.close());

const launcher = (page: Page, name = english.label) => page.getByRole('button', { name });

/** Starts a call as a visitor does, and waits until audio arrives at the service. */
async function talk({ page, server }: Place, number = 1): Promise<void> {
  await page.locator('voice-agent .call').first().click();
  await (await server.call(number)).inputOfAtLeast(50);
}

test('is at most 2 kB, brotli-compressed', async () => {
  const file = await readFile(join(projectRoot, 'dist/voice-agent-loader.js'));
  expect((await promisify(brotliCompress)(file)).length).toBeLessThanOrEqual(2_048);
});

test('shows a launcher before the element is loaded, and loads it once, when a visitor comes near', async () => {
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(`<p>Words.</p>${LINE.replace('async', 'data-load="intent" async')}`) },
    holdElement: () => held,
  });
  const { page, asked } = place;
  await expect(launcher(page)).toBeVisible();
  const before = await launcher(page).boundingBox();
  await page.waitForLoadState('load');
  expect(asked).not.toContain(ELEMENT);
  await launcher(page).hover();
  await launcher(page).click();
  expect(await page.evaluate(() => document.querySelector('voice-agent')!.matches(':defined'))).toBe(false);
  release!();
  // The press was repeated on the element: the card is open.
  await expect(page.getByRole('dialog')).toBeVisible();
  await talk(place);
  const after = await page.locator('voice-agent .launcher').boundingBox();
  // A scaled or hovered button may differ in size by a pixel or two, but not in position.
  for (const side of ['x', 'y', 'width'] as const)
    expect(Math.abs(after![side] - before![side])).toBeLessThan(6);
  expect(asked.filter((path) => path === ELEMENT)).toHaveLength(1);
  expect(await page.evaluate(() => document.querySelector('voice-agent')!.childElementCount)).toBe(0);
  expect(place.consoleErrors).toEqual([]);
});

test('a press while the element is loading does not close a card that opens itself', async () => {
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(LINE.replace('async', 'data-open async')) },
    holdElement: () => held,
  });
  const { page } = place;
  await launcher(page).click();
  release!();
  await page.waitForFunction(() => {
    const tag = document.querySelector('voice-agent')!;
    return tag.matches(':defined') && tag.childElementCount === 0;
  });
  await expect(page.locator('voice-agent .launcher')).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('loads the element when the page is idle', async () => {
  await using place = await openPlace(browser, { pages: { '/': pageOf(LINE) } });
  await place.page.locator('voice-agent:defined').waitFor({ state: 'attached' });
  await launcher(place.page).click();
  await talk(place);
});

test('loads the element on a page that is never idle', async () => {
  // One task after another, each longer than the rest of a frame.
  const busy = `<script>
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const from = performance.now();
      while (performance.now() - from < 20);
      port2.postMessage(0);
    };
    port2.postMessage(0);
  </script>`;
  await using place = await openPlace(browser, { pages: { '/': pageOf(LINE, busy) } });
  await place.page.locator('voice-agent:defined').waitFor({ state: 'attached' });
});

test('works in the head, before there is a body', async () => {
  const line = LINE.replace(' async', '');
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf('<main>Words.</main>', line + line.replace('{{call}}', '{{call}} data-layout="bar"')),
    },
  });
  await launcher(place.page).first().click();
  await expect(place.page.locator('body > voice-agent[layout=bar] .call')).toBeVisible();
  await expect(place.page.locator('html > voice-agent')).toHaveCount(1);
});

test('reserves the height of the element at the position of its script, in layouts of the page', async () => {
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf(
        `<h1>Ask</h1>${LINE.replace('async', 'data-layout="panel" data-load="intent" async')}<p id="next">Next</p>`,
      ),
    },
  });
  const { page } = place;
  const top = async () => (await page.locator('#next').boundingBox())!.y;
  await launcher(page).waitFor();
  const before = await top();
  expect(await page.locator('h1 ~ voice-agent + #next').count()).toBe(1);
  await launcher(page).click();
  await (await place.server.call()).inputOfAtLeast(50);
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
});

test('queues requests of the page until the element is loaded, and then runs them at once', async () => {
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf(
        `<button id="talk" onclick="voiceAgent.push(['start'])">Talk</button>${LINE.replace('async', 'data-load="intent" async')}`,
        `<script>
           window.said = [];
           window.voiceAgent = window.voiceAgent || [];
           voiceAgent.push(() => { throw new Error('One that fails.'); });
           voiceAgent.push((agent) => agent.addEventListener('session-ready', () => said.push('ready')));
         </script>`,
      ),
    },
  });
  const { page, asked } = place;
  await launcher(page).waitFor();
  expect(asked).not.toContain(ELEMENT);
  await page.locator('#talk').click();
  await (await place.server.call()).inputOfAtLeast(50);
  expect(await page.evaluate('said')).toEqual(['ready']);
  expect(place.consoleErrors.join()).toContain('One that fails.');
  await page.evaluate("voiceAgent.push((agent) => said.push(agent.state), ['stop'])");
  await (await place.server.call()).message('session.end');
  expect(await page.evaluate('said[1]')).toBe('listening');
});

test('works under a policy of nonces with Trusted Types, and passes on its nonce', async () => {
  const policy = [
    "default-src 'self'",
    "script-src 'nonce-n0nce' 'strict-dynamic' 'wasm-unsafe-eval' blob:",
    'worker-src blob:',
    "style-src 'none'",
    'connect-src ws:',
    "require-trusted-types-for 'script'",
    'trusted-types voice-agent-loader voice-agent lit-html',
  ].join('; ');
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(LINE.replace('<script', '<script nonce="n0nce"')) },
    headers: { 'content-security-policy': policy },
  });
  await launcher(place.page).click();
  await talk(place);
  expect(place.consoleErrors).toEqual([]);
});

/** Content of visitors that names itself like a property of the document, and so replaces it. */
const NAMESAKES = {
  'an image "currentScript"':
    '<img name="currentScript" src="/elsewhere/image.png" data-layout="bar" data-load="intent">',
  'a form "scripts"': `<form name="scripts">
      <input type="hidden" src="{{origin}}${LOADER}" data-module="/elsewhere/voice-agent.js" data-layout="bar">
    </form>`,
};

for (const [index, [what, content]] of Object.entries(NAMESAKES).entries()) {
  test(`takes its settings from no other element of the page: ${what}`, firstRows(1, index), async () => {
    await using place = await openPlace(browser, { pages: { '/': pageOf(content + LINE) } });
    const { page, asked } = place;
    await page.evaluate(async () => {
      // The loader looks for new scripts at every change.
      document.body.append('More.');
      await Promise.resolve();
    });
    await expect(page.locator('voice-agent')).toHaveCount(1);
    await expect(page.locator('voice-agent')).toHaveAttribute('layout', 'floating');
    await launcher(page).click();
    await talk(place);
    expect(asked).not.toContain('/elsewhere/voice-agent.js');
    expect(place.consoleErrors.filter((text) => /TypeError/.test(text))).toEqual([]);
  });
}

test('passes on the hash of the element, and keeps its launcher if the hash does not match', async () => {
  const integrity = integrityOf(await readFile(join(projectRoot, 'dist/voice-agent.js')));
  const line = (hash: string): string => LINE.replace('async', `data-integrity="${hash}" crossorigin async`);
  await using place = await openPlace(browser, { pages: { '/': pageOf(line(integrity)) } });
  await launcher(place.page).click();
  await talk(place);
  await using other = await openPlace(browser, {
    pages: { '/': pageOf(line(integrityOf(Buffer.from('other')))) },
  });
  await launcher(other.page).click();
  await expect.poll(() => other.consoleErrors.join()).toContain('Not loaded');
  expect(await other.page.evaluate(() => customElements.get('voice-agent') === undefined)).toBe(true);
  await expect(launcher(other.page)).toBeVisible();
});

test('tries again at the next press, if the element could not be loaded', async () => {
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(LINE.replace('async', 'data-load="intent" async')) },
    holdElement: (attempt) => (attempt === 1 ? Promise.reject(new Error('away')) : Promise.resolve()),
  });
  await launcher(place.page).focus();
  await expect.poll(() => place.consoleErrors.join()).toContain('Not loaded');
  await launcher(place.page).click();
  await expect(place.page.getByRole('dialog')).toBeVisible();
  await talk(place);
});

test('can be focused and pressed by keyboard, and the focus stays when the element replaces it', async () => {
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(LINE.replace('async', 'data-load="intent" async')) },
  });
  const { page } = place;
  await launcher(page).waitFor();
  await page.keyboard.press('Tab');
  await page.locator('voice-agent:defined').waitFor({ state: 'attached' });
  await expect(page.locator('voice-agent .launcher')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('gives its launcher the same name as the element, in the language of the page, also in browsers without ariaLabel', async () => {
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf(LINE.replace('async', 'data-load="intent" async')).replace('lang="en"', 'lang="de-AT"'),
    },
  });
  const { page } = place;
  await expect(page.getByRole('button', { name: german.label })).toBeVisible();
  await page.addInitScript(() => {
    for (const name of ['ariaLabel', 'ariaExpanded']) Reflect.deleteProperty(Element.prototype, name);
  });
  await page.reload();
  await expect(page.getByRole('button', { name: german.label })).toBeVisible();
  await launcher(page, german.label).click();
  await expect(page.getByRole('dialog')).toBeVisible();
});
