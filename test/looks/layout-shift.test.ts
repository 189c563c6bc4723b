/** With the rules of docs/guides/theming.md, nothing on a page moves when the element's script has loaded. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { projectRoot } from '../../scripts/project-root.mjs';
import { codeBlocks } from '../support/readme-blocks.js';
import { test } from './looks-test.js';

/** Limit; web vitals call 0.1 good. */
const MOST_SHIFT = 0.01;

async function recipe(): Promise<string> {
  const guide = await readFile(join(projectRoot, 'docs/guides/theming.md'), 'utf8');
  const block = codeBlocks(guide).find(({ code }) => code.includes(':not(:defined)'));
  if (!block) throw new Error('The guide has no recipe.');
  return block.code;
}

const pageHtml = (tag: string, css: string): string => `<!doctype html>
  <html lang="en">
    <link rel="icon" href="data:," />
    <style>${css}</style>
    <style>body { margin: 16px; font: 1rem/1.5 sans-serif }</style>
    <p>Before it. ${tag}</p>
    <p>After it, and over the whole width of the page: ${'nothing may move. '.repeat(20)}</p>
  </html>`;

/** The sum of layout shifts while the element is upgraded. */
async function shiftOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let sum = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
    });
    observer.observe({ type: 'layout-shift', buffered: true });
    const frames = async (count: number): Promise<void> => {
      for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
    };
    await frames(3);
    const script = '/components/voice-agent/define.ts';
    await import(script);
    await frames(5);
    for (const entry of observer.takeRecords()) sum += (entry as PerformanceEntry & { value: number }).value;
    return sum;
  });
}

const TAGS: Readonly<Record<string, string>> = {
  panel: '</p><voice-agent><b slot="footer">A note</b></voice-agent><p>',
  bar: '</p><voice-agent layout="bar"></voice-agent><p>',
  button: '<voice-agent layout="button"><span slot="start-label">Start conversation</span></voice-agent>',
  floating: '<voice-agent layout="floating"><b slot="header">A name</b></voice-agent>',
  headless: '<voice-agent layout="headless"><button>Talk</button></voice-agent>',
};

test('nothing on a page moves when the element’s script loads, in any layout', async ({
  chromium,
  looksUrl,
}) => {
  const page = await chromium.newPage();
  const url = `${looksUrl}late.html`;
  let body = '';
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body }));
  for (const [layout, tag] of Object.entries(TAGS)) {
    let most = 0;
    // The other layouts have the same size at every width.
    for (const width of layout === 'panel' || layout === 'bar' ? [320, 1280] : [1280]) {
      body = pageHtml(tag, await recipe());
      await page.setViewportSize({ width, height: 700 });
      await page.goto(url);
      const shift = await shiftOf(page);
      expect.soft(shift, `${layout}, ${width} px`).toBeLessThan(MOST_SHIFT);
      most = Math.max(most, shift);
    }
    if (layout === 'floating' || layout === 'headless') continue;
    body = pageHtml(tag, '');
    await page.goto(url);
    expect.soft(await shiftOf(page), `${layout}, without the recipe`).toBeGreaterThan(most + 0.001);
  }
  await page.close();
});

test('a page that is scrolled to its end stays there when the element’s script loads', async ({
  chromium,
  looksUrl,
}) => {
  const page = await chromium.newPage();
  const url = `${looksUrl}late.html`;
  const high = '<p style="block-size: 200vh">Text</p>';
  const html = pageHtml(`</p>${high}<voice-agent></voice-agent>`, await recipe());
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  // The tag is at the top of what is seen, so Chromium's scroll anchoring has nothing to hold on to.
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.goto(url);
  const places = await page.evaluate(async () => {
    const frames = async (): Promise<void> => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    };
    scrollTo(0, document.documentElement.scrollHeight);
    await frames();
    const before = scrollY;
    const script = '/components/voice-agent/define.ts';
    await import(script);
    await frames();
    return [before, scrollY];
  });
  expect(places[0]).toBeGreaterThan(0);
  expect(places[1]).toBe(places[0]);
  await page.close();
});

test('the row of optional features takes its place in a card before its code is loaded', async ({
  chromium,
  looksUrl,
}) => {
  const page = await chromium.newPage();
  const url = `${looksUrl}late.html`;
  const html = pageHtml('</p><voice-agent devices></voice-agent><p>', '');
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  let load = (): void => undefined;
  await page.route('**/define-parts.ts*', async (route) => {
    await new Promise<void>((resolve) => (load = resolve));
    await route.continue();
  });
  const button = page.locator('voice-agent .call');
  const row = page.locator('voice-agent voice-agent-extras');
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(url);
    await page.evaluate((script) => import(script), '/components/voice-agent/define.ts');
    const before = [await button.boundingBox(), await row.boundingBox()];
    expect(before[1]!.y, `${String(width)} px: below the controls`).toBeGreaterThan(before[0]!.y);
    load();
    await row.getByRole('button').first().waitFor();
    expect([await button.boundingBox(), await row.boundingBox()], `${String(width)} px`).toEqual(before);
  }
  await page.close();
});

test('the page of npm start uses the same recipe', async () => {
  const css = await readFile(join(projectRoot, 'examples/playground/playground.css'), 'utf8');
  expect(css).toContain(await recipe());
});
