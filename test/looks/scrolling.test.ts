/** The wheel scrolls the transcript, or the page below it, which may scroll by script. */
import { expect, type Page } from '@playwright/test';
import { show, test } from './looks-test.js';

/** Shows a call with this many lines, on a page that is longer than the window. */
async function showLines(page: Page, count: number): Promise<void> {
  await show(page, { attributes: {}, scene: 'listening' });
  await page.evaluate(async (lines) => {
    const { element } = window.looks;
    for (let line = 0; line < lines; line++)
      element.script.utter({ key: `line-${line}`, role: 'agent', text: `Line ${line} of what was said.` });
    const rest = document.createElement('div');
    rest.style.blockSize = '5000px';
    document.body.append(rest);
    scrollTo(0, 0);
    await window.looks.settle();
  }, count);
}

async function turnWheel(page: Page, deltaY: number): Promise<void> {
  const { x, y, width, height } = (await page.locator('.transcript').boundingBox())!;
  await page.mouse.move(0, 0);
  await page.mouse.move(x + width / 2, y + height / 2);
  // The wheel must turn after the pointer has arrived there.
  await page.evaluate(() => window.looks.settle());
  await page.mouse.wheel(0, deltaY);
}

const scrolled = (page: Page): Promise<number> =>
  page.locator('.transcript').evaluate((transcript) => transcript.scrollTop);

for (const isSmooth of [false, true])
  test(`the wheel scrolls the transcript${isSmooth ? ', also on a page that scrolls by Lenis' : ''}; if that shows everything, the page`, async ({
    openLooks,
  }) => {
    const page = await openLooks();
    if (isSmooth)
      await page.evaluate(async () => {
        const script = '/node_modules/lenis/dist/lenis.mjs';
        const { default: Lenis } = (await import(script)) as {
          default: new (options: object) => object;
        };
        Object.assign(window, { lenis: new Lenis({ autoRaf: true }) });
      });
    await showLines(page, 60);
    await turnWheel(page, -120);
    await expect.poll(() => scrolled(page)).toBeLessThan(0);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await turnWheel(page, 1_000);
    await expect.poll(() => scrolled(page)).toBe(0);
    await turnWheel(page, 1_000);
    await page.evaluate(() => window.looks.settle());
    expect(await page.evaluate(() => scrollY), 'at its end, too').toBe(0);

    await showLines(page, 1);
    await turnWheel(page, 120);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
    await page.evaluate(() => {
      (window as { lenis?: { destroy(): void } }).lenis?.destroy();
      scrollTo(0, 0);
    });
  });
