import { expect } from 'chai';
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
});
