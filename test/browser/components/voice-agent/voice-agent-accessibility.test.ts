import { expect } from 'chai';
import { sendMouse } from '@web/test-runner-commands';
import { contrastOf, inked, violations } from '../support/accessibility.js';
import { act, clearPage, mount } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

const LAYOUTS = ['panel', 'bar', 'button', 'floating'];

/** The layouts with a UI. */
function wordsOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll('.vh')) hidden.remove();
  return copy.textContent.trim();
}

describe('Accessibility of VoiceAgentElement', () => {
  afterEach(clearPage);

  for (const layout of LAYOUTS) {
    it(`axe finds nothing in the layout ${layout}, in any state`, async () => {
      for (const [name, scene] of Object.entries(SCENES)) {
        const element = await mount({ layout, open: true, ...(name === 'speaking' ? { muted: true } : {}) });
        await act(element, scene);
        expect(await violations(element), name).to.deep.equal([]);
        element.remove();
      }
    });

    for (const theme of ['light', 'dark']) {
      it(`in the layout ${layout}, texts have a contrast of 4.5 and icons of 3 in the theme ${theme}`, async () => {
        let measured = 0;
        for (const [name, scene] of Object.entries(SCENES)) {
          const element = await mount({
            layout,
            theme,
            open: true,
            ...(name === 'thinking' ? { muted: true } : {}),
          });
          await act(element, scene);
          for (const ink of inked(element)) {
            const words = wordsOf(ink);
            const least = ink.localName === 'button' && !words ? 3 : 4.5;
            expect(contrastOf(ink), `${name}: ${ink.className} "${words}"`).to.be.at.least(least);
            measured++;
          }
          element.remove();
        }
        expect(measured).to.be.at.least(Object.keys(SCENES).length);
      });
    }
  }

  for (const theme of ['light', 'dark'])
    it(`the text of a button has a contrast of 4.5 under the pointer in the theme ${theme}`, async () => {
      for (const layout of ['panel', 'button']) {
        let measured = 0;
        for (const [name, scene] of Object.entries(SCENES)) {
          const element = await mount({ layout, theme });
          await act(element, scene);
          for (const button of inked(element).filter((ink) => ink.matches('button') && wordsOf(ink))) {
            const { left, top, width, height } = button.getBoundingClientRect();
            const centre: [number, number] = [Math.round(left + width / 2), Math.round(top + height / 2)];
            // WebKit notices a new element under the pointer only when the pointer moves.
            await sendMouse({ type: 'move', position: [1, 1] });
            await sendMouse({ type: 'move', position: centre });
            expect(button.matches(':hover'), `${name}: ${button.className}`).to.equal(true);
            inked(element);
            expect(contrastOf(button), `${name}: ${wordsOf(button)}`).to.be.at.least(4.5);
            measured++;
          }
          element.remove();
        }
        expect(measured, layout).to.be.at.least(1);
      }
      await sendMouse({ type: 'move', position: [1, 1] });
    });
});
