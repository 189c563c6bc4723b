/** Compares the element with reference pictures. After an intended change: `npm run looks -- --update-snapshots`. */
import { expect } from '@playwright/test';
import { FORMS, show, test } from './looks-test.js';

/** Each layout with its most informative state. */
const PICTURES: readonly (readonly [form: string, scene: string])[] = [
  ['panel', 'idle'],
  ['panel', 'speaking'],
  ['panel', 'error'],
  ['bar', 'speaking'],
  ['button', 'speaking'],
  ['floating-closed', 'speaking'],
  ['floating-open', 'speaking'],
];

for (const theme of ['light', 'dark'])
  for (const direction of ['ltr', 'rtl'])
    for (const width of [320, 1280])
      test(`the element matches its pictures, ${theme}, ${direction}, ${width} px wide`, async ({
        openLooks,
      }) => {
        const page = await openLooks({ width, height: 640 });
        for (const [form, scene] of PICTURES) {
          await show(page, {
            attributes: { ...FORMS[form], theme, 'text-input': '' },
            scene,
            rightToLeft: direction === 'rtl',
          });
          const clip = await page.evaluate(() => window.looks.box());
          await expect
            .soft(page)
            .toHaveScreenshot(`${form}-${scene}-${theme}-${direction}-${width}.png`, { clip });
        }
      });
