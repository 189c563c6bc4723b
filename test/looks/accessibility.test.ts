/** axe and measured contrast, for the element in every layout, state, theme and text direction. */
import { expect, type Page } from '@playwright/test';
import { firstRows } from '../support/sample.js';
import { FORMS, MOMENTS, show, test } from './looks-test.js';

const SCHEMES = ['light', 'dark'] as const;
const READY_THEMES = ['forest', 'plain', 'plum'];

[false, true].forEach((rightToLeft, index) => {
  const direction = rightToLeft ? 'right to left' : 'left to right';
  test(
    `axe reports no violations in any layout, state and theme, ${direction}`,
    firstRows(1, index),
    async ({ openLooks }) => {
      const page = await openLooks();
      for (const [form, attributes] of Object.entries(FORMS))
        for (const scene of MOMENTS)
          for (const theme of SCHEMES) {
            const all = { ...attributes, theme, 'text-input': '', ...(theme === 'dark' && { muted: '' }) };
            await show(page, { attributes: all, scene, rightToLeft });
            const found = await page.evaluate(() => window.looks.violations());
            expect.soft(found, `${form} ${scene} ${theme}`).toEqual([]);
          }
    },
  );
});

READY_THEMES.forEach((readyTheme, index) => {
  test(
    `in the theme ${readyTheme} every text has a contrast of 4.5 and every icon of 3, light and dark`,
    firstRows(1, index),
    async ({ openLooks }) => {
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
    },
  );
});

/** The minimum contrast of the launcher's icon, which is white, with the pixels below its lines. */
async function launcherContrast(page: Page): Promise<number> {
  const icon = page.getByRole('button').locator('svg');
  const clip = (await icon.boundingBox())!;
  const whole = await page.screenshot({ clip });
  await icon.evaluate((element) => (element.style.visibility = 'hidden'));
  const ground = await page.screenshot({ clip });
  return page.evaluate(
    async (pictures) => {
      const [withIcon, without] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
          context.drawImage(picture, 0, 0);
          return context.getImageData(0, 0, picture.width, picture.height).data;
        }),
      );
      const linear = (value = 0): number =>
        value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      const luminance = (data: Uint8ClampedArray, at: number): number =>
        0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]);
      let brightest = 0;
      for (let at = 0; at < without!.length; at += 4) {
        const below = luminance(without!, at);
        // Pixels at the edge of a line are half line, half background.
        if (luminance(withIcon!, at) - below > 0.05) brightest = Math.max(brightest, below);
      }
      return brightest === 0 ? 0 : 1.05 / (brightest + 0.05);
    },
    [whole, ground].map((picture) => picture.toString('base64')),
  );
}

test('the icon of the launcher has a contrast of 3 with its background, in every theme', async ({
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
