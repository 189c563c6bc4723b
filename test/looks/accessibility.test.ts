/** axe and measured contrast, for the element in every form, moment, theme and direction. */
import { expect, type Page } from '@playwright/test';
import { FORMS, MOMENTS, show, test } from './looks-test.js';

const SCHEMES = ['light', 'dark'] as const;
const READY_THEMES = ['forest', 'plain', 'plum'];

for (const rightToLeft of [false, true])
  test(`axe finds nothing in any form, moment and theme, from ${rightToLeft ? 'right to left' : 'left to right'}`, async ({
    openLooks,
  }) => {
    const page = await openLooks();
    for (const [form, attributes] of Object.entries(FORMS))
      for (const scene of MOMENTS)
        for (const theme of SCHEMES) {
          const all = { ...attributes, theme, 'text-input': '', ...(theme === 'dark' && { muted: '' }) };
          await show(page, { attributes: all, scene, rightToLeft });
          const found = await page.evaluate(() => window.looks.violations());
          expect.soft(found, `${form} ${scene} ${theme}`).toEqual([]);
        }
  });

for (const readyTheme of READY_THEMES)
  test(`in the ready theme ${readyTheme} every text has a contrast of 4.5 and every picture of 3, light and dark`, async ({
    openLooks,
  }) => {
    let count = 0;
    for (const colorScheme of SCHEMES) {
      const page = await openLooks({ colorScheme });
      for (const [form, attributes] of Object.entries(FORMS))
        for (const scene of MOMENTS) {
          await show(page, { attributes: { ...attributes, 'text-input': '' }, scene, readyTheme });
          const { measured, faint } = await page.evaluate(() => window.looks.faint());
          expect.soft(faint, `${colorScheme} ${form} ${scene}`).toEqual([]);
          count += measured;
        }
    }
    expect(count).toBeGreaterThan(100);
  });

/** The least contrast of the launcher's picture, which is white, with the gradient around its lines, as painted. */
async function launcherContrast(page: Page): Promise<number> {
  const handset = await page.evaluate(() => {
    const icon = window.looks.element.shadowRoot!.querySelector<SVGElement>('.launcher svg')!;
    icon.style.visibility = 'hidden';
    const { x, y, width, height } = icon.getBoundingClientRect();
    return { x, y, width, height };
  });
  const ground = await page.screenshot({ clip: handset });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const linear = (value: number): number =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    let brightest = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      brightest = Math.max(brightest, 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue));
    }
    return 1.05 / (brightest + 0.05);
  }, ground.toString('base64'));
}

test('the picture on the launcher has a contrast of 3 with what is painted below it, in every theme', async ({
  openLooks,
}) => {
  for (const readyTheme of [undefined, ...READY_THEMES])
    for (const colorScheme of SCHEMES) {
      const page = await openLooks({ colorScheme });
      await show(page, {
        attributes: { layout: 'floating' },
        scene: 'idle',
        ...(readyTheme && { readyTheme }),
      });
      expect
        .soft(await launcherContrast(page), `${readyTheme ?? 'usual'} ${colorScheme}`)
        .toBeGreaterThanOrEqual(3);
    }
});
