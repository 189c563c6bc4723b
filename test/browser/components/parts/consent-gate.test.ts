import { expect } from 'chai';
import { contrastOf, inked, violations } from '../support/accessibility.js';
import { sendKeys } from '@web/test-runner-commands';
import '../../../../components/voice-agent-controls/define.js';
import type { ScriptedElement } from '../support/scripted-agent.js';
import { act, clearPage, find, findAll, mount, nextFrames, textOf, until } from '../support/mount.js';

/** The result of a call that waits for consent. */
function outcome(element: ScriptedElement): Promise<string> {
  return element.start().then(
    () => 'started',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('Consent', () => {
  afterEach(clearPage);

  // The order matters: consent lasts for a visit, and this whole file is one visit.
  it('is requested before anything else, in every layout, with the page’s text', async () => {
    for (const layout of ['panel', 'bar', 'button', 'headless']) {
      const element = await mount({ layout, 'require-consent': true });
      const words = document.createElement('p');
      words.slot = 'consent';
      words.textContent = 'We listen.';
      element.append(words);
      const refused = outcome(element);
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

  it('is declined by Escape, by stop() and by removal, so start() never waits forever', async () => {
    for (const decline of [
      () => sendKeys({ press: 'Escape' }),
      (element: ScriptedElement) => element.stop(),
      (element: ScriptedElement) => {
        element.remove();
        return Promise.resolve();
      },
    ]) {
      const element = await mount({ 'require-consent': true });
      const answer = outcome(element);
      await until(() => findAll(element, '.agree:focus').length === 1, 'it has the focus');
      await decline(element);
      expect(await answer).to.equal('stopped');
      await element.updateComplete;
      expect(findAll(element, '.consent').length).to.equal(0);
      expect(element.script.requests.includes('start')).to.equal(false);
      clearPage();
    }
  });

  it('stays open when the element is moved', async () => {
    const element = await mount({ 'require-consent': true });
    const answer = outcome(element);
    const box = document.createElement('div');
    document.body.append(box);
    box.append(element);
    await nextFrames();
    expect(findAll(element, '.agree').length).to.equal(1);
    void element.stop();
    await answer;
  });

  it('takes the focus, is announced with its text, and returns the focus afterwards', async () => {
    const opener = document.createElement('button');
    const element = await mount({ layout: 'headless', 'require-consent': true, id: 'agent' });
    const controls = document.createElement('voice-agent-controls');
    controls.setAttribute('for', 'agent');
    document.body.append(opener, controls);
    await controls.updateComplete;
    opener.addEventListener('click', () => element.toggle());
    for (const asker of [opener, find(controls, '.call')]) {
      asker.focus();
      asker.click();
      await until(() => findAll(element, '.agree:focus').length === 1, 'it has the focus');
      const question = find(element, '.consent');
      expect(question.role).to.equal('alertdialog');
      expect(textOf(find(element, `#${question.getAttribute('aria-describedby')}`))).to.match(/microphone/);
      await sendKeys({ press: 'Escape' });
      await element.updateComplete;
      expect(asker.matches(':focus'), 'it comes back').to.equal(true);
    }
  });

  it('is scrolled into view, if the page’s own UI is longer than the window', async () => {
    const element = await mount({ layout: 'headless', 'require-consent': true });
    element.innerHTML = '<div style="block-size: 3000px">Talk</div>';
    void outcome(element);
    await until(() => findAll(element, '.agree:focus').length === 1, 'it has the focus');
    await until(() => {
      const { top, bottom } = find(element, '.agree').getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }, 'it is in the window');
    await element.stop();
  });

  it('opens a closed card; closing the card declines', async () => {
    const element = await mount({ layout: 'floating', 'require-consent': true });
    const answer = outcome(element);
    await element.updateComplete;
    expect(element.open).to.equal(true);
    expect(find(element, '.agree').checkVisibility()).to.equal(true);
    find(element, '.close').click();
    expect(await answer).to.equal('stopped');
  });

  it('does not mention the microphone in a text-only call', async () => {
    const element = await mount({ 'input-mode': 'text', 'require-consent': true });
    const answer = outcome(element);
    await element.updateComplete;
    expect(textOf(find(element, '.consent'))).to.match(/^Your messages are sent/);
    void element.stop();
    await answer;
  });

  it('to typed messages is none to the microphone; to the microphone, it is to both', async () => {
    for (const texts of [{}, { consentToText: 'We read it.', consent: 'We hear it.' }]) {
      const element = await mount({
        'input-mode': 'text',
        'require-consent': true,
        texts: JSON.stringify(texts),
      });
      void outcome(element);
      await element.updateComplete;
      find(element, '.agree').click();
      await act(element, (script) => void script.stop());
      expect(element.needsConsent, 'asked once').to.equal(false);
      element.inputMode = 'voice';
      expect(element.needsConsent, 'the microphone').to.equal(true);
      element.remove();
    }
    const listened = await mount({
      'require-consent': true,
      texts: JSON.stringify({ consent: 'We listen and read.' }),
    });
    void outcome(listened);
    await listened.updateComplete;
    find(listened, '.agree').click();
    await act(listened, (script) => void script.stop());
    for (const mode of ['voice', 'text'] as const) {
      listened.inputMode = mode;
      expect(listened.needsConsent, mode).to.equal(false);
    }
    sessionStorage.clear();
  });

  it('starts the call within the click, and is not requested again', async () => {
    const element = await mount({ 'require-consent': true });
    expect(element.needsConsent).to.equal(true);
    find(element, '.call').focus();
    find(element, '.call').click();
    find(element, '.call').click();
    await nextFrames();
    expect(element.shadowRoot?.activeElement, 'the question is not missed').to.equal(find(element, '.agree'));
    expect(textOf(find(element, '.consent'))).to.match(/^This conversation uses your microphone\./);
    find(element, '.agree').click();
    expect(element.needsConsent).to.equal(false);
    expect(element.script.requests).to.deep.equal(['start']);
    await nextFrames();
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.call'));
    const later = await mount({ 'require-consent': true });
    await later.start();
    expect(later.script.requests).to.deep.equal(['start']);
    sessionStorage.removeItem('voice-agent-consent');
  });

  it('to one text does not apply to another, on this page and the next', async () => {
    const withWords = async (text: string) => {
      const element = await mount({ 'require-consent': true });
      const words = document.createElement('p');
      words.slot = 'consent';
      words.textContent = text;
      element.append(words);
      return element;
    };
    const first = await withWords('The shop  listens.');
    const answer = outcome(first);
    await first.updateComplete;
    find(first, '.agree').click();
    expect(await answer).to.equal('started');
    expect((await withWords('The shop listens.')).needsConsent).to.equal(false);
    expect((await withWords('Another firm listens.')).needsConsent).to.equal(true);
    const texts = await mount({ 'require-consent': true, texts: JSON.stringify({ consent: 'We listen.' }) });
    expect(texts.needsConsent).to.equal(true);
    sessionStorage.removeItem('voice-agent-consent:The shop listens.');
  });
});
