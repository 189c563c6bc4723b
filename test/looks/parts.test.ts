/** Parts alone: axe, contrast and size, in both themes and text directions, narrow and wide. */
import { expect } from '@playwright/test';
import { firstRows } from '../support/sample.js';
import type { Look } from './page/looks-page.js';
import { show, test } from './looks-test.js';

const PARTS: Readonly<Record<NonNullable<Look['part']>, Readonly<Record<string, string>>>> = {
  'voice-agent-transcript': {},
  'voice-agent-visualizer': {},
  'voice-agent-controls': {},
  'voice-agent-devices': {},
  'voice-agent-export': {},
  'voice-agent-extras': { devices: '', record: '', 'save-transcript': '', debug: '' },
  'voice-agent-recorder': {},
  'voice-agent-stats': {},
};
/** Before, during and after a call. */
const SCENES = ['idle', 'speaking', 'error'] as const;
/** Widths of the window, including the page's margins. */
const WIDTHS = [200 + 32, 1200 + 32];

Object.entries(PARTS).forEach(([part, attributes], index) => {
  test(
    `${part} alone is accessible, readable and fits, in both themes and directions`,
    firstRows(3, index),
    async ({ openLooks }) => {
      let measured = 0;
      for (const width of WIDTHS) {
        const page = await openLooks({ width });
        for (const theme of ['light', 'dark'])
          for (const rightToLeft of [false, true])
            for (const scene of SCENES) {
              await show(page, {
                part: part as NonNullable<Look['part']>,
                attributes: { ...attributes, theme },
                scene,
                rightToLeft,
              });
              const found = await page.evaluate(async () => ({
                violations: await window.looks.violations(),
                contrast: window.looks.faint(),
                misfits: window.looks.misfits(),
                direction: getComputedStyle(window.looks.subject).direction,
              }));
              const where = `${width} ${theme} ${rightToLeft ? 'rtl' : 'ltr'} ${scene}`;
              expect.soft(found.violations, where).toEqual([]);
              expect.soft(found.contrast.faint, where).toEqual([]);
              expect.soft(found.misfits, where).toEqual([]);
              expect.soft(found.direction, where).toBe(rightToLeft ? 'rtl' : 'ltr');
              measured += found.contrast.measured;
            }
      }
      if (part !== 'voice-agent-visualizer') expect(measured).toBeGreaterThan(0);
    },
  );
});
