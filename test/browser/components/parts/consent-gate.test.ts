import { expect } from 'chai';
import { contrastOf, inked, violations } from '../support/accessibility.js';
import { clearPage, find, findAll, mount, nextFrames, textOf } from '../support/mount.js';

describe('Consent', () => {
  afterEach(clearPage);

  // In this order: consent lasts for a visit, and the visit is this file.
  it('is asked for before anything else, in every layout, with the words of the page', async () => {
    for (const layout of ['panel', 'bar', 'button', 'headless']) {
      const element = await mount({ layout, 'require-consent': true });
      const words = document.createElement('p');
      words.slot = 'consent';
      words.textContent = 'We listen.';
      element.append(words);
      const refused = element.start().then(
        () => 'started',
        (error: unknown) => (error as { code: string }).code,
      );
      await element.updateComplete;
      expect(words.checkVisibility(), layout).to.equal(true);
      expect(await violations(element), layout).to.deep.equal([]);
      for (const ink of inked(element))
        expect(contrastOf(ink), `${layout}: ${ink.className}`).to.be.at.least(3);
      expect(element.script.requests).to.deep.equal([]);
      const [, decline] = findAll(element, '.choice button');
      decline!.click();
      expect(await refused).to.equal('stopped');
      await element.updateComplete;
      expect(findAll(element, '.consent').length).to.equal(0);
      expect(element.script.requests).to.deep.equal([]);
      element.remove();
    }
  });

  it('starts the call when it is given, within the click, and is not asked for again', async () => {
    const element = await mount({ 'require-consent': true });
    find(element, '.call').focus();
    find(element, '.call').click();
    find(element, '.call').click();
    await nextFrames();
    expect(element.shadowRoot?.activeElement, 'the question is not missed').to.equal(find(element, '.agree'));
    expect(textOf(find(element, '.consent'))).to.match(/^This conversation uses your microphone\./);
    find(element, '.agree').click();
    expect(element.script.requests).to.deep.equal(['start']);
    await nextFrames();
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.call'));
    const later = await mount({ 'require-consent': true });
    await later.start();
    expect(later.script.requests).to.deep.equal(['start']);
    sessionStorage.removeItem('voice-agent-consent');
  });
});
