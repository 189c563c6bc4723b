/** The style sheets of host pages do not change the look of the element: it matches the same reference pictures. */
import { expect } from '@playwright/test';
import { FORMS, show, test } from './looks-test.js';

const SHOWN: readonly (readonly [form: string, scene: string])[] = [
  ['panel', 'speaking'],
  ['panel', 'error'],
  ['bar', 'speaking'],
  ['button', 'speaking'],
  ['floating-open', 'speaking'],
];

/** Background around the element in the reference pictures. */
const GROUND = { light: '#eceef4', dark: '#0a0c11' } as const;

/** Rules of real shop themes, builders and resets. */
const UGLY = `
  html { font-size: 62.5%; line-height: 3; letter-spacing: 3px; }
  body { text-transform: uppercase; text-align: right; text-indent: 30px; text-shadow: 2px 2px red; cursor: wait;
    font: italic 900 30px/2 fantasy; word-spacing: 20px; white-space: pre-wrap; hyphens: auto; color: lime; }
  *, *::before, *::after { box-sizing: content-box; transition: all 3s; animation-duration: 9s; }
  div, p, span, ul, li, section { margin: 40px 7px; padding: 13px; float: left; border: 3px dotted red; }
  button, input, textarea { all: unset; background: red !important; border-radius: 0 !important; min-width: 300px; }
  svg, img, canvas { max-width: 20px !important; height: auto !important; fill: red; }
  a { color: red !important; } h1, h2, h3 { font-size: 99px; } [hidden] { display: block !important; }
  ::selection { background: red; } :focus { outline: none !important; }`;

/** Resets the effect of the rules above on the wrapper, so that the element has the position of the pictures. */
const PLAIN =
  'all: initial; display: block; font: inherit; letter-spacing: inherit; text-transform: inherit; color: inherit';

for (const theme of ['light', 'dark'] as const)
  test(`on an ugly page, ${theme}`, async ({ openLooks }) => {
    const page = await openLooks({ width: 1280, height: 640 });
    for (const [form, scene] of SHOWN) {
      await show(page, {
        attributes: { ...FORMS[form], theme, 'text-input': '' },
        scene,
        host: { css: UGLY, wrapper: PLAIN },
      });
      const clip = await page.evaluate(() => window.looks.box());
      await expect.soft(page).toHaveScreenshot(`${form}-${scene}-${theme}-ltr-1280.png`, { clip });
    }
  });

/** Fills the window, so that the pictures are equal up to their edges. */
const SECTION = 'position: absolute; inset: 0; padding: 16px; box-sizing: border-box;';

for (const [what, root, look, theme] of [
  ['a dark section of a light page, which says so', 'color-scheme: light', 'color-scheme: dark', 'dark'],
  ['a dark section of a light page, by its colours alone', '', 'color: #ddd', 'dark'],
  ['a light section of a dark page', 'color-scheme: dark', 'color-scheme: light', 'light'],
] as const)
  test(`in ${what}`, async ({ openLooks }) => {
    const other = theme === 'dark' ? 'light' : 'dark';
    const page = await openLooks({ width: 1280, height: 640, colorScheme: other });
    for (const [form, scene] of SHOWN) {
      await show(page, {
        attributes: { ...FORMS[form], 'text-input': '' },
        scene,
        host: {
          css: `:root { ${root} } body { background: ${GROUND[other]}; }`,
          wrapper: `${SECTION} background: ${GROUND[theme]}; ${look}`,
        },
      });
      const clip = await page.evaluate(() => window.looks.box());
      await expect.soft(page).toHaveScreenshot(`${form}-${scene}-${theme}-ltr-1280.png`, { clip });
    }
  });

for (const [what, css] of [
  ['transformed', 'transform: translate(30px, 50px) rotate(4deg)'],
  ['filtered', 'filter: saturate(0.5)'],
  ['contained', 'contain: strict'],
  ['clipped, below everything', 'position: relative; z-index: -1; overflow: hidden; clip-path: inset(0)'],
] as const)
  test(`floating in a wrapper that is ${what}`, async ({ openLooks }) => {
    const page = await openLooks({ width: 1280, height: 640 });
    for (const form of ['floating-closed', 'floating-open']) {
      await show(page, {
        attributes: { ...FORMS[form], theme: 'light', 'text-input': '' },
        scene: 'speaking',
        host: { css: '', wrapper: `inline-size: 80px; block-size: 40px; ${css}` },
      });
      const clip = await page.evaluate(() => window.looks.box());
      await expect.soft(page).toHaveScreenshot(`${form}-speaking-light-ltr-1280.png`, { clip });
    }
  });
