/** Before the first sound, the element says that an AI answers (AI Act of the EU, Article 50). */
import { expect } from 'chai';
import { findMessages, LANGUAGES } from '../../../../components/locales/languages.js';
import { act, clearPage, find, findAll, mount, textOf, until } from '../support/mount.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

const WORDS = 'You are talking with an AI.';

/** The visible words of the notice and the caption. */
function shown(element: ScriptedElement): string {
  return findAll(element, '.notice, .caption')
    .filter((node) => node.checkVisibility() && node.getClientRects().length > 0)
    .map(textOf)
    .join(' ');
}

describe('The notice that an AI answers', () => {
  afterEach(clearPage);

  for (const layout of ['panel', 'bar', 'button', 'floating'])
    it(`is visible in the layout ${layout} before the first sound of every call, until something was said`, async () => {
      const element = await mount({ layout, open: '' });
      element.innerHTML = '<p slot="empty">Ask us.</p><b slot="header">Ada</b><i slot="footer">Note</i>';
      if (layout !== 'button') expect(shown(element), 'before').to.contain(WORDS);
      for (const call of [1, 2]) {
        await act(element, (script) => script.enter('connecting'));
        expect(shown(element), `call ${call}`).to.contain(WORDS);
        const live = findAll(element, '[aria-live=polite]').map(({ textContent }) => textContent);
        expect(live, 'and is announced').to.include(WORDS);
        await act(element, (script) => {
          script.enter('listening', 'speaking');
          script.utter({ key: 'a', role: 'agent', text: 'Hello', final: false });
        });
        expect(shown(element), 'there is time to read it').to.contain(layout === 'bar' ? 'Hello' : WORDS);
        await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello.' }));
        expect(shown(element)).not.to.contain(WORDS);
        await act(element, (script) => {
          script.enter('ended');
          script.transcript = [];
        });
      }
    });

  it('exists in every language', async () => {
    const seen = new Set<string>();
    for (const language of LANGUAGES) {
      await until(() => findMessages(language)[0] === language, `${language} is loaded`);
      seen.add(findMessages(language)[1].aiNotice);
    }
    expect(seen.size).to.equal(LANGUAGES.length);
    for (const words of seen) expect(words).to.match(/AI|KI|IA|ذكاء اصطناعي|בינה מלאכותית/);
  });

  it('can be replaced by the page, and removed by an empty text', async () => {
    const element = await mount({ texts: '{"aiNotice":"Ada is a computer."}' });
    expect(shown(element)).to.contain('Ada is a computer.');
    element.texts = { start: 'Call' };
    await element.updateComplete;
    expect(shown(element), 'other texts do not').to.contain(WORDS);
    element.setAttribute('texts', '{"aiNotice"');
    await element.updateComplete;
    expect(shown(element), 'nor does a mistake').to.contain(WORDS);
    element.texts = { aiNotice: '' };
    await element.updateComplete;
    expect(shown(element).trim()).to.equal('');
    expect(find(element, '[part~=ai-notice]').textContent).to.equal('');
  });
});
