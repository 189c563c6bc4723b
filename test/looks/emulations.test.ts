/** System settings of visitors: colours, contrast, motion, size. */
import { expect, type Page } from '@playwright/test';
import { firstRows } from '../support/sample.js';
import { FORMS, MOMENTS, show, test } from './looks-test.js';

/** Size of a window of 1280 × 1024 at 400 % zoom. */
const ZOOMED = { width: 320, height: 256 };
const LEAST_TARGET_PX = 24;

/** Scrolls each control into view. @returns those that a pointer cannot reach */
function unreachable(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const root = window.looks.element.shadowRoot!;
    const controls = [...root.querySelectorAll('button, input')].filter((control) =>
      control.checkVisibility({ visibilityProperty: true }),
    );
    const problems = controls.flatMap((control) => {
      control.scrollIntoView({ block: 'center' });
      const name = control.getAttribute('aria-label') ?? control.textContent.trim();
      const { x, y, width, height } = control.getBoundingClientRect();
      const hit = root.elementFromPoint(x + width / 2, y + height / 2);
      // Slotted content counts as the button around it.
      const found = hit && (control.contains(hit) || control.contains(hit.assignedSlot));
      return [
        ...(found ? [] : [`${name}: covered by ${hit?.className ?? 'nothing'}`]),
        ...(width < least || height < least ? [`${name}: ${width} × ${height}`] : []),
      ];
    });
    if (controls.length === 0) problems.push('no control');
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) problems.push(`the page is ${scrollWidth} px wide`);
    for (const box of root.querySelectorAll('.panel, .bar, .transcript, .error, .consent'))
      if (box.scrollWidth > box.clientWidth + 1) problems.push(`${box.className} scrolls sideways`);
    return problems;
  }, LEAST_TARGET_PX);
}

/** Width of the window, including the page's margins. */
const around = (width: number) => ({ width: width + 32, height: 600 });

const SIZES = [
  ['at 400 % zoom', ZOOMED],
  ['200 px wide', around(200)],
  ['1200 px wide', around(1200)],
] as const;

SIZES.forEach(([name, size], index) => {
  test(
    `${name}, every control can be reached in every layout and state, and nothing scrolls sideways`,
    firstRows(2, index),
    async ({ openLooks }) => {
      const page = await openLooks(size);
      for (const [form, attributes] of Object.entries(FORMS))
        for (const scene of MOMENTS)
          for (const rightToLeft of [false, true]) {
            await show(page, { attributes: { ...attributes, 'text-input': '' }, scene, rightToLeft });
            expect
              .soft(await unreachable(page), `${form} ${scene} ${rightToLeft ? 'rtl' : 'ltr'}`)
              .toEqual([]);
          }
    },
  );
});

test('in a low window, the close button lies over no other control, however its card is scrolled', async ({
  openLooks,
}) => {
  for (const size of [ZOOMED, { width: 320, height: 200 }, { width: 1280, height: 200 }]) {
    const page = await openLooks(size);
    await show(page, { attributes: { ...FORMS['floating-open'], 'text-input': '' }, scene: 'speaking' });
    const covered = await page.evaluate(() => {
      const root = window.looks.element.shadowRoot!;
      const close = root.querySelector('.close')!.getBoundingClientRect();
      const panel = root.querySelector('.panel')!;
      const seen = panel.getBoundingClientRect();
      const found = new Set<string>();
      for (let top = 0; top <= panel.scrollHeight; top += 10) {
        panel.scrollTop = top;
        for (const control of panel.querySelectorAll('button, input')) {
          const box = control.getBoundingClientRect();
          const height =
            Math.min(box.bottom, seen.bottom, close.bottom) - Math.max(box.top, seen.top, close.top);
          const width = Math.min(box.right, close.right) - Math.max(box.left, close.left);
          if (height > 1 && width > 1) found.add(control.className || control.localName);
        }
      }
      return [...found];
    });
    expect.soft(covered, `${size.width} × ${size.height}`).toEqual([]);
  }
});

test('with reduced motion nothing moves, in any layout and state', async ({ openLooks }) => {
  const page = await openLooks();
  // The canvas has transitions of a millisecond, by which it detects changed colours.
  const moving = () =>
    page.evaluate(
      () =>
        window.looks.element
          .shadowRoot!.getAnimations()
          .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1).length,
    );
  let moved = 0;
  for (const [form, attributes] of Object.entries(FORMS))
    for (const visualizer of form === 'panel' ? ['orb', 'bars'] : ['orb'])
      for (const scene of MOMENTS) {
        await page.emulateMedia({ reducedMotion: 'no-preference' });
        await show(page, { attributes: { ...attributes, visualizer }, scene });
        moved += await moving();
        await page.emulateMedia({ reducedMotion: 'reduce' });
        expect.soft(await moving(), `${form} ${visualizer} ${scene}`).toBe(0);
      }
  expect(moved, 'otherwise something does').toBeGreaterThan(10);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`in forced colours, ${colorScheme}, texts are readable and every button has a border`, async ({
    openLooks,
  }) => {
    const page = await openLooks({ forcedColors: 'active', colorScheme });
    for (const [form, attributes] of Object.entries(FORMS))
      for (const scene of MOMENTS) {
        await show(page, { attributes: { ...attributes, 'text-input': '' }, scene });
        const { faint, flat } = await page.evaluate(() => ({
          faint: window.looks.faint().faint,
          flat: [...window.looks.element.shadowRoot!.querySelectorAll('button')]
            .filter((button) => button.checkVisibility({ visibilityProperty: true }))
            .filter((button) => parseFloat(getComputedStyle(button).borderTopWidth) < 1)
            .map(({ className }) => className),
        }));
        expect.soft(faint, `${form} ${scene}`).toEqual([]);
        expect.soft(flat, `${form} ${scene}`).toEqual([]);
      }
  });

  test(`with more contrast, ${colorScheme}, muted texts have the full colour and borders are strong`, async ({
    openLooks,
  }) => {
    const page = await openLooks({ contrast: 'more', colorScheme });
    await show(page, { attributes: { layout: 'panel' }, scene: 'speaking' });
    const colours = await page.evaluate(() => {
      const root = window.looks.element.shadowRoot!;
      const style = (selector: string) => getComputedStyle(root.querySelector(selector)!);
      return {
        text: style('.panel').color,
        timer: style('.timer').color,
        note: style('.note').color,
      };
    });
    expect(colours.timer).toBe(colours.text);
    expect(colours.note).toBe(colours.text);
    expect(await page.evaluate(() => window.looks.edgeContrast('.panel'))).toBeGreaterThanOrEqual(3);
  });
}

test('the floating button is on no printed sheet', async ({ openLooks }) => {
  const page = await openLooks();
  await show(page, { attributes: { layout: 'floating', open: '' }, scene: 'speaking' });
  const launcher = page.locator('voice-agent .launcher');
  await expect(launcher).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(launcher).toBeHidden();
});
